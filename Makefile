PYTHON ?= python3
VENV ?= .venv
BIN = $(VENV)/bin

run: $(VENV)/ready            ## the main job on real data
	@$(BIN)/anello run examples/nhs/chain.yaml

test: $(VENV)/ready-test      ## every test that needs no extra server
	OPENBLAS_NUM_THREADS=1 $(BIN)/python -m pytest -n auto --dist loadfile --no-loadscope-reorder

lint: $(VENV)/ready-test      ## style, types, floors
	$(BIN)/ruff check . && $(BIN)/ruff format --check . && $(BIN)/mypy && $(BIN)/lint-imports

bench: $(VENV)/ready-test     ## speed beside the peers, in one run
	$(BIN)/pip install --quiet --disable-pip-version-check -e '.[bench]'
	$(BIN)/python benchmarks/mixed_models.py
	$(BIN)/python benchmarks/two_level_sem.py --rows 1e6
	$(BIN)/python benchmarks/two_level_sem.py --rows 1e7
	$(BIN)/python benchmarks/drivers.py
	$(BIN)/python benchmarks/meta_speed.py

$(VENV)/ready: pyproject.toml
	@$(PYTHON) -c 'import sys; sys.exit("Anello needs Python 3.11 or newer; try: make run PYTHON=python3.12" if sys.version_info < (3, 11) else 0)'
	@echo "Preparing $(VENV), once ..."
	@$(PYTHON) -m venv $(VENV)
	@$(BIN)/python -m pip install --quiet --disable-pip-version-check --only-binary :all: -e .
	@touch $@

$(VENV)/ready-test: $(VENV)/ready
	@$(BIN)/python -m pip install --quiet --disable-pip-version-check --only-binary :all: -e '.[test]'
	@touch $@

.PHONY: run test lint bench
