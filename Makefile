# The one entry. `make demo` and `make test` need nothing before them but python3.11, git and make.
PYTHON ?= python3.11
VENV ?= .venv
BIN := $(VENV)/bin
DATA ?=
TOOLS ?=
EXPORTS ?=
ADVISORIES ?=
BEFORE ?=
KEY ?=
SOURCE ?= slack
RUNS ?= 1000
SEED ?=
WHOLE ?=
KEEP ?=
PYTHONS ?=
# The share of Hypothesis examples that `make test` tries: CI says 1, which is what the tests name.
EFFORT ?= 0.5
# How many processes run tests: as many as there are processors, but no more than 4, since each has threads of DuckDB too.
WORKERS ?= auto

# Compiled files are kept whatever the shell says: without them each process of the tests compiles all modules anew, for 4 seconds.
PYTEST := PYTHONDONTWRITEBYTECODE= $(BIN)/pytest -q
SPREAD := -n $(WORKERS) --maxprocesses 4 --dist worksteal
USUAL := not slow and not browser and not spark

.PHONY: all docs demo test test-quick test-slow test-search test-browser test-spark check fix lock build test-wheel bench parity scale shape validate labels same kills audit determinism fuzz golden clean identify

all: check test

$(VENV)/base: requirements/base.txt pyproject.toml
	$(PYTHON) -m venv $(VENV)
	$(BIN)/pip install --quiet --disable-pip-version-check --require-hashes -r requirements/base.txt
	$(BIN)/pip install --quiet --disable-pip-version-check --no-build-isolation --no-deps -e .
	touch $@

$(VENV)/dev: $(VENV)/base requirements/dev.txt
	$(BIN)/pip install --quiet --disable-pip-version-check --require-hashes -r requirements/dev.txt
	touch $@

$(VENV)/browser: $(VENV)/dev requirements/browser.txt
	$(BIN)/pip install --quiet --disable-pip-version-check --require-hashes -r requirements/browser.txt
	touch $@

$(VENV)/audit: $(VENV)/dev requirements/audit.txt
	$(BIN)/pip install --quiet --disable-pip-version-check --require-hashes -r requirements/audit.txt
	touch $@

$(VENV)/spark: $(VENV)/dev requirements/spark.txt
	$(BIN)/pip install --quiet --disable-pip-version-check --require-hashes -r requirements/spark.txt
	touch $@

demo: $(VENV)/base  ## set up, make up a community, report on it: demo.html
	$(BIN)/regard demo -o demo.html

test: $(VENV)/dev  ## the tests, but for the slow ones, those in a browser and those on Spark
	REGARD_TEST_EFFORT=$(EFFORT) $(PYTEST) $(SPREAD) -m "$(USUAL)"

test-quick: $(VENV)/dev  ## the same in about two minutes: few examples, and none of the tests marked `long`
	REGARD_TEST_EFFORT=0.1 $(PYTEST) $(SPREAD) -m "$(USUAL) and not long"

test-slow: $(VENV)/dev  ## kills, 2 GB lines, large simulations
	$(PYTEST) -m slow

test-search: $(VENV)/dev  ## the properties, on twenty times as many examples, others each time
	REGARD_TEST_EFFORT=20 $(PYTEST) $(SPREAD) -m hypothesis

test-browser: $(VENV)/browser  ## the report in Chromium, which must be installed
	$(PYTEST) -m browser

test-spark: $(VENV)/spark  ## both engines side by side, and a cluster of one master and two workers; needs Java 17
	$(PYTEST) -m spark tests/engines
	$(PYTEST) src/regard/engines

check: $(VENV)/dev  ## format, lint, types, direction of imports, spelling, lock files
	$(BIN)/ruff format --check .
	$(BIN)/ruff check .
	$(BIN)/mypy
	$(BIN)/lint-imports
	$(BIN)/codespell -L brin,ist docs *.md

fix: $(VENV)/dev  ## mend what ruff can
	$(BIN)/ruff format .
	$(BIN)/ruff check --fix .

golden: $(VENV)/dev  ## write the golden files anew and show what changed
	REGARD_GOLDEN=rewrite $(PYTEST) tests/surfaces || true
	git diff --stat -- tests/surfaces/golden

lock: $(VENV)/dev  ## lock the requirements anew, with hashes
	for name in base dev browser spark audit; do $(BIN)/pip-compile --quiet --generate-hashes --allow-unsafe --strip-extras --no-header \
	  --no-emit-index-url --no-emit-find-links --no-emit-trusted-host -o requirements/$$name.txt requirements/$$name.in; done

build: $(VENV)/dev  ## the wheel
	rm -rf dist
	$(BIN)/python -m build --no-isolation --wheel --outdir dist .

test-wheel: build  ## the wheel in an empty environment
	rm -rf build/empty && $(PYTHON) -m venv build/empty
	build/empty/bin/pip install --quiet --disable-pip-version-check --require-hashes -r requirements/base.txt
	build/empty/bin/pip install --quiet --disable-pip-version-check --no-deps dist/*.whl
	cd build && empty/bin/regard demo -q -o demo.html && empty/bin/python -m regard --version

docs: $(VENV)/dev  ## write the pages that come from the code
	$(BIN)/python docs/make.py

shape: $(VENV)/base  ## lines, types, docstrings and import floors of the package
	$(BIN)/python bench/shape.py

parity: $(VENV)/spark  ## every measure of the demo, and of EXPORTS="...", on both engines; needs Java 17
	$(BIN)/python -W ignore validation/parity.py --demo $(EXPORTS)

scale: $(VENV)/spark  ## docs/scale.md: time and memory up to 63 million acts, on Spark too; TOOLS=folder with gen.py, an hour, 30 GB of disk
	$(BIN)/python -W ignore bench/growth.py --tools $(TOOLS)
	$(BIN)/python bench/scale.py docs/scale.json docs/scale.md

bench: $(VENV)/dev  ## TOOLS=folder with gen.py and peer.py: time `regard report` beside what most people would write
	$(BIN)/python bench/report.py --tools "$(TOOLS)"

validate: $(VENV)/dev  ## DATA=folder of public records: counts, held-out months, and docs/validity.md anew
	$(BIN)/python validation/counts.py --data "$(DATA)"
	rm -rf build/taught
	$(BIN)/python validation/validity.py --data "$(DATA)" --coefficients build/taught/table.json
	$(BIN)/python validation/held_out.py --data "$(DATA)" --coefficients build/taught/table.json

labels: $(VENV)/dev  ## DATA=folder of public records KEY=file: is the list of questions right, by a reader's labels, and does advertising hit newcomers?
	$(BIN)/python -W ignore validation/labels.py --data "$(DATA)" $(if $(KEY),--key "$(KEY)")
	$(BIN)/python -W ignore validation/newcomers.py --data "$(DATA)"

kills: $(VENV)/dev  ## 300 kills of every command that writes: nothing lost, nothing left behind; half an hour
	$(BIN)/python validation/kills.py --kills 300

audit: $(VENV)/audit  ## known weaknesses of the locked versions; ADVISORIES=a list in the OSV format, else the one of safety-db (2021)
	$(BIN)/python validation/audit.py --advisories "$(ADVISORIES)" requirements/*.txt

determinism: $(VENV)/dev  ## DATA=folder of public records, PYTHONS=others,with,dependencies: the same acts and tables on any machine?
	$(BIN)/python validation/determinism.py --data "$(DATA)" --pythons "$(PYTHONS)"

identify: $(VENV)/base  ## can a colleague find a person in an organisation's report? 2,500 tries, a minute
	$(BIN)/python validation/identify.py

same: $(VENV)/dev  ## BEFORE=another checkout DATA=folder of public records: the same tables and golden files, but for renamed words?
	$(BIN)/python validation/same_tables.py --before "$(BEFORE)" --after . --data "$(DATA)"

fuzz: $(VENV)/dev  ## SOURCE=slack RUNS=20000, SEED=1 to repeat, WHOLE=1 through a record: read damaged inputs; what fails is kept
	$(BIN)/python validation/fuzz.py $(SOURCE) --runs $(RUNS) $(if $(SEED),--seed $(SEED)) $(if $(WHOLE),--whole) $(if $(KEEP),--keep "$(KEEP)")

clean:
	rm -rf $(VENV) build dist .mypy_cache .ruff_cache .pytest_cache .hypothesis
