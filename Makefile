# Everything a visitor needs is `make play` and `make test`; what they do stands in scripts/.
.DEFAULT_GOAL := help
.PHONY: help play test bench lint verify assets

help: ## This list
	@awk -F ':.*## ' '/^[a-z]+:.*## / { printf "  make %-8s %s\n", $$1, $$2 }' $(MAKEFILE_LIST)

play: ## Sets the machine up, then plays a short recording: an interruption, a drain, the report
	@scripts/play.sh

test: ## Sets the machine up, then runs every check and every test
	@scripts/test.sh

bench: ## The benches, and what they compare with (minutes)
	@scripts/bench.sh

lint: ## Format, clippy, documentation, shell scripts
	@scripts/lint.sh

verify: ## The long proofs, and one table of them: models, guard, simulator, fuzzing, sanitizers, mutants (hours)
	@scripts/verify.sh

assets: ## Makes the bundled recordings and the README's picture again (needs espeak-ng, sox, python3)
	@scripts/make-assets.sh
	@scripts/make-picture.py
