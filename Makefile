# Two commands: `make run` and `make test`. The others are for people who change the code.
# Needed: git, make and Python 3.11 or newer (name another one with PYTHON=...).
.POSIX:
PY = .venv/bin/python
ALL = run netting test check

help:
	@sed -n 's/^\([a-z-]*\):.*## /  make \1: /p' Makefile

run: ## install, migrate, load the demo network into an empty database, serve
	@bin/run

test: ## install what tests need, run every check and every test
	@bin/venv $(ALL)
	@$(PY) bin/test

check: ## style, types, imports, templates, words, dead code, needs
	@bin/venv $(ALL)
	@bin/check

format: ## let ruff write the code as the checks want it
	@bin/venv $(ALL)
	@$(PY) -m ruff format --quiet . && $(PY) -m ruff check --fix --quiet .

lock: ## write requirements/*.txt anew (UPGRADE=1 for the newest versions)
	@bin/venv $(ALL)
	@$(PY) bin/lock $${UPGRADE:+--upgrade}

vendor: ## fetch fonts and icons from npm as locked (needs Node.js)
	@bin/venv $(ALL)
	@$(PY) frontend/vendor.py

demo: ## load the demo network into the database
	@bin/venv run
	@.venv/bin/incubator demo

screenshots: ## take the pictures of the README again
	@bin/venv $(ALL)
	@$(PY) bin/screenshots

mutants: ## put faults into rules and ledger and count those that tests notice (ONLY=deals.rules)
	@bin/venv $(ALL) mutate
	@$(PY) bin/mutants $(ONLY)

torture: ## five minutes of talk while workers, PostgreSQL, Redis and connections die
	@bin/venv $(ALL)
	@$(PY) -m tests.torture

bench-pages: ## measure the pages against a bare floor
	@bin/venv $(ALL)
	@$(PY) -m bench.pages

bench-directory: ## measure searching among 100,000 members against 1,000 and a bare floor
	@bin/venv $(ALL)
	@$(PY) -m bench.directory

bench-hours: ## measure two years of hours of 5,000 members, and closing a month against plain SQL
	@bin/venv $(ALL)
	@$(PY) -m bench.hours

bench-help: ## measure 100,000 threads with a million posts against 1,000 threads
	@bin/venv $(ALL)
	@$(PY) -m bench.help

bench-today: ## measure Today and the search in a house of a million events
	@bin/venv $(ALL)
	@$(PY) -m bench.today

bench-chat: ## measure rooms of 50, 500 and 2,000 beside a bare loop and Socket.IO for Node.js
	@bin/venv $(ALL)
	@$(PY) -m bench.chat

bench-rooms: ## measure saying and reading in a room of a million messages against one of a hundred
	@bin/venv $(ALL)
	@$(PY) -m bench.rooms

bench-exchanges: ## measure moving mutual credit against plain SQL, a statement of 100,000 entries, rings of 10,000 firms
	@bin/venv $(ALL)
	@$(PY) -m bench.exchanges

clean: ## remove what tools left; .venv and instance/ stay
	@rm -rf .coverage* htmlcov build dist .hypothesis .import_linter_cache
	@rm -rf .mypy_cache .pytest_cache .ruff_cache
	@find incubator tests bench bin migrations -name __pycache__ -type d -prune -exec rm -rf {} +

.PHONY: help run test check format lock vendor demo mutants screenshots torture bench-pages bench-directory bench-hours bench-help bench-today bench-chat bench-rooms bench-exchanges clean
