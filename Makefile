# make run: cleans seeds/ into out/.  make test: everything that CI checks.  Both set up .venv themselves; nothing global is touched.
# make forms: what the rule tables hold and what is derived from them, kept beside them; to be made again when a table has changed.

PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
PIP := $(BIN)/python -m pip --disable-pip-version-check -q

.PHONY: run test forms lint types check clean

run: $(VENV)/.installed
	$(BIN)/dechrome run --config config/seeds.toml

test: $(VENV)/.installed-dev
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy
	$(BIN)/pytest -q -n 2

forms: $(VENV)/.installed
	$(BIN)/python -c 'from pipeline.knowledge import keep_tables; keep_tables()'

$(BIN)/python:
	@$(PYTHON) -c 'import sys; sys.exit(not (3, 11) <= sys.version_info[:2] < (3, 14))' || \
	  { echo "dechrome needs Python 3.11, 3.12 or 3.13, and $(PYTHON) is another: make PYTHON=/path/to/python3.11 …" >&2; exit 1; }
	$(PYTHON) -m venv $(VENV)

$(VENV)/.installed: $(BIN)/python pyproject.toml constraints.txt
	$(PIP) install -c constraints.txt -e .
	@touch $@

$(VENV)/.installed-dev: $(BIN)/python pyproject.toml constraints.txt
	$(PIP) install -c constraints.txt -e '.[dev]'
	@touch $@ $(VENV)/.installed

clean:
	rm -rf $(VENV) .dechrome out dist build
