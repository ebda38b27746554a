.PHONY: check lint test drills lock dev shots

PYTHON ?= $(shell [ -x .venv/bin/python ] && echo .venv/bin/python || echo python3)
export PATH := $(abspath $(dir $(PYTHON))):$(PATH)
LOCK = uv pip compile --quiet --universal --python-version 3.11 --generate-hashes --upgrade \
       --no-emit-index-url --no-emit-find-links --no-annotate --no-header pyproject.toml

check: lint test

lint:
	ruff check .
	ruff format --check .
	mypy
	lint-imports --no-cache

test:
	$(PYTHON) -m tests

drills:
	$(PYTHON) -m tests --drills

# Everything developers need, in .venv.
dev:
	python3 -m app.bootstrap dev

# The locks hold hashes and no addresses; each holds what those before it hold.
lock:
	$(LOCK) --output-file deploy/lock/run.txt
	$(LOCK) --extra embedded --constraint deploy/lock/run.txt --output-file deploy/lock/home.txt
	$(LOCK) --extra embedded --group test --constraint deploy/lock/home.txt --output-file deploy/lock/test.txt
	$(LOCK) --extra embedded --group dev --constraint deploy/lock/test.txt --output-file deploy/lock/dev.txt
	cd app/pages && npm install --package-lock-only --ignore-scripts
