"""One configuration for both languages; `docs/build.py` says which is built."""

from __future__ import annotations

import os
import sys
from importlib.metadata import version as find_version
from pathlib import Path

project = "transit-model"
author = "The transit-model developers"
release = version = find_version("transit-model")
language = os.environ.get("DOCS_LANGUAGE", "en")

extensions = ["myst_nb", "sphinx.ext.autodoc", "sphinx.ext.napoleon"]
if language.startswith("zh"):
    sys.path.insert(0, str(Path(__file__).parent))
    extensions.append("chinese_search")
myst_enable_extensions = ["colon_fence"]
myst_heading_anchors = 4
nb_execution_mode = "off"  # build.py has executed them, with the warnings of the code as errors
nb_merge_streams = True
napoleon_google_docstring = False
autodoc_typehints = "description"
autodoc_member_order = "bysource"
autodoc_type_aliases = {"ProjectInput": "str, path or mapping"}

html_theme = "furo"
html_title = "transit-model"
html_show_sphinx = False
html_show_copyright = False  # there is no holder to name beside the authors; the licence is a chapter
html_copy_source = False
# Pages open from a folder, with the network cable out: nothing is loaded from elsewhere.
html_permalinks_icon = "#"
html_show_search_summary = False  # a page opened from a folder may not read the others
templates_path: list[str] = []
exclude_patterns: list[str] = []
# Tables of the pages that the repository shares are written for its reader on the web.
suppress_warnings = ["myst.header", "misc.highlighting_failure"]
