# Needs make and Python 3.11 or newer, nothing else. What is installed goes into .venv, and the network is used only
# when a requirements file is newer than its stamp there. `make run` never installs what only the tests need.

VENV := .venv
BIN := $(VENV)/bin
WIRE := 127.0.0.1:8765
TO_RUN := $(VENV)/requirements.stamp
TO_DEVELOP := $(VENV)/requirements-dev.stamp
# What a database can change: storage, locks, sums, whole journeys, real processes. ON_POSTGRESQL=tests runs all of it there.
ON_POSTGRESQL := tests/models tests/ledger tests/queries tests/faults tests/tasks \
	$(addprefix tests/journeys/test_,every_kind.py page_and_api.py whole_life.py) \
	$(addprefix tests/actions/test_,two_at_once.py score_predictions.py resolve_prediction.py apply_import.py import_block.py) \
	"tests/jobs/test_random_lives.py::test_it_works[1]" tests/jobs/test_moves.py tests/api/test_bulk.py \
	tests/web/test_scorecards.py tests/web/test_predictions.py
CHROMIUM := $(shell command -v chromium || command -v chromium-browser || command -v google-chrome)

export PIP_DISABLE_PIP_VERSION_CHECK := 1
export PIP_ROOT_USER_ACTION := ignore

.PHONY: run test lint bench browser
.SILENT:

run: $(TO_RUN)
	$(BIN)/python manage.py migrate --verbosity 0
	EVIDENCE_ALLOW_PRIVATE_HOSTS=$(WIRE) $(BIN)/python manage.py load_demo --if-empty --wire $(WIRE)
	EVIDENCE_ALLOW_PRIVATE_HOSTS=$(WIRE) exec $(BIN)/python manage.py serve --wire $(WIRE)

test: $(TO_DEVELOP)
	status=0; \
	echo "== Tests on SQLite"; \
	( unset DATABASE_URL REDIS_URL; exec $(BIN)/python -m pytest -n 2 --dist loadgroup ) || status=1; \
	echo "== Tests on PostgreSQL and Valkey"; \
	$(BIN)/python -m tests.servers -- $(BIN)/python -m pytest -n 2 --dist loadgroup $(ON_POSTGRESQL) || status=1; \
	exit $$status

lint: $(TO_DEVELOP)
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy
	$(BIN)/lint-imports

bench: $(TO_DEVELOP)
	$(BIN)/python -m benchmarks

ifdef CHROMIUM
browser: $(TO_DEVELOP)
	$(BIN)/python -m pytest -m browser
else
browser:
	echo "Browser tests skipped: there is no chromium, chromium-browser or google-chrome (Debian: apt install chromium)"
endif

$(VENV)/%.stamp: %.txt requirements.txt $(VENV)/made.stamp
	echo "Installing $< into $(VENV), which takes about a minute the first time"
	$(BIN)/python -m pip install --quiet --requirement $<
	touch $@

# PYTHON=... comes first in the search. The stamp is made last, so an interrupted start is started again.
$(VENV)/made.stamp:
	for python in $(PYTHON) python3.11 python3.12 python3.13 python3; do \
		"$$python" -c 'import sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null || continue; \
		found=$$python; \
		"$$python" -c 'import ensurepip, venv' 2>/dev/null || continue; \
		"$$python" -m venv $(VENV) && touch $@; \
		exit; \
	done; \
	if [ "$$found" ]; then \
		echo "$$found cannot make a virtual environment; install its venv module (Debian: apt install $$found-venv)"; \
	else \
		echo "Reckoner needs Python 3.11 or newer, and no python3.11, python3.12, python3.13 or python3 here is that"; \
	fi >&2; \
	exit 1
