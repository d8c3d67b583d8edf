# Folkmoot's commands. `make` alone lists them.
.DEFAULT_GOAL := help
.PHONY: help run demo test quick check format bench soak faults deep pins compile vendor screenshots clean
# Delete the target of a recipe that fails.
.DELETE_ON_ERROR:

PORT ?= 8000
export PORT
# Let Python keep compiled modules, even where a container image turns that off, because many processes start.
unexport PYTHONDONTWRITEBYTECODE
# Faults that run at the same time: most of them are waiting for something.
PARALLEL ?= 2
BIN := .venv/bin
PIP := $(BIN)/python -m pip --disable-pip-version-check --quiet
UV := $(BIN)/uv
COMPILE = $(UV) pip compile --quiet --universal --python-version 3.11 --generate-hashes \
	--no-emit-index-url --no-annotate --no-header

help: ## list these commands
	@awk -F ':.*## ' '/^[a-z]+:.*## /{printf "  make %-11s %s\n", $$1, $$2}' $(MAKEFILE_LIST)

run: .venv/.installed ## serve at http://127.0.0.1:8000 (PORT=… changes it, RELOAD=1 follows edits)
	@UPGRADE_ON_START=1 exec $(BIN)/gunicorn -c gunicorn.conf.py

demo: .venv/.installed ## fill the site with a believable community, and print sign-ins
	@$(BIN)/flask db upgrade
	@$(BIN)/flask seed-demo

test: ## run every test, on PostgreSQL, Redis and Chromium of its own (ARGS="-k waiting" narrows it)
	@exec scripts/test.sh $(ARGS)

quick: .venv/.installed-dev ## run the tests that need nothing but SQLite (ARGS="tests/events -k waiting" narrows it)
	@$(BIN)/python scripts/test_parts.py --quick $(ARGS)

check: ## ruff, mypy, templates, style sheets, JavaScript, pins
	@scripts/parts.sh python node
	@$(MAKE) --silent .venv/.installed-dev
	@$(BIN)/python scripts/check.py

format: .venv/.installed-dev ## format templates and style sheets (ARGS="templates/events" narrows it)
	@$(BIN)/python scripts/format_templates.py $(ARGS)
	@$(if $(ARGS),,$(BIN)/python scripts/format_css.py)

bench: ## measure speed and memory, into bench/results (ARGS="--rows event --seconds 3" narrows it)
	@scripts/parts.sh python postgresql redis chromium wrk nginx
	@$(MAKE) --silent .venv/.installed-dev
	@$(BIN)/python -m bench $(ARGS)

soak: ## run 40 people for ten minutes while processes are killed (ARGS="--minutes 2 --people 20" narrows it)
	@scripts/parts.sh python postgresql redis
	@$(MAKE) --silent .venv/.installed-dev
	@$(BIN)/python -m bench.soak $(ARGS)

faults: ## break everything that can break, and write docs/faults.md (ARGS="-k redis" narrows it, and only prints)
	@scripts/parts.sh python postgresql redis
	@$(MAKE) --silent .venv/.installed-dev
	@FAULT_TABLE=$(if $(ARGS),,docs/faults.md) $(BIN)/python -m pytest -n $(PARALLEL) -m faults tests/faults $(ARGS)

deep: ## run the slow tests: races at full size, every journey, PostgreSQL; write docs/deep.md (ARGS narrows it, and only prints)
	@scripts/parts.sh python git curl openssl postgresql redis nginx systemd chromium prometheus
	@$(MAKE) --silent .venv/.installed-dev
	@FAULT_TABLE=$(if $(ARGS),,docs/deep.md) $(BIN)/python scripts/services.py run -- $(BIN)/python -m pytest -n $(PARALLEL) \
		--dist loadfile --no-loadscope-reorder -m "deep and (services or not postgresql)" $(ARGS)
	@TEST_DATABASE=postgresql $(BIN)/python scripts/services.py run -- $(BIN)/python -m pytest -n $(PARALLEL) \
		-m "(deep and (both_databases or postgresql) or any_database and not deep) and not faults and not browser and not services" $(ARGS)

pins: .venv/.installed-dev ## compile requirements*.in to requirements*.txt, with hashes (ARGS=--upgrade for newer ones)
	@$(MAKE) --no-print-directory compile

compile:
	@$(COMPILE) $(ARGS) requirements.in --output-file requirements.txt >/dev/null
	@$(COMPILE) $(ARGS) requirements-dev.in --constraints requirements.txt --output-file requirements-dev.txt >/dev/null
	@$(COMPILE) $(ARGS) requirements-s3.in --output-file requirements-s3.txt >/dev/null
	@$(COMPILE) $(ARGS) requirements-oracles.in --output-file requirements-oracles.txt >/dev/null

vendor: ## fetch the browser's libraries from npm, and check their hashes
	@scripts/parts.sh python npm
	@python3 scripts/vendor.py $(ARGS)

screenshots: ## take pictures of every page of the demo, into docs/screenshots
	@scripts/parts.sh python chromium
	@$(MAKE) --silent .venv/.installed-dev
	@$(BIN)/python -m scripts.screenshots

clean: ## remove what can be made again: caches, build/ and .venv (never instance/)
	@python3 scripts/services.py stop
	rm -rf .venv build .pytest_cache .mypy_cache .ruff_cache .hypothesis
	find . -name __pycache__ -type d -prune -exec rm -rf {} +

.venv/.installed: requirements.txt
	@scripts/make_venv.sh
	@echo "Installing what the application needs"
	@$(PIP) install --require-hashes -r requirements.txt
	@touch $@

# requirements-dev.txt includes the application's requirements, with the same pins.
.venv/.installed-dev: requirements-dev.txt requirements.txt
	@scripts/make_venv.sh
	@echo "Installing what the application, its tests and checks need"
	@scripts/install.sh requirements-dev.txt
	@touch .venv/.installed $@
