# Two targets for everybody: `make demo` shows portscan at work on the example, `make test` runs the tests.
# Both set up .venv on their own; nothing but Python 3.10 or newer, git and make is needed.
PYTHON ?= python3
BIN = .venv/bin
MUTANTS_ARGS ?= --write

.PHONY: demo test judges bench lint types check coverage coverage-trusted mutants generated picture site accuracy panel trial release-check audit compat constraints contracts licences fuzz fuzz-figures wheel clean

demo: .venv/.demo
	cd examples/tradingsystem && ../../$(BIN)/portscan scan --exit-zero

test: .venv/.test
	$(BIN)/python -m pytest -n auto $(PYTEST_ARGS)

# The programs of others that some tests ask for; without them those tests are skipped. npm is needed for some of them.
judges: .venv/.judges

lint: .venv/.test
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .

types: .venv/.test
	$(BIN)/mypy

check: test lint types

# How much of the code the tests run, into docs/reliability.md; fails where that is too little.
coverage: .venv/.test
	$(BIN)/python -m pytest -n auto --cov --cov-report= $(PYTEST_ARGS)
	$(BIN)/python -m tools.covered --write

# The modules that decide, by their own tests: in less than a minute.
coverage-trusted: .venv/.test
	PORTSCAN_JUDGES=off PORTSCAN_THOROUGH=0 $(BIN)/python -m pytest -n auto --cov --cov-report= -q $$($(BIN)/python -m tools.trusted)
	$(BIN)/python -m tools.covered --trusted

# Whether the tests notice faults in the modules that decide, into docs/reliability.md; fails where they do not.
mutants: .venv/.mutants
	rm -rf mutants
	PATH="$$PWD/$(BIN):$$PATH" PORTSCAN_JUDGES=off $(BIN)/mutmut run $(MUTMUT_ARGS)
	$(BIN)/python -m tools.mutants $(MUTANTS_ARGS)

generated: .venv/.test
	$(BIN)/python -m tools.generated

picture: .venv/.test
	$(BIN)/python -m tools.picture

# The documentation as a site, in build/site; a link or an anchor that leads nowhere is an error.
site: .venv/.docs
	$(BIN)/python -m sphinx --builder html --fail-on-warning --fresh-env --keep-going --quiet --conf-dir docs/site \
	  --doctree-dir build/site-cache . build/site

accuracy: .venv/.test
	$(BIN)/python -m tools.accuracy --write

# The page of `portscan panel`, from its sources in panel/; npm is needed.
panel:
	cd panel && npm ci --silent --no-audit --no-fund && npm run --silent check && npm run --silent build

# portscan beside its peers, on git work trees that you name: make bench REPOS="../a ../b"
bench: .venv/.bench
	$(BIN)/python -m pip wheel --quiet --no-deps --wheel-dir dist .
	.venv/bench/bin/python -m pip install --quiet --disable-pip-version-check --force-reinstall --no-deps dist/portscan_registry-*.whl
	.venv/peers/bin/python -m benchmarks $(REPOS) --portscan .venv/bench $(BENCH_ARGS)

# Odd files, made with an eye on what code they reach, for every part that reads what others write.
FUZZ_SECONDS ?= 60
FUZZ_LIMIT ?= --seconds $(FUZZ_SECONDS)
fuzz: .venv/.fuzz
	$(BIN)/python tools/fuzz.py $(FUZZ_LIMIT) $(FUZZ_ARGS)

fuzz-figures: .venv/.test
	$(BIN)/python tools/fuzz.py --write

trial: .venv/.judges
	$(BIN)/python -m tools.trial $(TRIAL_ARGS) $(REPOS)

# Whether the commit that is checked out may be released: built twice and compared, judged, installed, tested.
release-check: .venv/.release
	$(BIN)/python -m tools.release $(RELEASE_ARGS)

# Known vulnerabilities in what users install along with portscan; asks the package index.
audit: .venv/.release
	$(BIN)/uv pip compile --quiet --generate-hashes --extra ask --extra doctor --extra xlsx pyproject.toml --output-file .venv/audited.txt
	$(BIN)/pip-audit --strict --disable-pip --require-hashes --requirement .venv/audited.txt

# The tests on every Python of the machine, with the newest and the oldest dependencies; one after the other, for an hour or so.
compat: .venv/.release
	$(BIN)/python -m tools.compat $(COMPAT_ARGS)

constraints: .venv/.release
	$(BIN)/python -m tools.compat --constraints
	$(BIN)/python -m tools.release.constraints

# What others build upon, as the tests pin it; docs/compatibility.md says what a change of it costs.
contracts: .venv/.test
	$(BIN)/python -m tools.contracts

licences: .venv/.release
	$(BIN)/python -m tools.release --tests none --write-licences

wheel: .venv/.test
	$(BIN)/python -m pip wheel --quiet --no-deps --wheel-dir dist .

clean:
	rm -rf .venv dist build mutants

.venv/bin/python:
	@$(PYTHON) -c 'import sys, venv; sys.exit(sys.version_info < (3, 10))' || \
	  { echo "portscan needs Python 3.10 or newer with its venv module; name one with 'make PYTHON=python3.12 …'" >&2; exit 1; }
	$(PYTHON) -m venv .venv

.venv/.demo: .venv/bin/python pyproject.toml
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --editable .
	touch $@

.venv/.test: .venv/bin/python pyproject.toml
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --editable '.[dev]'
	touch $@ .venv/.demo

.venv/.judges: .venv/.test tests/node/package.json
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --editable '.[judges]'
	mkdir -p .venv/node && cp tests/node/package.json .venv/node/
	cd .venv/node && npm install --silent --no-audit --no-fund --no-package-lock
	touch $@

.venv/.fuzz .venv/.mutants .venv/.docs .venv/.release: .venv/.%: .venv/.test
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --editable '.[$*]'
	touch $@

.venv/.bench: .venv/.test
	$(PYTHON) -m venv .venv/bench
	# An old pip writes a start script that loads a regular expression first; whoever installs today has a new one.
	.venv/bench/bin/python -m pip install --quiet --disable-pip-version-check --upgrade pip
	.venv/bench/bin/python -m pip install --quiet --disable-pip-version-check .
	$(PYTHON) -m venv .venv/peers
	.venv/peers/bin/python -m pip install --quiet --disable-pip-version-check --only-binary :all: ast-grep-cli matplotlib ripgrep semgrep
	touch $@
