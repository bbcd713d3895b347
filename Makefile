# Each target says in a sentence what it does and, when it fails, what to do next; the steps are in scripts/.
MAKEFLAGS += --no-print-directory
.DEFAULT_GOAL := help
.PHONY: help run test fast web bench backtest doctor

help: ## Show this list
	@echo "Cairn. First: make run"
	@awk -F ':.*## ' '/^[a-z]+:.*## / { printf "  make %-8s %s\n", $$1, $$2 }' $(MAKEFILE_LIST)

run: ## Install what is missing, build, and serve a sample company on http://127.0.0.1:7777
	@echo "Building Cairn and serving a sample company."
	@scripts/run.sh

test: ## Run every check: web, format, lints, tests on both databases, licences, browser
	@echo "Running every check; about ten minutes on two cores the first time."
	@scripts/test.sh all

fast: ## Run the format, the lints and the Rust tests on SQLite
	@echo "Running the format, the lints and the Rust tests on SQLite."
	@scripts/test.sh fast

web: ## Build what browsers load into web/dist
	@echo "Building what browsers load."
	@scripts/setup.sh run
	@npm run --silent --prefix web build || { echo "Next: rm -rf web/node_modules, then make web again."; exit 1; }

bench: ## Measure the speed of the most frequent operations on both databases
	@echo "Measuring; leave the machine alone meanwhile."
	@scripts/postgres.sh cargo run --release --locked -p cairn --example bench && \
		scripts/postgres.sh cargo run --release --locked -p search --example search_bench || \
		{ echo "Next: if the build failed, read its first error; if the server did, run make doctor."; exit 1; }

backtest: ## Test the forecasts on histories: make backtest HISTORIES=folder-of-csv-files
	@echo "Forecasting from every week of each history, and counting how often it came true."
	@cargo run --release --locked -q -p forecast --example backtest -- $(OPTIONS) \
		$(or $(HISTORIES),crates/forecast/tests/histories $(wildcard ../shared/data)) || \
		{ echo "Next: give a folder of files with one finish date a line, as HISTORIES=folder."; exit 1; }

doctor: ## Say what this machine has and what it lacks
	@echo "Looking at what this machine has."
	@scripts/setup.sh report
