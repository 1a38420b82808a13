# What a person wants from a clone, each in one word. `make` alone lists them.
#
#   make demo PYTHON=python3.12      with another interpreter
#   make test CONSTRAINTS=           with the newest versions instead of the tried ones
#
# Every path is relative, so the clone may lie in a folder with spaces in its name.

SHELL := bash
.SHELLFLAGS := -eu -o pipefail -c
.DELETE_ON_ERROR:
.DEFAULT_GOAL := help

PYTHON ?= python3
VENV ?= .venv
CONSTRAINTS ?= -c constraints.txt
PYTEST_FLAGS ?=
# Tests are made for two workers; more gain little, as many of them use threads themselves.
WORKERS ?= 2

BIN := $(VENV)/bin
PIP := "$(BIN)/python" -m pip --disable-pip-version-check
# Pytest's exit code 5 says that no test was selected, which is no failure here.
PYTEST = "$(BIN)/python" -m pytest $(PYTEST_FLAGS)
OR_NONE = || [ $$? -eq 5 ]

.PHONY: help demo test fast slow notebooks install lint format docs docs-tables goldens experiments bench clean distclean

help:  ## list what can be made
	@grep -hE '^[a-z-]+:.*##' Makefile | sed -E 's/:[^#]*## */\t/' | expand -t 14

demo: $(VENV)/.installed  ## compare four loyalty designs on a real coffee category; says where the report is
	"$(BIN)/goodwill" demo

test: fast slow notebooks  ## run every test

fast: $(VENV)/.installed-test  ## run the fast tests, in parallel
	$(PYTEST) -n $(WORKERS) --dist loadfile \
	    -m "not (slow or statistical or data or browser or notebook)" tests $(OR_NONE)

# A browser and a notebook's kernel need the machine for themselves.
slow: $(VENV)/.installed-test
	$(PYTEST) -n $(WORKERS) --dist loadfile \
	    -m "(slow or statistical or data) and not (browser or notebook)" tests $(OR_NONE)
	$(PYTEST) -m "browser or notebook" tests $(OR_NONE)

notebooks: $(VENV)/.installed-test  ## execute every notebook
	if compgen -G "notebooks/*.ipynb" >/dev/null; then \
	    $(PYTEST) --nbmake --nbmake-timeout=600 notebooks; fi

install: $(VENV)/.installed-dev  ## install everything a developer needs into .venv

lint: $(VENV)/.installed-lint  ## check style and types
	"$(BIN)/ruff" check .
	"$(BIN)/ruff" format --check .
	"$(BIN)/mypy"

format: $(VENV)/.installed-lint  ## put the code into shape
	"$(BIN)/ruff" check --fix .
	"$(BIN)/ruff" format .

docs: $(VENV)/.installed-test  ## render docs/ as HTML with its equations into build/docs
	"$(BIN)/python" docs/make_pages.py

docs-tables: $(VENV)/.installed  ## write the tables of docs/ anew from the code and from results/
	"$(BIN)/python" docs/make_tables.py

goldens: $(VENV)/.installed-test  ## accept today's results as the goldens; look at the difference before you commit
	"$(BIN)/python" tests/update_goldens.py

experiments: $(VENV)/.installed  ## run every experiment and refresh its answer and results/: under an hour on two processors
	"$(BIN)/python" experiments/four-designs/run.py
	"$(BIN)/python" experiments/remake.py
	"$(BIN)/python" docs/make_tables.py

bench: $(VENV)/.installed-test  ## measure the speed, as ratios to the baselines
	"$(BIN)/python" -m benchmarks.run
	"$(BIN)/python" -m benchmarks.overhead

clean:  ## remove caches and raw runs
	rm -rf .mypy_cache .pytest_cache .ruff_cache .hypothesis build dist
	find . -path "./$(VENV)" -prune -o \( -name __pycache__ -o -name .ipynb_checkpoints \) -type d -print0 \
	    | xargs -0 rm -rf
	find results -name runs -type d -print0 2>/dev/null | xargs -0 rm -rf || true

distclean: clean  ## remove the environment too
	rm -rf "$(VENV)"

# --- The environment. A stamp file per set of extras: a second `make` installs nothing. ---

$(VENV)/pyvenv.cfg:
	@"$(PYTHON)" -c 'import sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null || { \
	    found=$$("$(PYTHON)" --version 2>/dev/null) || found="missing or does not run"; \
	    echo "goodwill needs Python 3.11 or newer; '$(PYTHON)' is: $$found." >&2; \
	    echo "Name another one:  make $(or $(MAKECMDGOALS),demo) PYTHON=python3.12" >&2; exit 2; }
	@"$(PYTHON)" -c 'import ensurepip, venv' 2>/dev/null || { \
	    echo "'$(PYTHON)' comes without its venv module; on Debian and Ubuntu: apt install python3-venv" >&2; exit 2; }
	"$(PYTHON)" -m venv "$(VENV)"

REQUIREMENTS := $(VENV)/pyvenv.cfg pyproject.toml constraints.txt

$(VENV)/.installed: $(REQUIREMENTS)
	$(PIP) install --quiet $(CONSTRAINTS) -e .
	@touch "$@"

$(VENV)/.installed-test: $(REQUIREMENTS)
	$(PIP) install --quiet $(CONSTRAINTS) -e '.[test]'
	@touch "$@" "$(VENV)/.installed"

$(VENV)/.installed-lint: $(REQUIREMENTS)
	$(PIP) install --quiet $(CONSTRAINTS) -e '.[lint]'
	@touch "$@" "$(VENV)/.installed"

$(VENV)/.installed-dev: $(REQUIREMENTS)
	$(PIP) install --quiet $(CONSTRAINTS) -e '.[dev]'
	@touch "$@" "$(VENV)/.installed" "$(VENV)/.installed-test" "$(VENV)/.installed-lint"
