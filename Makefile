# The commands of the project; CI runs the same ones. `make help` lists them.
VENV := .venv
BIN := $(VENV)/bin
PORT ?= 8501
# The first of these that is new enough; `make PYTHON=/path/to/python` chooses another.
PYTHON ?= $(shell for name in python3 python3.13 python3.12 python3.11; do \
	$$name -c 'import sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null && echo $$name && break; done)
READY := $(VENV)/.ready
SETUP_MB := 4000

.DEFAULT_GOAL := help
.PHONY: help run setup test lint types unit format benchmark doctor evaluate train index clean benchmark-written benchmark-page

help: ## list these commands
	@awk -F ':.*## ' '/^[a-z-]+:.*## /{printf "make %-17s %s\n", $$1, $$2}' $(MAKEFILE_LIST)

run: $(READY) ## set up, index the articles and open the chat (PORT=8501, CORPUS=folder)
	@$(BIN)/sourceline chat --port $(PORT) $(if $(CORPUS),--corpus "$(CORPUS)")

test: $(READY) lint types unit ## set up and pass every check: style, types, tests

lint: $(READY) ## check style
	@$(BIN)/ruff check .
	@$(BIN)/ruff format --check .

types: $(READY) ## check types
	@$(BIN)/mypy

unit: $(READY) ## run the tests
	@HF_HUB_OFFLINE=1 $(BIN)/pytest --numprocesses 2 --dist loadfile --no-loadscope-reorder $(ARGS)

format: $(READY) ## put the code into its style
	@$(BIN)/ruff check --fix . ; $(BIN)/ruff format .

benchmark: $(READY) ## measure speed against plain encoding (ARGS="--articles DIR --sample 500")
	@HF_HUB_OFFLINE=1 $(BIN)/python tests/benchmark.py $(ARGS)

benchmark-written: $(READY) ## measure how soon the first sentence of a written answer stands on the page
	@HF_HUB_OFFLINE=1 $(BIN)/python -m tests.benchmark_written

benchmark-page: $(READY) ## measure how soon the page answers a hand, and how it opens over 5,800 articles
	@HF_HUB_OFFLINE=1 $(BIN)/python -m tests.benchmark_page $(ARGS)

evaluate: $(READY) ## measure the pipeline on SOURCELINE_BENCHMARKS, and write docs/scoreboard.* (ARGS="--sample 50")
	@HF_HUB_OFFLINE=1 $(BIN)/python -m lab --out docs $(ARGS)

train: $(READY) ## teach the reader from E5=file on SOURCELINE_BENCHMARKS and SOURCELINE_TRAINING
	@HF_HUB_OFFLINE=1 $(BIN)/python -m lab.train "$(E5)" $(OUT)

index: $(READY) ## bring the index up to the articles
	@$(BIN)/sourceline index $(if $(CORPUS),--corpus "$(CORPUS)")

doctor: $(READY) ## say what this machine lacks
	@$(BIN)/sourceline doctor

setup: $(READY) ## set up .venv with the pinned packages

$(READY): pyproject.toml constraints.txt
	@test -n "$(PYTHON)" || { echo "Python 3.11 or newer is needed; none of python3, python3.13, \
	python3.12, python3.11 is. Install one, or run make PYTHON=/path/to/python."; exit 1; }
	@free=$$(df -Pm . | awk 'NR==2 {print $$4}'); test -d $(VENV) || test "$$free" -ge $(SETUP_MB) || \
	{ echo "Setting up takes $(SETUP_MB) MB; $$free MB are free here. Make room first."; exit 1; }
	@"$(PYTHON)" -c 'import ensurepip, venv' 2>/dev/null || \
	{ echo "$(PYTHON) has no venv module; install it (Debian: apt install python3-venv)."; exit 1; }
	@echo "Setting up $(VENV) with $$("$(PYTHON)" --version); the first time this takes some minutes ..."
	@test -x $(BIN)/python || "$(PYTHON)" -m venv $(VENV)
	@$(BIN)/python -m pip install --quiet --disable-pip-version-check \
	--constraint constraints.txt --progress-bar on --no-compile --editable '.[dev]'
	@# Compiled here on all cores; pip would do it on one. What ships for other Pythons cannot be.
	@$(BIN)/python -m compileall -q -j 0 $(VENV)/lib >/dev/null 2>&1 || true
	@touch $@

clean: ## remove .venv and what the checks left behind
	@rm -rf $(VENV) .mypy_cache .ruff_cache .pytest_cache .hypothesis build dist
