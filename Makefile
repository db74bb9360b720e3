# make run    builds Fuyan and starts it with all that it needs; ARGS are its flags
# make test   runs every test with the race detector; TESTFLAGS are go test's

BUF      := go run github.com/bufbuild/buf/cmd/buf@v1.75.0
SQLC     := go run github.com/sqlc-dev/sqlc/cmd/sqlc@v1.31.1
GOFUMPT  := go run mvdan.cc/gofumpt@v0.12.0
GOLANGCI := go run github.com/golangci/golangci-lint/v2/cmd/golangci-lint@v2.15.0

export PATH := $(PATH):/usr/local/go/bin
# Any Go since 1.21 fetches the one that go.mod asks for, unless told not to.
export GOTOOLCHAIN := auto

has       = $(shell PATH="$(PATH)" command -v $(1))
postgres := $(wildcard $(addsuffix /initdb, /usr/lib/postgresql/*/bin /usr/pgsql-*/bin \
	/opt/homebrew/opt/postgresql*/bin /usr/local/opt/postgresql*/bin \
	/Applications/Postgres.app/Contents/Versions/*/bin /usr/local/pgsql/bin)) $(call has,initdb)

# Debian packages of what is missing here
for_build := $(if $(call has,go),,golang-go ca-certificates)
for_run   := $(for_build) $(if $(strip $(postgres)),,postgresql)
for_test  := $(for_run) $(if $(call has,gcc),,gcc libc6-dev) \
	$(if $(call has,chromium),,chromium fonts-noto-cjk) $(if $(call has,npm),,npm) \
	$(if $(wildcard /usr/sbin/pgbouncer)$(call has,pgbouncer),,pgbouncer)

# the checker of accessibility, of the tests in a browser alone
axe := browser/testdata/npm/node_modules/axe-core/axe.min.js

.PHONY: run build test check generate proto-deps drill soak bench deps-build deps-run deps-test

run: deps-run build
	./bin/fuyan $(ARGS)

build: deps-build
	go build -o bin/fuyan .

test: deps-test $(axe)
	go test -race -timeout 20m $(TESTFLAGS) ./...

# The drills are tests that do more when FUYAN_DRILL is set, as those in a browser do.
# Each time they are done anew: go would remember that they passed.
drill: deps-test $(axe)
	FUYAN_DRILL=1 go test -count=1 -race -run Drill -timeout 80m $(TESTFLAGS) ./...
	FUYAN_DRILL=1 go test -count=1 -race -timeout 40m $(TESTFLAGS) ./browser

# Half an hour of work at half the pace that can be kept; SOAK is another time.
SOAK := 30m
soak: deps-test
	FUYAN_SOAK=$(SOAK) go test -count=1 -run DrillSoak -timeout 12h -v $(TESTFLAGS) ./drill

$(axe): | deps-test
	-npm install --prefix browser/testdata/npm --no-save --no-package-lock --ignore-scripts --no-audit --no-fund axe-core@4.14.1

bench: deps-run
	go test -run '^$$' -bench . -timeout 60m $(TESTFLAGS) ./...

generate: deps-build proto-deps
	rm -rf gen
	$(BUF) generate
	$(SQLC) generate

proto-deps:
	go run ./proto/printdeps proto-deps

none = if [ -n "$$files" ]; then echo "$$files"; exit 1; fi

check: generate
	@echo "check: make generate changed nothing"
	@git diff --stat --exit-code -- gen
	@files=$$(git ls-files --others --exclude-standard -- gen) && $(none)
	@echo "check: go vet"
	@go vet ./...
	@echo "check: gofumpt"
	@files=$$($(GOFUMPT) -l .) && $(none)
	@echo "check: golangci-lint"
	@$(GOLANGCI) run
	@echo "check: sqlc vet"
	@$(SQLC) vet
	@echo "check: buf lint"
	@$(BUF) lint
	@echo "check: all is well"

# Installs what is missing, where that is one command for us; else the steps
# that follow say what they miss.
deps-build deps-run deps-test: deps-%:
	@missing="$(strip $(for_$*))"; \
	if [ -n "$$missing" ] && [ "$$(id -u)" = 0 ] && command -v apt-get >/dev/null; then \
		echo "installing $$missing"; \
		apt-get update -q && \
		DEBIAN_FRONTEND=noninteractive apt-get install -q -y --no-install-recommends $$missing || exit; \
	elif [ -n "$$missing" ]; then \
		echo "missing here (as Debian packages are called): $$missing"; \
	fi; \
	go version | grep -qE 'go1\.(2[1-9]|[3-9][0-9])' || \
		{ echo "Go 1.21 or newer is needed: https://go.dev/dl"; exit 1; }
