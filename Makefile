# The two commands: `make run` serves Waymark, `make test` checks it. Each sets up what it needs by itself.

PYTHON ?= python3
HOST ?= 127.0.0.1
PORT ?= 8501
IN_VENV := .venv/bin/python -m

# A Debian or Ubuntu package that is missing is installed; where that cannot be done, the way to do it is said.
SUDO := $(shell test "$$(id -u)" = 0 || echo sudo)
define install_package
	echo "Waymark needs the package $(1): installing it."; \
	$(SUDO) apt-get update -qq && $(SUDO) env DEBIAN_FRONTEND=noninteractive apt-get install -qq -y --no-install-recommends $(1) \
	|| { echo "It could not be installed. Please do so yourself: sudo apt-get install $(1)" >&2; exit 1; }
endef

.DEFAULT_GOAL := help
.PHONY: help run check test test-thorough setup setup-dev setup-district lock chromium format

help: ## show this list
	@sed -n 's/^\([a-z-]*\):.*## /  make \1	/p' $(MAKEFILE_LIST) | expand -t 20

# A process for each processor, four at most: each takes 400 MB and a mirror of its own.
run: export WAYMARK_PROCESSES ?= $(shell nproc 2>/dev/null | awk '{ print ($$1 > 4) ? 4 : $$1 }')
run: setup ## set up, migrate, load the sample school if the record is empty, and serve (HOST, PORT)
	@$(IN_VENV) progress migrate
	@$(IN_VENV) progress sample --if-empty
	@echo "Waymark: http://$(HOST:127.0.0.1=localhost):$(PORT) (Ctrl-C ends it)"
	@exec $(IN_VENV) uvicorn app:app --host $(HOST) --port $(PORT) \
		--ws websockets-sansio --ws-per-message-deflate false --loop uvloop --http api.entrance.connections:Connection --no-access-log --no-server-header

check: setup-dev ## check format, style, types, SQL and migrations: for before a commit
	$(IN_VENV) ruff format --check .
	$(IN_VENV) ruff check .
	$(IN_VENV) sqlfmt --check queries
	$(IN_VENV) mypy
	@# a record of its own: the models must ask for nothing that the migrations do not make
	@record=$$(mktemp -d) && trap 'rm -rf "$$record"' EXIT && unset DATABASE_URL && export WAYMARK_VAR=$$record && \
		$(IN_VENV) progress migrate >/dev/null && $(IN_VENV) alembic check

test: check chromium ## check, then run all tests and name the ten slowest
	$(IN_VENV) pytest --durations=10

test-thorough: setup-dev ## kill, crowd and restore the server for half an hour: what `make test` tries in small
	$(IN_VENV) benchmarks.crash --kills 100
	$(IN_VENV) benchmarks.tabs --tabs 400
	$(IN_VENV) benchmarks.fairness --pages 60
	$(IN_VENV) benchmarks.hostile_bodies
	$(IN_VENV) benchmarks.restore
	WAYMARK_EVERY_QUESTION=1 $(IN_VENV) pytest -n 0 tests/queries/test_every_question.py
	$(IN_VENV) pytest -m hypothesis --hypothesis-profile thorough

setup: .venv/.set-up ## make .venv with what Waymark runs on

setup-dev: .venv/.set-up-dev ## add what tests and formatting need

setup-district: setup-dev ## add ClickHouse (chdb), which `python -m benchmarks.district` compares with
	$(IN_VENV) pip install --quiet --disable-pip-version-check --require-hashes --requirement requirements-district.txt

format: setup-dev ## format Python and SQL
	$(IN_VENV) ruff format .
	$(IN_VENV) ruff check --fix .
	$(IN_VENV) sqlfmt queries

LOCK := env UV_CUSTOM_COMPILE_COMMAND="make lock" $(IN_VENV) uv pip compile --quiet --universal --python-version 3.11 \
	--generate-hashes

lock: setup-dev ## write the requirements*.txt anew, with hashes, from what the .in files choose
	$(LOCK) requirements.in --output-file requirements.txt
	$(LOCK) requirements-dev.in --output-file requirements-dev.txt
	$(LOCK) requirements-district.in --output-file requirements-district.txt

chromium:
	@command -v chromium >/dev/null || { $(call install_package,chromium); }

.venv/.made:
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' || { \
		echo "Waymark needs Python 3.11 or newer, and $(PYTHON) is $$($(PYTHON) --version 2>&1)." >&2; \
		echo "With another one: make $(MAKECMDGOALS) PYTHON=python3.12" >&2; exit 1; }
	@$(PYTHON) -c 'import ensurepip, venv' 2>/dev/null || { $(call install_package,python3-venv); }
	@$(PYTHON) -m venv .venv
	@touch $@

.venv/.set-up: requirements.txt .venv/.made
	@echo "Installing what Waymark runs on into .venv. The first time this takes a minute or two."
	@$(IN_VENV) pip install --quiet --disable-pip-version-check --require-hashes --requirement requirements.txt
	@touch $@

.venv/.set-up-dev: requirements-dev.txt .venv/.set-up
	@echo "Installing what the tests need into .venv."
	@$(IN_VENV) pip install --quiet --disable-pip-version-check --require-hashes --requirement requirements-dev.txt
	@touch $@
