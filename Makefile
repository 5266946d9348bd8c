# Each target does its own set-up; what is there already is not made again. ARGS are passed on: make verify ARGS="logs --json"
SHELL := bash
.SHELLFLAGS := -euo pipefail -c
.DELETE_ON_ERROR:
.PHONY: help verify load up deploy down status doctor test check bench setup apps clean npm python3 go

python_app := apps/available-schedules-python
go_app := apps/available-schedules-go

help: ## show this list
	@sed -nE 's/^([a-z]+):.*## (.*)/\1|\2/p' $(MAKEFILE_LIST) | while IFS='|' read -r name what; do printf 'make %-8s %s\n' "$$name" "$$what"; done

verify: node_modules/.installed python3 go ## start the stack, break it on purpose, and say which claims are proven
	npm run --silent verify -- $(ARGS)

load: node_modules/.installed python3 go ## prove the signals, put a load on the stack, and judge its accounts and objectives
	npm run --silent signalproof -- load $(ARGS)

up: node_modules/.installed python3 go ## a reusable cluster with the stack and the ingress http://dev.local (needs Docker)
	npm run --silent signalproof -- up --env k3s $(ARGS)

deploy: node_modules/.installed python3 go ## build the apps and roll them out on that cluster; what did not change stays
	npm run --silent signalproof -- deploy $(ARGS)

status: node_modules/.installed ## what runs on that cluster, its addresses, and the kubeconfig for kubectl
	npm run --silent signalproof -- status --env k3s $(ARGS)

down: node_modules/.installed ## end that cluster
	npm run --silent signalproof -- down --env k3s $(ARGS)

doctor: node_modules/.installed ## what this machine has and lacks for make verify (fetches the npm packages first)
	npm run --silent signalproof -- doctor $(ARGS)

test: setup ## every test, then every layer
	npm test --silent -- $(ARGS)

check: node_modules/.installed ## format, lint, types, import direction, unused code, house rules, workflows, README
	npm run --silent check

bench: node_modules/.installed python3 go ## the numbers that the design promises
	npm run --silent bench -- $(ARGS)

setup: node_modules/.installed apps ## install what the tests need

apps: $(python_app)/.venv/.installed go ## install what the tests of the two demo APIs need
	cd $(go_app) && go mod download

clean: ## remove all that was made here; the cache of components stays
	if [ -d .signalproof ] && [ -f node_modules/.installed ]; then npm run --silent signalproof -- down; fi
	if [ -f .signalproof/environments/k3s.json ] && [ -f node_modules/.installed ]; then npm run --silent signalproof -- down --env k3s; fi
	rm -rf .signalproof dist coverage node_modules $(python_app)/.venv $(python_app)/.pytest_cache *.tgz
	find apps -name __pycache__ -type d -prune -exec rm -rf {} +

# A stamp is written last: an installation that was cut short has none. npm warns of the system Node.js, which runs npm only.
node_modules/.installed: package-lock.json | npm
	npm ci --loglevel=error
	touch $@

$(python_app)/.venv/.installed: $(python_app)/requirements-test.lock | python3
	rm -rf $(@D)
	python3 -m venv $(@D)
	$(@D)/bin/python -m pip install --quiet --disable-pip-version-check --require-hashes -r $<
	touch $@

npm python3 go:
	@tools/require-program.sh $@
