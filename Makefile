# make run, make test: each installs what is missing and builds first. Both can be repeated.
PRESET ?= release

.PHONY: run test test-long build install format lint page fuzz bench

install:
	@scripts/install

build: install
	cmake --preset $(PRESET)
	cmake --build build/$(PRESET)

run: build
	build/$(PRESET)/ondol-chat

test: build
	@scripts/test $(PRESET)

# A million messages past a reader who takes none; a thousand kills of the server under load, and the proof that they would show what they look for.
test-long: build
	SLOW_MESSAGES=1000000 BUILD=build/$(PRESET) node tests/protocol/run.mjs slow
	ONDOL_CHAT=build/$(PRESET)/ondol-chat node --max-old-space-size=8192 tests/chaos/run.mjs 1000
	ONDOL_CHAT=build/$(PRESET)/ondol-chat node tests/scale/run.mjs
	tests/chaos/mutants/run

format:
	git ls-files '*.cpp' '*.hpp' | xargs clang-format-19 -i

lint: build
	git ls-files '*.cpp' '*.hpp' | xargs clang-format-19 --dry-run --Werror
	git ls-files 'ondol/*.cpp' 'apps/*.cpp' | grep -vE '_(fuzz|test).cpp' | \
	  xargs -P $$(nproc) -n 4 clang-tidy-19 -p build/$(PRESET) --quiet

# Lets every fuzz target search for 30 seconds.
fuzz: install
	tests/fuzz/run

# Ours against peers on this machine; writes bench/RESULTS.md. BENCH="--quick --only fanout" narrows it.
bench: build
	cmake --build build/$(PRESET) --target bench
	PRESET=$(PRESET) node bench/run.mjs $(BENCH)

# Builds the browser client anew; the result is committed.
page:
	cd apps/chat/web && npm ci && npm run build
