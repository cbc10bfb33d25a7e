# The Makefile's targets, those of a release excepted, for Windows PowerShell 5.1 and newer:  .\make.ps1 run
# If scripts are blocked:  powershell -ExecutionPolicy Bypass -File make.ps1 run
param(
    [Parameter(Position = 0)][string]$Target = "help",
    [Parameter(Position = 1, ValueFromRemainingArguments = $true)][string[]]$Rest = @()
)
$ErrorActionPreference = "Stop"
$env:PYTHONUTF8 = "1" # Chinese text in consoles and pipes
Set-Location $PSScriptRoot

$Bin = Join-Path $PSScriptRoot ".venv\Scripts"
$Stamp = Join-Path $PSScriptRoot ".venv\.installed"
$Spread = @("-n", "2", "--dist", "loadfile")

function Invoke-Step {
    # Run a program and stop with its exit code when it fails.
    param([string]$Program, [string[]]$Arguments)
    & $Program @Arguments
    if ($LASTEXITCODE -ne 0) { exit $LASTEXITCODE }
}

function Find-Python {
    # The command (a list: program, then arguments) of a Python that is 3.11 or newer.
    $test = "import sys; sys.exit(sys.version_info < (3, 11))"
    foreach ($candidate in @(@("py", "-3.11"), @("py", "-3.12"), @("py", "-3.13"), @("py", "-3"), @("python"), @("python3"))) {
        if (-not (Get-Command $candidate[0] -ErrorAction SilentlyContinue)) { continue }
        $extra = @($candidate | Select-Object -Skip 1)
        # A missing version makes the launcher write to stderr, which PowerShell would take for an error.
        $ErrorActionPreference = "Continue"
        & $candidate[0] @extra -c $test 2>$null | Out-Null
        $ErrorActionPreference = "Stop"
        if ($LASTEXITCODE -eq 0) { return , $candidate }
    }
    Write-Host "make: no Python 3.11 or newer was found; install one from python.org or the Microsoft Store"
    exit 1
}

function Install-Venv {
    $fresh = (Test-Path $Stamp) -and -not (Get-ChildItem pyproject.toml, constraints.txt |
        Where-Object { $_.LastWriteTime -gt (Get-Item $Stamp).LastWriteTime })
    if ($fresh) { return }
    if (-not (Test-Path (Join-Path $Bin "python.exe"))) {
        $python = Find-Python
        $extra = @($python | Select-Object -Skip 1)
        Write-Host "creating .venv with $python"
        Invoke-Step $python[0] ($extra + @("-m", "venv", ".venv"))
    }
    Invoke-Step "$Bin\python.exe" @("-m", "pip", "install", "--quiet", "--disable-pip-version-check", "-c", "constraints.txt", "-e", ".[dev,distributed]")
    # Where PYTHONDONTWRITEBYTECODE is set there is no bytecode, and every start would compile all libraries again.
    & "$Bin\python.exe" -m compileall -qq .venv transit_model
    New-Item -ItemType File -Force $Stamp | Out-Null
    (Get-Item $Stamp).LastWriteTime = Get-Date
}

switch ($Target) {
    "venv"  { Install-Venv }
    "run"   { Install-Venv; Write-Host "The first run takes a minute or two, as it compiles its code once; later ones half a minute."; Invoke-Step "$Bin\transit-model.exe" (@("run") + $Rest) }
    "test"  { Install-Venv; Invoke-Step "$Bin\pytest.exe" (@("-q") + $Spread + $Rest) }
    "smoke" { Install-Venv; Invoke-Step "$Bin\pytest.exe" (@("-q") + $Spread + @("-m", "smoke") + $Rest) }
    "test-long" {
        Install-Venv
        $env:HYPOTHESIS_PROFILE = "long"
        try { Invoke-Step "$Bin\pytest.exe" (@("-q") + $Spread + @("-m", "hypothesis and not bench and not network") + $Rest) }
        finally { Remove-Item Env:HYPOTHESIS_PROFILE }
    }
    "test-slow" { Install-Venv; Invoke-Step "$Bin\pytest.exe" (@("-q") + $Spread + @("-m", "slow and not bench and not network") + $Rest) }
    "test-all"  { Install-Venv; Invoke-Step "$Bin\pytest.exe" (@("-q") + $Spread + @("-m", "not bench and not network") + $Rest) }
    "check" {
        Install-Venv
        Invoke-Step "$Bin\ruff.exe" @("check", ".")
        Invoke-Step "$Bin\ruff.exe" @("format", "--check", ".")
        Invoke-Step "$Bin\mypy.exe" @()
        Invoke-Step "$Bin\lint-imports.exe" @()
    }
    "format" {
        Install-Venv
        Invoke-Step "$Bin\ruff.exe" @("check", "--fix-only", "--quiet", ".")
        Invoke-Step "$Bin\ruff.exe" @("format", ".")
    }
    "docs"  {
        Install-Venv
        Invoke-Step "$Bin\python.exe" @("-m", "pip", "install", "--quiet", "--disable-pip-version-check", "-c", "constraints.txt", "-e", ".[docs]")
        Invoke-Step "$Bin\python.exe" @("docs\build.py", "build\docs")
        Invoke-Step "$Bin\python.exe" @("-m", "tests.tools.check_site", "build\docs")
    }
    "studio" { Install-Venv; Invoke-Step "$Bin\transit-model.exe" (@("studio") + $Rest) }
    "bench" { Install-Venv; Invoke-Step "$Bin\pytest.exe" (@("-q", "-m", "bench", "-s") + $Rest) }
    "bench-page" { Install-Venv; Invoke-Step "$Bin\python.exe" @("-m", "tests.bench.report", "--take") }
    "golden" {
        Install-Venv
        Invoke-Step "$Bin\python.exe" @("-m", "tests.tools.refresh_golden")
        Invoke-Step "$Bin\python.exe" @("-m", "tests.golden")
        Invoke-Step "$Bin\python.exe" @("-m", "tests.tools.refresh_readme")
        Invoke-Step "$Bin\transit-model.exe" @("run", "--out", "build\golden")
        Invoke-Step "$Bin\python.exe" @("-m", "tests.tools.refresh_digest", "build\golden")
    }
    "data" { Install-Venv; Invoke-Step "$Bin\transit-model.exe" @("data", "verify"); Invoke-Step "$Bin\transit-model.exe" @("data", "verify", "--region", "taixin") }
    "data-build" { Install-Venv; Invoke-Step "$Bin\python.exe" @("-B", "data/build", "hubaoewu"); Invoke-Step "$Bin\python.exe" @("-B", "data/build", "taixin") }
    "screenshots" {
        Install-Venv
        Invoke-Step "$Bin\transit-model.exe" @("run", "--out", "maps")
        Invoke-Step "$Bin\python.exe" @("-m", "tests.tools.open_pages", "maps", "--screenshots", "build\screenshots")
    }
    "gallery" {
        Install-Venv
        Invoke-Step "$Bin\transit-model.exe" @("run", "--out", "maps")
        Invoke-Step "$Bin\python.exe" @("-m", "tests.tools.refresh_gallery", "maps")
    }
    "pictures" {
        Install-Venv
        Invoke-Step "$Bin\transit-model.exe" @("run", "--out", "maps")
        Invoke-Step "$Bin\python.exe" @("-m", "tests.tools.refresh_pictures", "maps")
    }
    "clean" {
        foreach ($name in "build", "dist", ".pytest_cache", ".mypy_cache", ".ruff_cache", ".hypothesis", ".import_linter_cache") {
            if (Test-Path $name) { Remove-Item -Recurse -Force $name }
        }
    }
    "help"  {
        Write-Host "  .\make.ps1 venv     create .venv and install what the project needs (the others do it by themselves)"
        Write-Host "  .\make.ps1 run      the main job: every scenario and goal of the default study, maps into maps\"
        Write-Host "  .\make.ps1 test     the tests"
        Write-Host "  .\make.ps1 smoke    an answer in half a minute: imports, walls, one search, one verdict, one command, one page"
        Write-Host "  .\make.ps1 test-long   the properties again, each on all its examples"
        Write-Host "  .\make.ps1 test-slow   the slow tests: kills, full disks, compiling ahead, real feeds"
        Write-Host "  .\make.ps1 test-all    the tests, the slow ones too"
        Write-Host "  .\make.ps1 check    style, formatting, types and the import contract"
        Write-Host "  .\make.ps1 format   rewrite the code in the house style"
        Write-Host "  .\make.ps1 studio   start the studio in a browser of this machine"
        Write-Host "  .\make.ps1 docs     write the documentation into build\docs, both languages, its notebooks run"
        Write-Host "  .\make.ps1 golden   write the golden numbers, the README's verdict table and the digest of a run anew"
        Write-Host "  .\make.ps1 data     check the region packs against their manifests"
        Write-Host "  .\make.ps1 data-build  write the region packs anew from data/sources"
        Write-Host "  .\make.ps1 screenshots  open every page of maps\ in headless Chromium without a network and photograph it"
        Write-Host "  .\make.ps1 gallery  write a gallery of four pages into maps\gallery, from the default study"
        Write-Host "  .\make.ps1 pictures photograph the pages that the README shows into maps\pictures"
        Write-Host "  .\make.ps1 bench    measure times against the peers that are installed"
        Write-Host "  .\make.ps1 bench-page  take the results of the last bench over and write BENCHMARKS.md"
        Write-Host "  .\make.ps1 clean    remove what the others made"
    }
    default { Write-Host "make: no target '$Target'; say .\make.ps1 help"; exit 2 }
}
