# One verb a chore. Everything is installed into .venv in this folder and indexed into .okr.

PYTHON ?= python3
BIN := .venv/bin
UV := $(BIN)/uv
INSTALL := install --no-deps --require-hashes --quiet
# Compiled once here, so that no later start pays for it, wherever bytecode is not written.
COMPILED := --compile-bytecode
DEMO_DRAFT := examples/draft.md

.PHONY: help demo test lint format docs accuracy train train-reader lock clean
.DEFAULT_GOAL := help

help: ## List the chores
	@grep -hE '^[a-z-]+:.*## ' $(MAKEFILE_LIST) | sed -E 's/:.*## /\t/' | expand -t 12

demo: .venv/.installed ## Install, index the demo organisation and review a draft
	@echo "Indexing the demo organisation in corpus/"
	@$(BIN)/okr index corpus
	@echo "Reviewing $(DEMO_DRAFT)"
	@$(BIN)/okr review $(DEMO_DRAFT) --fail-on never
	@echo
	@echo "Next: '$(BIN)/okr serve' opens the web app on http://127.0.0.1:7860"
	@echo "      '$(BIN)/okr review YOUR-DRAFT.md' reviews your own draft"
	@echo "      '$(BIN)/okr --help' lists everything else"

test: .venv/.tested lint ## Install what tests need and run them all
	@$(BIN)/pytest -n 2

lint: .venv/.tested ## Check style, types and the import contracts
	@$(BIN)/ruff check .
	@$(BIN)/ruff format --check --quiet . || ($(BIN)/ruff format --diff --quiet .; exit 1)
	@$(BIN)/mypy
	@$(BIN)/lint-imports --no-logo

format: .venv/.tested ## Put the code into its standard form
	@$(BIN)/ruff check --fix --quiet .
	@$(BIN)/ruff format .

docs: .venv/.tested ## Print the generated parts of README and docs anew
	@$(BIN)/python -m evals.readme
	@$(BIN)/python -m evals.formats
	@$(BIN)/python -m evals.catalogue
	@$(BIN)/python -m evals.models
	@$(BIN)/python -m evals.data

accuracy: .venv/.tested ## Measure rules, shortcuts and agreement on the test split and print the tables
	@mkdir -p evals/results
	@for suite in drafts drift chains peers attacks; do \
	  $(BIN)/okr eval run $$suite --split test --json evals/results/$$suite-test.json || exit 1; done
	@$(BIN)/python -m evals.shortcuts
	@$(BIN)/python -m evals.agreement
	@$(BIN)/python -m evals.alignment.shortcuts
	@$(BIN)/python -m evals.alignment.agreement
	@$(BIN)/python -m evals.demo.measure
	@$(MAKE) --no-print-directory docs

train: .venv/.tested ## Train the heads and the scales on what the reader says
	@$(BIN)/python -m evals.training.heads
	@$(BIN)/python -m evals.training.relations

train-reader: .train/.installed ## Fine-tune the reader; installs PyTorch into .train, takes most of an hour
	@PYTHONPATH=. .train/bin/python -m evals.training.reader

.train/.installed: requirements.lock evals/training/requirements.txt evals/training/base.txt
	@$(PYTHON) -m venv .train
	@.train/bin/pip install --quiet --require-hashes -r requirements.lock
	@.train/bin/pip install --quiet -r evals/training/requirements.txt
	@.train/bin/pip install --quiet --no-deps -r evals/training/base.txt
	@touch $@

lock: .venv/.tested ## Resolve the dependencies anew into the lock files
	@$(UV) pip compile pyproject.toml --universal --python-version 3.11 --generate-hashes \
	  --no-emit-index-url --no-header --no-annotate --quiet -o requirements.lock
	@$(UV) pip compile pyproject.toml --group test --universal --python-version 3.11 --generate-hashes \
	  --no-emit-index-url --no-header --no-annotate --quiet -c requirements.lock -o requirements-test.lock

clean: ## Remove the environment and the index
	@rm -rf .venv .train .okr

.venv/bin/uv:
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' \
	  || (echo "Python 3.11 or newer is needed; choose one with 'make demo PYTHON=python3.12'."; exit 1)
	@echo "Creating .venv"
	@$(PYTHON) -m venv .venv
	@$(BIN)/pip install --quiet --disable-pip-version-check 'uv>=0.9,<1'

.venv/.installed: .venv/bin/uv requirements.lock pyproject.toml
	@echo "Installing (about 1 GB on disk)"
	@$(UV) pip $(INSTALL) $(COMPILED) -r requirements.lock \
	  || $(BIN)/pip $(INSTALL) -r requirements.lock
	@$(UV) pip install --quiet --no-deps -e . || $(BIN)/pip install --quiet --no-deps -e .
	@$(BIN)/python -m compileall -q assistant
	@touch $@

.venv/.tested: .venv/.installed requirements-test.lock tests/requirements-models.txt
	@echo "Installing what the tests need"
	@$(UV) pip $(INSTALL) $(COMPILED) -r requirements-test.lock \
	  || $(BIN)/pip $(INSTALL) -r requirements-test.lock
	@$(UV) pip $(INSTALL) -r tests/requirements-models.txt \
	  || $(BIN)/pip $(INSTALL) -r tests/requirements-models.txt
	@touch $@
