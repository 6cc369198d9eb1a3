# Two commands matter: `make run` and `make test`. Both set up what they need.
PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
PIP := $(BIN)/python -m pip --disable-pip-version-check --quiet --quiet
JOBS ?= auto

export MYPYPATH := shared:services/ingest:services/summarize:services/search:services/standalone

.DEFAULT_GOAL := help
.PHONY: help setup setup-dev run test check format bench bench-search bench-distributed faults fuzz model ranker relate clean

help: ## show this list
	@grep -E '^[a-z-]+:.*##' $(MAKEFILE_LIST) | sed 's/:.*##/\t/' | expand -t 12

setup: $(VENV)/.base ## fill .venv with what `make run` needs

$(VENV)/.base: pyproject.toml constraints.txt
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11) and "Backstory needs Python 3.11 or newer; name one with PYTHON=...")'
	@echo "Setting up $(VENV) (once, about a minute)"
	@$(PYTHON) -m venv $(VENV) || { echo "Python's venv module is missing; on Debian and Ubuntu: apt install python3-venv"; exit 1; }
	@$(PIP) install --constraint constraints.txt --editable .
	@touch $@

setup-dev: $(VENV)/.dev ## fill .venv with what `make test` needs

$(VENV)/.dev: $(VENV)/.base
	@echo "Adding the development tools to $(VENV) (once, a few minutes)"
	@$(PIP) install --constraint constraints.txt --editable '.[dev,distributed,transformers,training,bench]'
	@sh tests/browser/chromium.sh
	@touch $@

run: setup ## start Backstory with the sample archive
	@$(BIN)/backstory serve --sample

test: setup-dev check ## run every test
	$(BIN)/pytest -n $(JOBS) -m "not serial"
	$(BIN)/pytest -m serial

check: setup-dev ## lint, types, arrows
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy
	$(BIN)/lint-imports

format: setup-dev ## put the code into its normal form
	$(BIN)/ruff check --fix .
	$(BIN)/ruff format .

bench: setup-dev ## measure speed and memory, with peers beside
	@$(PIP) install --constraint constraints.txt --editable '.[bench]'
	$(BIN)/python -m benchmarks.run

bench-search: setup-dev ## measure the embedded index up to 100,000 articles
	@$(PIP) install --constraint constraints.txt --editable '.[bench]'
	$(BIN)/python -m benchmarks.search

bench-distributed: setup-dev ## the same on many machines, with servers from pip
	PYTHONPATH=tests $(BIN)/python -m benchmarks.distributed

faults: setup-dev ## kill it at random moments, KILLS times
	$(BIN)/pytest -s -m serial tests/faults --kills $(or $(KILLS),200)

fuzz: setup-dev ## look for new examples that break a property
	$(BIN)/pytest -n $(JOBS) --hypothesis-profile=fuzz -m "not serial" $(shell grep -rl --include='test_*.py' 'from hypothesis' tests)

model: setup-dev ## train the bundled model: make model TEXTS=folder
	@$(PIP) install --constraint constraints.txt --editable '.[training]'
	$(BIN)/python -m training.make_model $(TEXTS)

relate: setup-dev ## learn what makes articles related: make relate TEXTS=folder
	$(BIN)/python -m training.ordinary $(TEXTS)
	$(BIN)/python -m training.relate $(TEXTS)

ranker: setup-dev ## train the summary ranker: make ranker TEXTS=folder
	@$(PIP) install --constraint constraints.txt --editable '.[eval]'
	$(BIN)/python -m training.make_ranker $(TEXTS)

clean: ## remove .venv and caches; never the data folder
	rm -rf $(VENV) .pytest_cache .mypy_cache .ruff_cache .hypothesis .import_linter_cache
