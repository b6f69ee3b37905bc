# SPDX-License-Identifier: Apache-2.0
# The one door to the project. `make demo` and `make test` work on a fresh machine: Debian 12 with Swift.

.PHONY: help setup build demo test test-slow certify sanitize bench install clean python

PREFIX ?= /usr/local

help:
	@echo "make setup     install or find what the build needs"
	@echo "make build     build host and its plugins (.build/release/host)"
	@echo "make demo      move a small archive into a private MLflow server and show what arrived"
	@echo "make test      build and run every test that is quick; make test-slow for all"
	@echo "make certify   hold the tests' stub servers against the real clients of the trackers"
	@echo "make sanitize  host, plugins and SDK under AddressSanitizer"
	@echo "make bench     measure against raw requests and the Python peers"
	@echo "make install   copy host and its plugins to PREFIX ($(PREFIX))"

setup:
	@scripts/setup.sh

build: setup
	@echo "build: host and its plugins (release)"
	@scripts/build.sh

python:
	@scripts/python.sh

demo: build python
	@.deps/venv/bin/python scripts/demo.py

test: setup python
	@scripts/test.sh quick

certify: python
	@scripts/certify.sh

test-slow: setup python
	@scripts/test.sh all

sanitize: setup
	@scripts/sanitize.sh

bench: build python
	@.deps/venv/bin/python Benchmarks/bench.py

install: build
	@scripts/install.sh "$(PREFIX)"

clean:
	rm -rf .build .deps plugin-sdk/.build
