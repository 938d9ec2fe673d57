# Two commands do it all: `make demo` and `make test`. Both set up .venv first.
PYTHON ?= python3.11
VENV := .venv
BIN := $(VENV)/bin
OUT ?= out/demo

.PHONY: install demo test lint benchmark clean

install: $(VENV)/.installed

$(VENV)/.installed: pyproject.toml constraints.txt
	$(PYTHON) -m venv $(VENV)
	$(BIN)/python -m pip install --quiet --constraint constraints.txt --editable '.[dev]'
	touch $@

demo: install
	$(BIN)/hwbtext mine corpora/sample -o $(OUT) --jobs 2 --force
	@echo "Open $(OUT)/report.html in a browser."

test: install
	$(BIN)/python -m pytest

lint: install
	$(BIN)/ruff check
	$(BIN)/ruff format --check
	$(BIN)/mypy
	$(BIN)/lint-imports

# Figures of benchmarks/RESULTS.md; the real papers and the gold lie outside the repository.
benchmark: install
	$(BIN)/python -m benchmarks.accuracy.frontpage --shared ../shared
	$(BIN)/python -m benchmarks.accuracy.outcomes --shared ../shared
	$(BIN)/python -m benchmarks.accuracy.classifiers --shared ../shared
	$(BIN)/python -m benchmarks.accuracy.classifiers --shared ../shared --curve
	$(BIN)/python -m benchmarks.accuracy.mentions --shared ../shared
	$(BIN)/python -m benchmarks.accuracy.agreement --shared ../shared
	$(BIN)/python -m benchmarks.accuracy.minutes --shared ../shared
	$(BIN)/python -m benchmarks.accuracy.topics --shared ../shared
	$(BIN)/python -m benchmarks.accuracy.drift --shared ../shared
	$(BIN)/python -m benchmarks.accuracy.parse --shared ../shared
	$(BIN)/python -m benchmarks.accuracy.fidelity --shared ../shared
	$(BIN)/python -m benchmarks.scrape.soak
	$(BIN)/python -m benchmarks.speed.parse --shared ../shared
	$(BIN)/python -m benchmarks.speed.classifiers --shared ../shared
	$(BIN)/python -m benchmarks.speed.topics --shared ../shared

clean:
	rm -rf $(VENV) out build dist .mypy_cache .pytest_cache .ruff_cache .import_linter_cache
