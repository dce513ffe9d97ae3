# Two commands matter: `make run` serves the dashboard, `make test` runs the tests.
# Every target stands on .venv/ready, the rule that sets everything up.

PYTHON ?= python3
BIN := .venv/bin
EXTRAS := dask,dev,excel,notify,postgres,spark
# A file of tests stays in one process, for its server; the slow files, the browser's, come first.
CORES := -n 2 --dist loadfile --no-loadscope-reorder

run: .venv/ready ## serve the dashboard (Ctrl-C stops it)
	@exec $(BIN)/streamlit run dashboard/app.py

test: .venv/ready ## what a developer runs often
	@$(BIN)/pytest $(CORES)

test-all: .venv/ready ## everything, the slow tests too
	@$(BIN)/pytest $(CORES) -m ""

check: .venv/extras ## lint, format, types
	@$(BIN)/ruff check . && $(BIN)/ruff format --check . && $(BIN)/mypy

fuzz: .venv/extras ## ten thousand random frames and as many damaged files
	@TIDELINE_FUZZ=10000 $(BIN)/pytest tests/bad_inputs/test_fuzz.py

certificate: .venv/ready ## simulate how often the verdicts are wrong; writes core/CERTIFICATE.md
	@$(BIN)/python bench/certificate.py

bench: .venv/ready ## how fast, beside reading alone and other tools; writes .bench/results.md
	@$(BIN)/python bench/run.py --goals

# Rebuilt only when the requirements change.
.venv/ready: requirements.txt
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' \
	  || { echo "Tideline needs Python 3.11 or newer; say which with: make PYTHON=python3.12 $(MAKECMDGOALS)"; exit 1; }
	@if command -v uv >/dev/null; then \
	  uv venv --quiet --allow-existing --python $(PYTHON) .venv && uv pip install --quiet --python $(BIN)/python -r requirements.txt; \
	else \
	  $(PYTHON) -c 'import ensurepip, venv' 2>/dev/null \
	    || { echo "Python's venv module is missing. Install it with: sudo apt-get install -y python3-venv"; exit 1; }; \
	  $(PYTHON) -m venv .venv && $(BIN)/python -m pip install --quiet --disable-pip-version-check -r requirements.txt; \
	fi
	@touch $@

.venv/extras: .venv/ready pyproject.toml
	@if command -v uv >/dev/null; then uv pip install --quiet --python $(BIN)/python -e '.[$(EXTRAS)]'; \
	else $(BIN)/python -m pip install --quiet --disable-pip-version-check -e '.[$(EXTRAS)]'; fi
	@touch $@

.PHONY: run test test-all check certificate fuzz bench
