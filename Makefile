# One way to do each thing: `make help` lists them. Everything runs from .venv, made by `make install`.
SHELL := /bin/bash
.SHELLFLAGS := -eu -o pipefail -c
.DEFAULT_GOAL := help

BIN := .venv/bin
STAMP := .venv/.installed
PACKAGES := $(sort $(dir $(wildcard contracts/pyproject.toml services/*/pyproject.toml adapters/*/pyproject.toml deploy/*/pyproject.toml)))
EDITABLE := $(foreach folder,$(PACKAGES),-e ./$(patsubst %/,%,$(folder)))
LOCK := var/lock
PYTEST := $(BIN)/python -m pytest
PAGES := tests/integration/desk/test_every_page.py
RUNS := $(addprefix tests/integration/,keeping local notify)

.PHONY: help install check schemas test test-unit test-integration test-runs test-pages test-e2e test-faults faults faults-long demo up down bench bench-planner simulate plant lock

help: ## List what can be made, one sentence each.
	@awk -F ':.*## ' '/^[a-z0-9-]+:.*## / { printf "  make %-17s %s\n", $$1, $$2 }' Makefile

install: $(STAMP) ## Make .venv with the pinned dependencies and all parts of Samsyn (a second time: at once).
	@echo "Installed in .venv."

$(STAMP): requirements.txt $(addsuffix pyproject.toml,$(PACKAGES))
	@python="$$(.ci/find-python)" && if [ ! -x $(BIN)/python ]; then echo "Making .venv with $$python"; "$$python" -m venv .venv; fi
	@echo "Installing the pinned dependencies (requirements.txt, hashes required) …"
	@$(BIN)/python -m pip install --quiet --disable-pip-version-check --require-hashes -r requirements.txt
	@echo "Installing Samsyn's own parts, editable: $(patsubst %/,%,$(PACKAGES))"
	@$(BIN)/python -m pip install --quiet --disable-pip-version-check --no-deps --no-build-isolation $(EDITABLE)
	@echo "Compiling the planner's kernels, once for this version of them (up to a minute) …"
	@$(BIN)/python -c "from samsyn_planning.domain.warming import warm; warm()"
	@touch $@

check: $(STAMP) ## Check form, types, arrows of import and the committed schemas (changes nothing).
	$(BIN)/ruff format --check .
	$(BIN)/ruff check .
	$(BIN)/mypy
	$(BIN)/lint-imports --no-logo
	$(BIN)/python -m samsyn_contracts.schemas check

schemas: $(STAMP) ## Write JSON Schemas, AsyncAPI and the contracts' table anew from the message classes.
	$(BIN)/python -m samsyn_contracts.schemas write

test: test-unit test-integration test-runs test-pages test-e2e test-faults ## Run every test: unit, contract, integration, end to end, a share of the faults.

test-unit: $(STAMP) ## Run the unit and contract tests (no sockets, no services).
	@echo "── unit and contract tests"
	@$(PYTEST) tests/unit tests/contract tests/simulation

test-integration: $(STAMP) ## Run the integration tests on real Kafka and PostgreSQL.
	@echo "── integration tests (real Kafka and PostgreSQL; the first time fetches Kafka)"
	@$(PYTEST) tests/integration --ignore=$(PAGES) $(RUNS:%=--ignore=%)

test-runs: $(STAMP) ## Run the integration tests of whole runs: one machine, backup and restore, people told.
	@echo "── integration tests of whole runs (supervisor, status, backup and restore, mail)"
	@$(PYTEST) $(RUNS)

test-pages: $(STAMP) ## Let axe look at every page of the desk, as each role sees it, in both languages.
	@echo "── every page of the desk (real Kafka and PostgreSQL, Chromium)"
	@$(PYTEST) $(PAGES)

test-e2e: $(STAMP) ## Run the scenarios end to end, all services as processes.
	@echo "── end-to-end tests (all services as processes)"
	@$(PYTEST) tests/e2e

test-faults: $(STAMP) ## Run the tests of the faults, and a share of the faults themselves (under four minutes).
	@echo "── faults: what measures them, and a share of them"
	@$(PYTEST) tests/faults
	@$(BIN)/python -m tests.faults --share

faults: $(STAMP) ## Kill, pause, cut, fill and bend: are the promises kept? Under ten minutes; report in var/faults.
	$(BIN)/python -m tests.faults $(if $(SEED),--seed $(SEED))

faults-long: $(STAMP) ## The same for MINUTES=60 with pauses of 5 to 60 s (SEED=n); report in var/faults.
	$(BIN)/python -m tests.faults --minutes $(or $(MINUTES),60) $(if $(SEED),--seed $(SEED))

demo: $(STAMP) ## Replan four real weeks of Väst while real disturbances take police sessions; see var/demo.
	$(BIN)/samsyn demo

up: $(STAMP) ## Start Samsyn on this machine in the background; addresses in var/status.json.
	$(BIN)/samsyn up --detach

down: $(STAMP) ## Stop what `make up` started.
	$(BIN)/samsyn down

bench: $(STAMP) ## Measure the whole chain beside raw Kafka and PostgreSQL, and what a long history costs.
	$(BIN)/python -m tests.bench

bench-planner: $(STAMP) ## Measure the planner against the bars on fresh seeds (QUICK=1: few seeds, under five minutes).
	$(BIN)/python -m tests.bench.planner $(if $(QUICK),--quick) $(if $(SEED),--seed-base $(SEED)) $(if $(ONLY),--only $(ONLY))

simulate: $(STAMP) ## Simulate days of all services with everything that goes wrong (SEED=n, DAYS=n).
	nice -n 10 $(BIN)/python -m tests.simulation $(if $(SEED),--seed $(SEED)) $(if $(DAYS),--days $(DAYS))

plant: $(STAMP) ## Plant faults one by one and show the test that turns red for each.
	$(BIN)/python -m tests.plant

lock: $(STAMP) ## Write requirements.txt anew from requirements.in: pinned, with hashes, without addresses.
	@[ -x $(LOCK)/bin/pip-compile ] || { $(BIN)/python -m venv $(LOCK) && $(LOCK)/bin/pip install --quiet pip-tools==7.6.2; }
	$(LOCK)/bin/pip-compile --quiet --generate-hashes --no-emit-index-url --no-emit-trusted-host --no-emit-find-links --strip-extras --output-file=requirements.txt requirements.in
