# Kodeks. Go and make are all that is needed; `make` lists the targets.

GO       ?= go
BIN      := bin/kodeks
DEMO     := bin/demo-data
SAMPLE   := testdata/snomed testdata/icd10/icd10-fat.json testdata/icpc2/icpc2-fat.json testdata/icpc2/icpc2b-to-icd10.csv

.PHONY: help build demo test check generate bench bench-systems bench-resources bench-maps fuzz clean $(BIN)

help: ## list the targets
	@awk -F':.*## ' '/^[a-z-]+:.*## /{printf "  make %-13s %s\n", $$1, $$2}' $(MAKEFILE_LIST)

build: $(BIN) ## build bin/kodeks

$(BIN):
	@$(GO) build -trimpath -o $(BIN) ./cmd/kodeks

demo: $(BIN) ## build, import the bundled sample, serve it, and print what to try
	@rm -rf $(DEMO)
	@$(BIN) import $(SAMPLE) --release-version 2026 --data $(DEMO)
	@cat scripts/demo.txt
	@exec $(BIN) serve --data $(DEMO)

test: ## run all tests
	$(GO) test -timeout 30m ./...
	$(GO) test -C proto/gen ./...

check: ## generated code current, gofmt, vet, staticcheck, tests with the race detector
	$(GO) -C proto/gen run . -check
	$(GO) generate ./internal/samplegen && git diff --exit-code --stat -- testdata
	@test -z "$$(gofmt -l $$(git ls-files '*.go'))" || { gofmt -l $$(git ls-files '*.go'); echo "run gofmt -w on these"; exit 1; }
	$(GO) vet ./...
	$(GO) tool -modfile=scripts/tools/go.mod staticcheck ./...
	$(GO) test -race -timeout 45m ./...

generate: ## write the gRPC code and the sample anew
	$(GO) -C proto/gen run .
	$(GO) generate ./...

bench: ## import a full-size release and measure (BENCH_RELEASE=FOLDER for a real one)
	$(GO) test ./cmd/kodeks -run '^$$' -bench '^BenchmarkRelease$$' -benchtime 1x -timeout 60m -v

bench-systems: ## many code systems together (BENCH_DATA=FOLDER, or BENCH_SYSTEMS=PATH:PATH to import)
	$(GO) test ./cmd/kodeks -run '^$$' -bench '^BenchmarkSystems$$' -benchtime 1x -timeout 60m -v

bench-resources: ## large resources that clients write, and imported ones (BENCH_RESOURCES=200 BENCH_CONCEPTS=100000 BENCH_WAYS=put,import)
	$(GO) test ./cmd/kodeks -run '^$$' -bench '^BenchmarkResources$$' -benchtime 1x -timeout 90m -v

bench-maps: ## every map of a data folder, and chains of two (BENCH_DATA=FOLDER)
	$(GO) test ./cmd/kodeks -run '^$$' -bench '^BenchmarkMaps$$' -benchtime 1x -timeout 30m -v

fuzz: ## run every fuzz test for a while (FUZZTIME=30s each)
	@$(GO) run ./scripts/fuzz -time $(or $(FUZZTIME),30s)

clean: ## remove what was built
	rm -rf bin
