# The contract of commands; `.venv/bin/moodline --help` lists all else. Needs Python 3.11+, make and git, nothing more.
PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
STAMP := $(VENV)/.installed

.PHONY: setup demo test check bench chaos up clean

setup: $(STAMP)

# One pip command, so that torch and torchvision are chosen together (docs/decisions/0003).
$(STAMP): pyproject.toml
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11) and "Moodline needs Python 3.11 or newer, this is " + sys.version.split()[0] + "; name one: make setup PYTHON=python3.12")'
	$(PYTHON) -m venv $(VENV)
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --editable '.[all]'
	touch $@

demo: setup
	$(BIN)/moodline demo --out demo

# First what may run side by side; then what looks at clocks, processes and screens, one by one.
INTEGRATION := $(sort $(shell find tests/integration -name "test_*.py"))
ONE_BY_ONE := $(filter $(addprefix tests/integration/,pages/% producer/% worker/% \
	cli/test_watch.py cli/test_resume.py cli/test_private_valkey.py),$(INTEGRATION))
test: setup
	$(BIN)/python -m pytest tests/unit $(filter-out $(ONE_BY_ONE),$(INTEGRATION)) --numprocesses auto --dist loadfile
	$(BIN)/python -m pytest $(ONE_BY_ONE) tests/acceptance

check: setup
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy
	$(BIN)/lint-imports
	PYTHONDONTWRITEBYTECODE= $(BIN)/python -m pytest tests/unit --quiet --numprocesses auto --dist loadfile -m "not thorough"

bench: setup
	$(BIN)/python -m benchmarks.bench $(CLIPS)
	$(BIN)/python -m benchmarks.classifier_latency small
	$(BIN)/python -m benchmarks.pool_throughput
	$(BIN)/python -m benchmarks.scale

# Every fault that we know of, for some minutes: an analysis killed again and again, and a pool with its servers under
# kills, flushes, crashes and stops. Rows must be an undisturbed run's; the last line is JSON.
chaos: setup
	@rm -f $(VENV)/chaos.json
	CHAOS_REPORT=$(VENV)/chaos.json $(BIN)/python -m pytest tests/chaos --override-ini addopts= --import-mode=importlib -v -s
	@$(BIN)/python -m tests.chaos.report $(VENV)/chaos.json

# The pool in containers; secrets and settings: docs/deploy.md. Without containers: .venv/bin/moodline up
up:
	@command -v docker >/dev/null || { echo "make up needs Docker with Compose; without it, run the pool here: .venv/bin/moodline up" >&2; exit 2; }
	docker compose up --build --detach --wait

clean:
	rm -rf $(VENV) demo .mypy_cache .ruff_cache .pytest_cache .import_linter_cache
