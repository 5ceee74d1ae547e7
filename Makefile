# Two commands matter: `make demo` and `make test`. `make help` lists the rest.
PYTHON ?= $(shell command -v python3.11 || command -v python3)
VENV   := .venv
BIN    := $(VENV)/bin
READY  := $(VENV)/.ready
SAMPLE := examples/kestrel-basin-health
# Reports, indexes and caches of the demo.
OUT    := out/demo

export TOKENIZERS_PARALLELISM = false

.PHONY: help demo test lint types layers wheel check examples clean

help:            ## list the targets
	@grep -E '^[a-z]+: .*##' $(MAKEFILE_LIST) | sed -E 's/:.*## /\t/' | expand -t 12

$(READY): pyproject.toml constraints.txt
	$(PYTHON) -c 'import sys; sys.exit(sys.version_info[:2] != (3, 11) and "CPython 3.11 is needed")'
	$(PYTHON) -m venv $(VENV)
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --constraint constraints.txt --editable '.[dev]'
	@touch $@

demo: $(READY)   ## analyze the sample organization and say where the gap report is
	$(BIN)/lhs-evidence analyze $(SAMPLE)/documents --out $(OUT) --organization 'Kestrel Basin Health' --kind hospital

test: $(READY)   ## run all tests, coverage shown
	$(BIN)/python -m pytest -m 'not timing' --numprocesses 2 --dist loadfile --cov --cov-report=term:skip-covered --durations=15
	$(BIN)/python -m pytest -m timing

lint: $(READY)   ## ruff: rules and formatting
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .

types: $(READY)  ## mypy, strict
	$(BIN)/mypy

layers: $(READY) ## imports run one way
	$(BIN)/lint-imports

wheel: $(READY)  ## the wheel holds exactly the four packages, and their data
	$(BIN)/python scripts/check_wheel.py

check: lint types layers wheel ## everything CI checks besides the tests

examples: $(READY) ## rebuild the sample organization's documents from their sources
	$(BIN)/python examples/build.py

clean:           ## remove what can be made again
	rm -rf $(VENV) build dist out .mypy_cache .ruff_cache .pytest_cache .hypothesis .coverage*
