# Everything runs from .venv, which the first target that needs it makes. Needs: Python 3.11 or newer, git, make.

PYTHON ?= python3
PY := .venv/bin/python
CODE := agentorchestr_tui widgets themes tests

.PHONY: help demo test check bench real pictures format clean
.DEFAULT_GOAL := help

help:
	@echo "make demo      a whole session with the built-in rehearsal agents"
	@echo "make test      the test suite"
	@echo "make check     style, types and the walls between the rooms"
	@echo "make bench     figures beside named baselines"
	@echo "make real      every published agent that can be installed, through whole sessions"
	@echo "make pictures  every screen anew, in every size and theme, into snapshots/"
	@echo "make format    put the code into its style"
	@echo "make clean     remove what these targets made"

demo: .venv/ready
	@$(PY) -m agentorchestr_tui --demo

test: .venv/ready
	$(PY) -m pytest -n 3 --dist worksteal  # they wait for real programs more than they work: three for two cores

check: .venv/ready
	$(PY) -m ruff check $(CODE)
	$(PY) -m ruff format --check $(CODE)
	$(PY) -m mypy
	.venv/bin/lint-imports

bench: .venv/ready
	$(PY) -m tests.speed

soak: .venv/ready
	$(PY) -m tests.speed.soak

real: .venv/ready
	$(PY) -m pytest tests/real -n 2 --dist worksteal -m "real_all or not real_all"

pictures: .venv/ready
	$(PY) -m tests.tui.looks

format: .venv/ready
	$(PY) -m ruff check --fix $(CODE)
	$(PY) -m ruff format $(CODE)

clean:
	rm -rf .venv .mypy_cache .ruff_cache .pytest_cache .hypothesis .import_linter_cache .real build dist

.venv/ready: pyproject.toml
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' \
		|| { echo "Python 3.11 or newer is needed, $(PYTHON) is older: make PYTHON=python3.12"; exit 1; }
	@$(PYTHON) -m venv .venv \
		|| { echo "Python's venv module is missing: on Debian and Ubuntu, apt install python3-venv"; exit 1; }
	@$(PY) -m pip install --quiet --disable-pip-version-check --editable ".[dev]"
	@touch .venv/ready
