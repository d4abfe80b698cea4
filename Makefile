# Two commands do everything on a fresh machine: `make demo` and `make test`.
# Python 3.11 to 3.13; uv is used where it is present, else venv and pip.
PYTHON ?= python3
VENV   ?= .venv
BIN    := $(VENV)/bin
READY  := $(VENV)/.ready
DEMO   ?= demo
PEERS  := .peers
BENCH  ?=

.PHONY: help setup demo test test-system check check-code check-pages format sample bench docs pictures reference messages wheelhouse clean

help:            ## list these commands
	@grep -E '^[a-z-]+: .*##' $(MAKEFILE_LIST) | sed -E 's/:.*##/\t/' | expand -t 14

setup: $(READY)  ## make the virtual environment

$(READY): pyproject.toml
	@set -e; if command -v uv >/dev/null 2>&1; then \
	    test -x $(BIN)/python || uv venv --seed --python '>=3.11,<3.14' $(VENV); \
	    uv pip install --python $(BIN)/python --quiet --compile-bytecode -e '.[dev,fast,font]'; \
	else \
	    $(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11) and "error: lowuse needs Python 3.11 or newer\nhint: make PYTHON=/path/to/python3.12 $(MAKECMDGOALS)")'; \
	    test -x $(BIN)/python || $(PYTHON) -m venv $(VENV); \
	    $(BIN)/python -m pip install --quiet -e '.[dev,fast,font]'; \
	fi
	@touch $(READY)

$(VENV)/.spark: pyproject.toml | $(READY)
	@set -e; if command -v uv >/dev/null 2>&1; then \
	    uv pip install --python $(BIN)/python --quiet -e '.[spark]'; \
	else \
	    $(BIN)/python -m pip install --quiet -e '.[spark]'; \
	fi
	@touch $(VENV)/.spark

demo: $(READY)   ## run classify, units and export on the sample district
	@$(BIN)/python scripts/demo.py $(DEMO)

test: $(READY)   ## run all tests
	$(BIN)/python -m pytest -q -n 2 --dist loadfile --no-loadscope-reorder --durations 30 --durations-min 20

test-system: $(READY) $(VENV)/.spark ## tests with PostgreSQL, LibreOffice, GDAL and Java of the system, and Spark (README lists the packages)
	$(BIN)/python -m pytest -q -m system tests/system -n 2 --dist loadfile --no-loadscope-reorder

check: $(READY)  ## format, lint, types, import contracts, rules, generated pages, docs
	@$(MAKE) --no-print-directory -j 2 check-code check-pages

check-code: $(READY)
	$(BIN)/ruff format --check .
	$(BIN)/ruff check .
	$(BIN)/mypy
	$(BIN)/lint-imports

check-pages: $(READY)
	$(BIN)/python scripts/messages.py --check
	$(BIN)/python scripts/reference.py --check
	$(BIN)/python scripts/criteria_pages.py --check
	$(BIN)/python scripts/check_pages.py --check
	$(BIN)/python scripts/schemas.py --check
	$(BIN)/python scripts/report_template.py --check
	$(BIN)/lowuse rules lint national
	$(BIN)/lowuse rules lint jinghai
	$(BIN)/lowuse rules test
	$(BIN)/mkdocs build --strict --quiet

format: $(READY) ## format and mend what the linter can
	$(BIN)/ruff format .
	$(BIN)/ruff check --fix .

sample: $(READY) ## rebuild the sample district and delivery, byte for byte
	$(BIN)/python sample_data/make_sample.py
	$(BIN)/python sample_data/make_deliveries.py

bench: $(READY) $(PEERS)/.ready ## measure all again beside peers, and write benchmarks/RESULTS.md (hours; BENCH=--quick: minutes)
	$(BIN)/python benchmarks/everything.py --peers $(PEERS)/bin/python $(BENCH)

$(PEERS)/.ready: benchmarks/peers.txt
	@set -e; if command -v uv >/dev/null 2>&1; then \
	    test -x $(PEERS)/bin/python || uv venv --python '>=3.11,<3.14' $(PEERS); \
	    uv pip install --python $(PEERS)/bin/python --quiet -r benchmarks/peers.txt; \
	else \
	    test -x $(PEERS)/bin/python || $(PYTHON) -m venv $(PEERS); \
	    $(PEERS)/bin/python -m pip install --quiet -r benchmarks/peers.txt; \
	fi
	@touch $(PEERS)/.ready

docs: $(READY) reference ## build the documentation into site/
	$(BIN)/mkdocs build --strict

reference: $(READY) ## write the generated pages and the schemas of the rules
	$(BIN)/python scripts/reference.py
	$(BIN)/python scripts/criteria_pages.py
	$(BIN)/python scripts/check_pages.py
	$(BIN)/python scripts/schemas.py
	$(BIN)/python scripts/report_template.py

pictures: $(READY) ## make all pictures of the documents from the sample district (packages as for test-system)
	$(BIN)/python scripts/pictures.py
	$(BIN)/python scripts/unit_pictures.py
	$(BIN)/python scripts/page_pictures.py
	$(BIN)/python scripts/qgis_picture.py
	$(BIN)/python scripts/report_picture.py

messages: $(READY) ## compile the message catalogue
	$(BIN)/python scripts/messages.py

wheelhouse: $(READY) ## collect all wheels for a machine without internet
	$(BIN)/python -m pip wheel --quiet --wheel-dir wheelhouse .

clean:           ## remove what was built
	rm -rf $(VENV) $(PEERS) site dist build demo wheelhouse
