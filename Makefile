# `make help` lists what there is. PYTHON=… picks the interpreter, ARGS=… goes to the command.
ARGS =
BENCH = *
BIN = .venv/bin
LOCK = $(BIN)/uv pip compile --quiet --universal --python-version 3.11 --generate-hashes --no-header --no-annotate \
  --no-emit-index-url --no-emit-find-links $(ARGS)
export PYTHON

.DEFAULT_GOAL := help
.PHONY: help env demo test lint format glossary bench lock clean

help: ## list the targets
	@sed -n 's/^\([a-z]*\):.*## \(.*\)/  make \1\t\2/p' $(MAKEFILE_LIST) | expand -t 16

env: ## make .venv with .venv/bin/kb; needs Python 3.11 or later
	@.ci/env runtime

demo: env ## load the seeds, publish them and serve the pages and the API on this machine
	@exec $(BIN)/kb demo $(ARGS)

test: ## run the tests on both engines (ARGS='-k retraction')
	@.ci/env dev
	@exec $(BIN)/pytest $(ARGS)

lint: ## style, format, types and import directions; changes nothing
	@.ci/env dev
	@status=0; \
	for check in 'ruff check' 'ruff format --check' 'pyright' 'lint-imports'; do \
	  echo "== $$check"; $(BIN)/$$check || status=1; \
	done; exit $$status

format: ## put imports in order, fix what can be fixed, format
	@.ci/env dev
	@$(BIN)/ruff check --fix-only --quiet
	@$(BIN)/ruff format

glossary: ## write the generated parts of schema/README.md again
	@.ci/env dev
	@$(BIN)/python -m tests.schema.glossary

bench: ## measure every performance claim on this machine (BENCH=pubmed_parse for one)
	@.ci/env bench
	@for bench in bench/$(BENCH).py; do echo "== $$bench"; $(BIN)/python $$bench $(ARGS) || exit; done

lock: ## lock the dependencies again after a change of pyproject.toml (ARGS=--upgrade takes newer versions)
	@.ci/env dev
	$(LOCK) pyproject.toml -o requirements.lock
	$(LOCK) --group build --constraint requirements.lock -o requirements-build.lock
	$(LOCK) pyproject.toml --group dev --constraint requirements.lock --constraint requirements-build.lock -o requirements-dev.lock
	$(LOCK) pyproject.toml --group dev --group bench --constraint requirements-dev.lock -o requirements-bench.lock

clean: ## remove .venv and every cache in this folder
	rm -rf .venv .pytest_cache .ruff_cache .hypothesis .import_linter_cache build dist
	find . -name __pycache__ -type d -prune -exec rm -rf {} +
