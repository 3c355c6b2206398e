# Everything a fresh Debian machine with Python 3.11, make and root needs; safe to run twice.

PYTHON ?= python3
BIN := .venv/bin
READY := .venv/.ready

.PHONY: help setup packages portal demo test check bench clean

help:
	@echo "make demo   set up, start Deskhand and run the main job on a shipped sample"
	@echo "make test   set up and run every check and test"
	@echo "make setup  prepare everything; .venv/bin/deskhand works afterwards"
	@echo "make bench  run the benchmarks; the first time it installs their peers below build/"

setup: packages $(READY) portal

# Debian packages that only tests use: servers of PostgreSQL and of IMAP, a browser, curl and Git. The venv module comes in a package of its own.
packages:
	@tools/install-packages postgresql chromium dovecot-imapd curl git

$(READY): requirements/development.txt pyproject.toml
	@$(PYTHON) -c 'import ensurepip, venv' 2>/dev/null || tools/install-packages python3-venv
	@test -x $(BIN)/python || $(PYTHON) -m venv .venv
	@echo "Installing the pinned dependencies into .venv"
	@$(BIN)/python -m pip install --quiet --disable-pip-version-check --require-hashes -r requirements/development.txt
	@$(BIN)/python -m pip install --quiet --disable-pip-version-check --no-deps --no-build-isolation --editable .
	@touch $(READY)

# The portal's Node comes with the pinned dependencies; its files go into the package.
portal: $(READY)
	@$(BIN)/python tools/portal.py

demo: $(READY) portal
	@$(BIN)/python tools/demo.py

test: setup
	$(BIN)/ruff format --check .
	$(BIN)/ruff check .
	$(BIN)/mypy
	$(BIN)/lint-imports
	$(BIN)/python tools/generate.py --check
	$(BIN)/python tools/portal.py check
	$(BIN)/pytest -n 2 --dist loadgroup --ignore tests/browser tests
	$(BIN)/pytest tests/browser || $(BIN)/pytest tests/browser --last-failed --last-failed-no-failures none

bench: setup
	@for scenario in dispatch loop expressions cloud_step cloud_webhook cloud_timers cloud_sizes portal; do echo "== $$scenario"; $(BIN)/python -m benchmarks.$$scenario || exit 1; done

clean:
	rm -rf .venv build dist portal/node_modules src/deskhand/portal
