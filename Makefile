# Everything starts here: `make help`.
.DEFAULT_GOAL := help
.PHONY: help run install test programs lint everything fast browser soak fuzz bench screenshots outlines requirements sbom translations lock clean

PORT ?= 8000
SECONDS ?= 60
PYTHON ?= python3
BIN := .venv/bin
PIP := $(BIN)/pip --disable-pip-version-check --quiet
CATALOGUES := $(wildcard app/translations/*/LC_MESSAGES/messages.po)
COMPILED := $(CATALOGUES:.po=.mo)
# The folders that hold tests in browsers: reading all the others takes as long as many tests.
WITH_BROWSERS := tests/browser tests/preview tests/respond
# Two more than there are processors: tests often wait for a server or a browser.
WORKERS ?= $(shell expr $$(nproc 2>/dev/null || echo 2) + 2)

help:  ## Show this list
	@grep -hE '^[a-z]+:.*##' $(MAKEFILE_LIST) | sed -E 's/:[^#]*## /\t/' | expand -t 14

run: .venv/run $(COMPILED)  ## Set up what is missing, and run the demo (PORT=8001 for another port)
	$(BIN)/heard demo --port $(PORT)

install: .venv/run $(COMPILED)  ## Set up what the server needs, and nothing more

test:  ## Set up what is missing, and run every check and test
	@$(MAKE) --no-print-directory -j2 .venv/dev programs
	@$(MAKE) --no-print-directory -j2 lint everything
	$(BIN)/python -m tests.requirements --proofs
	@echo "Not run: more combinations of the same tests, which \`make soak\` runs."

programs:
	@sh tests/install-programs.sh

# In one run: no processor waits for the last test without a browser, or for the checks.
everything: .venv/dev $(COMPILED)
	@$(BIN)/python -m compileall -q app config.py  # else each of some hundred processes does
	$(BIN)/pytest -q -n $(WORKERS) --no-loadscope-reorder -m "not thorough"

lint: .venv/dev  ## Style, types and the direction of imports
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy
	$(BIN)/lint-imports --no-logo
	$(BIN)/python -m tests.dependencies

fast: .venv/dev $(COMPILED)  ## Tests without a browser
	$(BIN)/pytest -q -n $(WORKERS) --no-loadscope-reorder -m "not browser and not thorough"

browser: .venv/dev $(COMPILED)  ## Tests in Chromium, Firefox and WebKitGTK
	$(BIN)/pytest -q -n $(WORKERS) --no-loadscope-reorder -m "browser and not thorough" $(WITH_BROWSERS)

soak: .venv/dev $(COMPILED) programs  ## What `make test` leaves out: more combinations, for longer
	$(BIN)/pytest -q -n $(WORKERS) --no-loadscope-reorder -m thorough

fuzz: .venv/dev $(COMPILED)  ## Look for bytes that break what reads others' files and forms (SECONDS=60 for each)
	@$(BIN)/python -c "import atheris" 2>/dev/null \
		|| $(PIP) install --require-hashes -r tests/fuzz/requirements.lock \
		|| echo "atheris cannot be installed here (it has wheels for Linux on x86-64): going on without it."
	$(BIN)/python -m tests.fuzz --seconds $(SECONDS)

bench: .venv/dev $(COMPILED)  ## Measure: prints figures and ratios
	$(BIN)/python -m bench

requirements: .venv/dev $(COMPILED)  ## Each requirement, its tests, and how they ended when they last ran
	$(BIN)/python -m tests.requirements

screenshots: .venv/dev $(COMPILED)  ## Pictures of every page in screenshots/
	$(BIN)/python -m tests.screenshots

sbom: .venv/dev  ## The list of all packages, as CycloneDX, in build/
	@mkdir -p build
	$(BIN)/cyclonedx-py requirements requirements.lock --pyproject pyproject.toml -o build/heard.cdx.json

outlines: .venv/dev $(COMPILED)  ## Write down anew what a screen reader is told of key pages
	$(BIN)/python -m tests.browser.outlines

translations: .venv/dev  ## Bring the catalogues up to date with the sentences in the source
	$(BIN)/pybabel extract --no-location --sort-output --omit-header -F babel.cfg -k _l -k lazy_gettext -o .venv/messages.pot .
	$(BIN)/pybabel update --no-fuzzy-matching --ignore-pot-creation-date -i .venv/messages.pot -d app/translations
	$(BIN)/pybabel compile -d app/translations

lock: .venv/dev  ## Write the lock files anew from pyproject.toml
	$(BIN)/pip-compile $(LOCK) --extra build -o requirements.lock pyproject.toml
	$(BIN)/pip-compile $(LOCK) --extra build --extra postgresql --extra research --extra dev -c requirements.lock -o requirements-dev.lock pyproject.toml
	echo "atheris>=3" | $(BIN)/pip-compile $(LOCK) -o tests/fuzz/requirements.lock -

LOCK := --quiet --generate-hashes --strip-extras --allow-unsafe --no-annotate --no-header \
	--no-emit-index-url --no-emit-trusted-host --no-emit-find-links

clean:  ## Remove what was built, the demo's instance included
	rm -rf .venv instance build dist *.egg-info .mypy_cache .ruff_cache .pytest_cache \
		.hypothesis .import_linter_cache screenshots bench/results
	find . -name __pycache__ -type d -prune -exec rm -rf {} +
	rm -f $(COMPILED)

.venv/bin/python:
	$(PYTHON) -m venv .venv

.venv/run: .venv/bin/python requirements.lock pyproject.toml
	$(PIP) install --require-hashes -r requirements.lock
	$(PIP) install --no-deps --no-build-isolation -e .
	@touch $@

.venv/dev: .venv/bin/python requirements-dev.lock pyproject.toml
	$(PIP) install --require-hashes -r requirements-dev.lock
	$(PIP) install --no-deps --no-build-isolation -e .
	@touch $@ .venv/run

%.mo: %.po | .venv/run
	@$(BIN)/pybabel --quiet compile -i $< -o $@
