# `make` lists the targets. On Windows use `.\make.ps1` with the same words.
SHELL := /bin/bash
.DEFAULT_GOAL := help
MAKEFLAGS += --no-builtin-rules

VENV ?= .venv
REGION ?=
OUT ?= maps$(if $(filter-out hubaoewu,$(REGION)),-$(REGION))
STUDY ?=
BIN := $(VENV)/bin
STAMP := $(VENV)/.installed
# Bytecode is kept even where the environment says otherwise: without it every process of a test compiles all of us again.
export PYTHONDONTWRITEBYTECODE :=
# Two processes, whole files, the costly ones first (tests/spread.py).
SPREAD := -n 2 --dist loadfile

# The newest Python the code is tested with comes last: the pinned versions were chosen on 3.11.
PYTHON ?= $(shell for p in python3.11 python3.12 python3.13 python3 python; do \
	"$$p" -c 'import sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null && { echo "$$p"; break; }; done)

.PHONY: help
help: ## List the targets
	@awk -F ':.*## ' '/^[a-z-]+:.*## / {printf "  make %-13s %s\n", $$1, $$2}' $(firstword $(MAKEFILE_LIST))

.PHONY: venv
venv: $(STAMP) ## Create .venv and install what the project needs (other targets do it by themselves)

$(STAMP): pyproject.toml constraints.txt
	@if [ ! -x "$(BIN)/python" ]; then \
		[ -n "$(PYTHON)" ] || { echo "make: no Python 3.11 or newer was found; install one or say make PYTHON=/path/to/python" >&2; exit 1; }; \
		echo "creating $(VENV) with $(PYTHON)"; \
		"$(PYTHON)" -m venv "$(VENV)" || { echo "make: '$(PYTHON) -m venv' failed (on Debian: apt-get install python3-venv)" >&2; rm -rf "$(VENV)"; exit 1; }; \
	fi
	"$(BIN)/python" -m pip install -qq --disable-pip-version-check -c constraints.txt -e ".[dev,distributed]"
	@"$(BIN)/python" -m compileall -qq -j 2 "$(VENV)" transit_model || true
	@touch "$@"

.PHONY: run
run: $(STAMP) ## The main job: every scenario and goal of the default study, maps into maps/ (REGION=taixin: maps-taixin/)
	@echo "首次运行约一至两分钟(含编译),以后约半分钟。The first run takes a minute or two, as it compiles its code once; later ones half a minute."
	"$(BIN)/transit-model" run $(STUDY) $(if $(REGION),--region "$(REGION)") --out "$(OUT)" $(ARGS)

.PHONY: test
test: $(STAMP) ## The tests (offline; add ARGS="-k name" to choose)
	"$(BIN)/pytest" -q $(SPREAD) $(ARGS)

.PHONY: smoke
smoke: $(STAMP) ## An answer in half a minute: imports, walls, one search, one verdict, one command, one page
	"$(BIN)/pytest" -q $(SPREAD) -m smoke $(ARGS)

.PHONY: test-long
test-long: $(STAMP) ## The properties again, each on all its examples
	HYPOTHESIS_PROFILE=long "$(BIN)/pytest" -q $(SPREAD) -m "hypothesis and not bench and not network" $(ARGS)

.PHONY: test-slow
test-slow: $(STAMP) ## The slow tests: kills, full disks, compiling ahead, real feeds
	"$(BIN)/pytest" -q $(SPREAD) -m "slow and not bench and not network" $(ARGS)

.PHONY: test-all
test-all: $(STAMP) ## The tests, the slow ones too
	"$(BIN)/pytest" -q $(SPREAD) -m "not bench and not network" $(ARGS)

.PHONY: check
check: $(STAMP) ## Style, formatting, types and the import contract
	"$(BIN)/ruff" check .
	"$(BIN)/ruff" format --check .
	"$(BIN)/mypy"
	"$(BIN)/lint-imports"

.PHONY: format
format: $(STAMP) ## Rewrite the code in the house style
	"$(BIN)/ruff" check --fix-only --quiet .
	"$(BIN)/ruff" format .

.PHONY: golden
golden: $(STAMP) ## Write the golden numbers, the README's verdict table and the digest of a run anew; review the diff
	"$(BIN)/python" -m tests.tools.refresh_golden
	"$(BIN)/python" -m tests.golden
	"$(BIN)/python" -m tests.tools.refresh_readme
	"$(BIN)/transit-model" run --out build/golden
	"$(BIN)/python" -m tests.tools.refresh_digest build/golden

.PHONY: studio
studio: $(STAMP) ## Start the studio and open it in a browser of this machine
	"$(BIN)/transit-model" studio $(ARGS)

.PHONY: bench
bench: $(STAMP) ## Measure times against the peers that are installed; tables, and JSON in build/bench
	"$(BIN)/python" -m pytest -q -m bench -s $(ARGS)

.PHONY: bench-page
bench-page: $(STAMP) ## Take the results of the last make bench over and write BENCHMARKS.md anew
	"$(BIN)/python" -m tests.bench.report --take

.PHONY: screenshots
screenshots: run ## Open every page of maps/ in headless Chromium without a network and photograph it into build/screenshots
	"$(BIN)/python" -m tests.tools.open_pages "$(OUT)" --screenshots build/screenshots

.PHONY: gallery
gallery: run ## Write a gallery of four pages into maps/gallery, from the default study
	"$(BIN)/python" -m tests.tools.refresh_gallery "$(OUT)"

.PHONY: pictures
pictures: run ## Photograph the pages that the README shows into maps/pictures, in headless Chromium
	"$(BIN)/python" -m tests.tools.refresh_pictures "$(OUT)"

.PHONY: data
data: $(STAMP) ## Check the region packs against their manifests
	"$(BIN)/transit-model" data verify
	"$(BIN)/transit-model" data verify --region taixin

.PHONY: data-build
data-build: $(STAMP) ## Write the region packs anew from data/sources, byte for byte (REGION=taixin for one)
	@for region in $(or $(REGION),$(notdir $(patsubst %/region.yaml,%,$(wildcard data/*/region.yaml)))); do \
		"$(BIN)/python" -B data/build "$$region" || exit 1; \
	done

.PHONY: docs
docs: $(VENV)/.docs ## Write the documentation into build/docs, both languages, notebooks run; every link is checked
	"$(BIN)/python" docs/build.py build/docs
	"$(BIN)/python" -m tests.tools.check_site build/docs

$(VENV)/.docs: $(STAMP)
	"$(BIN)/python" -m pip install -qq --disable-pip-version-check -c constraints.txt -e ".[docs]"
	@touch "$@"

.PHONY: release-check
release-check: $(STAMP) ## Build sdist and wheel into dist/, check their descriptions and versions, try the wheel on each Python here
	"$(BIN)/python" -m pip install -qq --disable-pip-version-check -c constraints.txt -e ".[release]"
	.ci/release "$(BIN)/python"

.PHONY: lock
lock: $(STAMP) ## Write constraints.txt anew from pyproject.toml
	"$(BIN)/python" -m pip install --quiet uv
	@head -2 constraints.txt > constraints.new
	"$(BIN)/uv" pip compile pyproject.toml --extra dev --extra distributed --extra studio --extra notebook \
		--extra docs --extra release --universal --python-version 3.11 \
		--no-emit-index-url --no-emit-find-links --no-annotate --no-header --quiet >> constraints.new
	@mv constraints.new constraints.txt

.PHONY: lower-bounds
lower-bounds: ## Run the tests with the oldest versions pyproject.toml allows, in a venv of its own
	@$(MAKE) --no-print-directory venv
	"$(BIN)/python" -m pip install --quiet uv
	@mkdir -p build
	"$(BIN)/uv" venv --quiet --clear --python "$(BIN)/python" build/lower-bounds
	"$(BIN)/uv" pip install --quiet --python build/lower-bounds/bin/python --resolution lowest-direct -e ".[dev]"
	build/lower-bounds/bin/pytest -q $(ARGS)

.PHONY: clean
clean: ## Remove what the other targets made, .venv and the maps excepted
	rm -rf build dist .pytest_cache .mypy_cache .ruff_cache .hypothesis .import_linter_cache .coverage constraints.new
	find transit_model tests data -name __pycache__ -type d -prune -exec rm -rf {} +
