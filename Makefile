.PHONY: check lint test drills dev lock shots

# Developers' tools live in .venv; `make dev` puts them there.
PYTHON ?= $(firstword $(wildcard .venv/bin/python) python3)
LOCK = $(PYTHON) -m uv pip compile --quiet --universal --python-version 3.11 --generate-hashes \
       --upgrade --no-emit-index-url --no-emit-find-links --no-annotate --no-header pyproject.toml

# Exactly what CI does before the drills.
check: lint test

lint:
	$(PYTHON) -m ruff check .
	$(PYTHON) -m ruff format --check .
	$(PYTHON) -m mypy
	$(PYTHON) -c "from importlinter.cli import lint_imports_command as lint; lint()" --no-cache

test:
	$(PYTHON) -m tests

drills:
	$(PYTHON) -m tests --drills -m "hypothesis and not drill" -n auto --dist loadgroup
	$(PYTHON) -m tests --drills -m drill --durations 12

dev:
	$(PYTHON) -m app.bootstrap dev

# Names and hashes, no addresses; each lock holds what those before it hold.
lock:
	$(LOCK) --output-file deploy/lock/run.txt
	$(LOCK) --extra embedded --constraint deploy/lock/run.txt --output-file deploy/lock/home.txt
	$(LOCK) --extra embedded --group test --constraint deploy/lock/home.txt --output-file deploy/lock/test.txt
	$(LOCK) --extra embedded --group dev --constraint deploy/lock/test.txt --output-file deploy/lock/dev.txt
	cd app/pages && npm install --package-lock-only --ignore-scripts

# The README's pictures, from the demo shop that `python3 -m app` has opened.
shots:
	$(PYTHON) -m tests.pictures $(if $(PERRON_HOME),--home $(PERRON_HOME))
