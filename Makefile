PYTHON ?= python3
PY := .venv/bin/python
LOCK := uv pip compile --quiet pyproject.toml --python-version 3.11 --universal --generate-hashes --no-emit-index-url
# `manage.py check --deploy` looks at a start as on a production machine; the secrets are thrown away.
PRODUCTION := env -u EMBEDDED $$($(PY) -I config/keys.py) DATABASE_URL=postgres://chatdock@db/chatdock REDIS_URL=redis://redis/0 \
	DASHBOARD_URL=https://app.example.com EMBED_URL=https://chat.example.com ALLOWED_HOSTS=app.example.com,chat.example.com \
	TRUSTED_PROXIES=1 EMAIL_URL=smtp+tls://user:password@mail.example.com:587 DEFAULT_FROM_EMAIL=chat@example.com

.DEFAULT_GOAL := help
.PHONY: help run test test-browsers test-snippets check check-js bench demo-reset secrets lock venv venv-dev

help: ## List the targets
	@awk -F ':.*## ' '/^[a-z-]+:.*## / {printf "make %-14s %s\n", $$1, $$2}' $(MAKEFILE_LIST)

run: venv ## Start everything on this machine with demo data (PORT, DEMO_SITE_PORT, STANDIN_PORT)
	@$(PY) -m config.demo

demo-reset: ## Delete the demo's database, secrets and queue; the next `make run` starts afresh
	rm -rf var

test: venv-dev ## Run all tests with PostgreSQL, Redis and Chromium, then without (installs them by apt if missing)
	@$(PY) -m tests

test-browsers: venv-dev ## Tell the main stories in Firefox and WebKit (apt: firefox-esr webkit2gtk-driver xvfb)
	CHATDOCK_FULL=1 $(PY) -m pytest tests/browsers/stories.py

test-snippets: venv-dev ## Build the Install page's snippets with the real frameworks, and open them (needs Node and Chromium)
	npm install --prefix tests/snippets --no-package-lock --no-audit --no-fund --silent
	CHATDOCK_FULL=1 $(PY) -m pytest tests/snippets/frameworks.py

check: venv-dev ## Lint, types, floors, migrations, the API's description and deployment checks
	$(PY) -m ruff check .
	$(PY) -m ruff format --check .
	$(PY) -m mypy .
	.venv/bin/lint-imports --no-cache
	DJANGO_SETTINGS_MODULE=tests.settings $(PY) manage.py makemigrations --check --dry-run
	$(PRODUCTION) $(PY) manage.py spectacular --fail-on-warn --validate --file /dev/null
	$(PRODUCTION) $(PY) manage.py check --deploy --fail-level WARNING

check-js: ## Check the types of the JavaScript (needs Node)
	npm install --prefix tests/js --no-package-lock --no-audit --no-fund --silent
	tests/js/node_modules/.bin/tsc --project tests/js

bench: venv-dev ## Measure the hot paths
	@$(PY) -m tests.bench

secrets: ## Print fresh secrets for .env
	@$(PYTHON) -I config/keys.py

lock: ## Resolve requirements.txt and requirements-dev.txt anew (needs uv)
	$(LOCK) --output-file requirements.txt
	$(LOCK) --extra dev --constraint requirements.txt --output-file requirements-dev.txt

venv:
	@sh .ci/install requirements.txt $(PYTHON)

venv-dev:
	@sh .ci/install requirements-dev.txt $(PYTHON)
