# `make run` shows Peluit with a demonstration inspectorate; `make test` checks everything. The rest is for developers.
SHELL := /bin/bash
.DEFAULT_GOAL := run
.PHONY: run dev test test-long lint bench pictures pins clean

PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
# uv is ten times as quick as pip and used when it is there; both check every hash.
UV := $(shell command -v uv 2>/dev/null)
PIP := $(BIN)/python -m pip install --quiet --disable-pip-version-check --require-hashes
# One more than two cores: tests that wait for a browser or a disk leave theirs to others.
WORKERS ?= 3

run: $(VENV)/.run
	@PELUIT_DEMO=1 $(BIN)/flask --app wsgi peluit start

# Reloads on change; its own data folder, and logins that are always the same.
dev: $(VENV)/.run
	@export PELUIT_DEMO=1 PELUIT_DEMO_FIXED=1 PELUIT_DATA_DIR="$${PELUIT_DATA_DIR:-data-dev}"; \
	$(BIN)/flask --app wsgi peluit prepare-demo && \
	$(BIN)/flask --app wsgi run --debug --port "$${PORT:-8080}"

test: $(VENV)/.test lint
	@tests/system-packages.sh
	$(BIN)/python -m pytest -n $(WORKERS) --dist loadfile --no-loadscope-reorder --durations=10

# As `make test`, with hundreds of kills and more examples of everything that is drawn at random. An hour.
test-long: $(VENV)/.test lint
	@tests/system-packages.sh
	PELUIT_LONG=1 $(BIN)/python -m pytest -n $(WORKERS) --dist loadfile --no-loadscope-reorder --durations=25

lint: $(VENV)/.test
	$(BIN)/ruff check .
	$(BIN)/mypy
	$(BIN)/lint-imports --no-cache
	$(BIN)/deptry .

# Figures with their budgets, a line each; compare them within one run only. One area: python -m bench intake
bench: $(VENV)/.test
	@tests/system-packages.sh
	$(BIN)/python -m bench

# The pictures of README, taken of the running demonstration.
pictures: $(VENV)/.test
	@tests/system-packages.sh
	$(BIN)/python -m tests.browser.pictures docs/pictures

# Pin the newest releases of what pyproject.toml names; needs uv.
pins:
	uv pip compile pyproject.toml -q --upgrade --universal --generate-hashes --no-emit-index-url --no-header --no-annotate \
	    -o requirements.txt
	uv pip compile pyproject.toml -q --upgrade --universal --generate-hashes --no-emit-index-url --no-header --no-annotate \
	    --extra test -c requirements.txt -o tests/requirements.txt

clean:
	rm -rf $(VENV) data-dev .mypy_cache .ruff_cache

$(VENV)/bin/python:
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' || \
	    { echo "Peluit needs Python 3.11 or newer: set PYTHON=/path/to/python3 and try again."; exit 1; }
	@$(PYTHON) -m venv $(VENV) || { echo "python3 cannot make an environment: install python3-venv."; exit 1; }

# A stamp that is older than its list of hashes means: install again.
$(VENV)/.run: requirements.txt | $(VENV)/bin/python
	@echo "Installing what Peluit needs (once) ..."
ifneq ($(UV),)
	@$(UV) pip install --quiet --python $(BIN)/python --require-hashes -r $<
else
	@$(PIP) -r $<
endif
	@touch $@

$(VENV)/.test: tests/requirements.txt $(VENV)/.run
ifneq ($(UV),)
	@$(UV) pip install --quiet --python $(BIN)/python --require-hashes -r $<
else
	@$(PIP) -r $<
endif
	@touch $@
