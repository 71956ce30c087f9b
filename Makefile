# The front door: `make help` lists what there is.
SHELL := /bin/bash
PREFIX ?= /usr/local
BUILD := swift build --explicit-target-dependency-import-check error
RELEASE := $(BUILD) -c release --static-swift-stdlib --product auterity
BINARY := .build/release/auterity
ARGS ?=

.PHONY: help setup run build release test coverage bench lint format install uninstall clean

help: ## List the targets
	@grep -hE '^[a-z]+:.*## ' $(MAKEFILE_LIST) | awk -F ':.*## ' '{printf "  make %-10s %s\n", $$1, $$2}'

setup: ## Install the system packages that are missing
	@scripts/install-packages

run: release ## Build and open the console (ARGS="--help" passes arguments)
	@$(BINARY) $(ARGS)

build: setup ## Build everything for debugging
	$(BUILD) --build-tests

release: setup ## Build the program as it is shipped
	@$(RELEASE)

test: setup ## Run all tests
	$(BUILD) --build-tests
	@scripts/test

coverage: setup ## Run all tests and print how much of each source file they reach
	swift test --enable-code-coverage --skip EndToEndTests
	@scripts/coverage

bench: release ## Measure the engine and the console, release build
	$(BUILD) -c release --static-swift-stdlib --product benchmarks
	.build/release/benchmarks $(ARGS)

lint: ## Check the format
	swift format lint --strict --parallel --recursive Package.swift Sources Tests Benchmarks

format: ## Put the sources in order
	swift format --in-place --parallel --recursive Package.swift Sources Tests Benchmarks

install: release ## Install below PREFIX (default /usr/local)
	DESTDIR="$(DESTDIR)" scripts/install $(BINARY) "$(DESTDIR)$(PREFIX)"

uninstall: ## Take away what install put below PREFIX
	scripts/install --remove "$(DESTDIR)$(PREFIX)"

clean: ## Take away what was built
	rm -rf .build
