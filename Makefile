# What a person types. Every target installs what it needs first and skips what is current.
#   PORT=8001 STEPWELL_DATA=/some/folder make run

PYTHON := $(shell command -v python3.11 || command -v python3 || echo python3)
bootstrap := $(PYTHON) studio/config/embedded/bootstrap.py

.DEFAULT_GOAL := help
.PHONY: help run install test check bench chaos manage api lock clean

help: ## this list
	@sed -n 's/^\([a-z]*\):.*## /  make \1\t/p' $(MAKEFILE_LIST) | expand -t 16

run: ## install, build, and run Stepwell here: http://127.0.0.1:8000
	@$(bootstrap) run

install: ## only what `run` does before it starts
	@$(bootstrap) install

test: ## every test: backend, interpreter, wire, browser, front end (ARGS= for pytest)
	@$(bootstrap) test $(ARGS)

check: ## every check that needs no running system
	@$(bootstrap) check

bench: ## the benchmarks (ARGS=)
	@$(bootstrap) bench $(ARGS)

chaos: ## strike at a whole installation at random (ARGS="--seed 7 --faults 500 --minutes 25")
	@$(bootstrap) chaos $(ARGS)

manage: ## a Django command beside `make run`: make manage ARGS="changepassword admin"
	@$(bootstrap) manage $(ARGS)

api: ## write the OpenAPI document and the browser's types anew
	@$(bootstrap) check --write-api

lock: ## pin the requirements anew (needs uv)
	uv pip compile --quiet --generate-hashes --no-header --no-emit-index-url --no-emit-find-links \
	  --python-version 3.11 --only-binary :all: requirements.in -o requirements.txt
	uv pip compile --quiet --generate-hashes --no-header --no-emit-index-url --no-emit-find-links \
	  --python-version 3.11 --only-binary :all: requirements-dev.in -o requirements-dev.txt

clean: ## remove what can be made again; data in var/ stays
	rm -rf .venv frontend/node_modules tests/contract/javascript/node_modules static/app
	rm -rf .mypy_cache .ruff_cache .pytest_cache .import_linter_cache .hypothesis
	find . -name __pycache__ -type d -prune -exec rm -rf {} +
