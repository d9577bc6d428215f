# Make only calls what also works without it: pip install -e . and python -m stylelab.

VENV := .venv
PY := $(VENV)/bin/python
PYTHONS := $(PYTHON) python3.13 python3.12 python3.11 python3 python
PIP_FLAGS ?=
PIP_OPTIONS = --quiet --disable-pip-version-check $(PIP_FLAGS)
PIP_INSTALL = $(PY) -m pip install $(PIP_OPTIONS)

# TORCH=cpu takes torch's small build: uv knows where PyTorch keeps it.
UV = $(PY) -m uv pip
NVIDIA := /proc/driver/nvidia

# What laptops install from that have no network. PLATFORM=win_amd64 PYTHON=3.12 collects
# for other ones. Only uv knows what another platform needs; pip asks this one.
WHEELS := build/wheelhouse
LIST := build/wheelhouse.txt
SYSTEM = $(or $(if $(filter win%,$(PLATFORM)),windows),\
  $(if $(filter macosx%,$(PLATFORM)),macos),linux)
ifdef PLATFORM
OTHER_PYTHON = $(PYTHON:%=--python-version %)
UV_FOR = --python-platform $(SYSTEM) $(OTHER_PYTHON)
PIP_FOR = --only-binary :all: --platform $(PLATFORM) $(OTHER_PYTHON)
endif

# Two tests at a time, each file by one process, and each process with one thread: more
# only wait for each other on pictures of a few pixels.
PYTEST := OMP_NUM_THREADS=1 $(PY) -m pytest -n 2 --dist loadfile

# What is installed: the package; with the book's tools; with these and the tests'.
READY := $(VENV)/.installed
READY_BOOK := $(VENV)/.installed-book
READY_TEST := $(VENV)/.installed-test

# pip compiles every file of every package, a third of its time. Instead each file is
# compiled when it is first imported, and kept: so this must not forbid it.
unexport PYTHONDONTWRITEBYTECODE

.PHONY: help demo lab studio doctor book slides wheelhouse bench bench-quick words test test-slow \
  format lint clean

help:  ## this list
	@sed -n 's/^\([a-z-]*\):.*##/  make \1:/p' Makefile

demo: $(READY)  ## starry night on a palace, a texture, a reconstruction
	@$(PY) -m stylelab demo

lab: $(READY)  ## JupyterLab on your own copy of the notebooks
	@$(PY) -m stylelab lab

studio: $(READY)  ## a page where visitors' photos become paintings
	@$(PY) -m stylelab studio

doctor: $(READY)  ## what is installed, and what this machine can do
	@$(PY) -m stylelab doctor

book: $(READY_BOOK)  ## the notebooks, the guides and the code as one site to read
	@$(PY) -m sphinx -q -E -a -c docs/book -d build/book-cache . build/book
	@echo "Open build/book/index.html."

slides: $(READY_BOOK)  ## slides of each notebook, for a projector and without a network
	@$(PY) tools/slides.py notebooks/[0-9]*.ipynb
	@echo "Open build/slides/01.html; S opens the speaker's notes."

wheelhouse: $(PY)  ## all that laptops without a network install from (docs/where.md)
	@rm -rf build/lib
	@mkdir -p $(WHEELS)
	@$(SAY_IF_LARGE)
ifneq ($(PLATFORM)$(TORCH),)
	@$(PIP_INSTALL) uv
	@$(PY) -m pip wheel $(PIP_OPTIONS) --no-deps --wheel-dir $(WHEELS) .
	@$(UV) compile --quiet --python $(PY) $(UV_FOR) $(TORCH:%=--torch-backend %) \
	  --emit-index-annotation pyproject.toml --output-file $(LIST)
	@$(PY) -m pip download $(PIP_OPTIONS) --no-deps $(PIP_FOR) --dest $(WHEELS) \
	  $(if $(TORCH),$$(sed -n 's/^ *# from /--extra-index-url /p' $(LIST) | sort -u)) \
	  --requirement $(LIST)
else
	@$(PY) -m pip wheel $(PIP_OPTIONS) --wheel-dir $(WHEELS) .
endif
	@sed -n '/^## With the wheelhouse/,/^## J/{/^## /!p;}' docs/where.md \
	  > $(WHEELS)/README.txt
	@echo "It was made for Python and systems with these names (cp312 is Python 3.12):" \
	  >> $(WHEELS)/README.txt
	@ls $(WHEELS) | sed -n 's/^torch-[^-]*-\([^-]*\)-[^-]*-\(.*\).whl/    \1 \2/p' \
	  >> $(WHEELS)/README.txt
	@du -sh $(WHEELS)

bench-quick: $(READY)  ## a few numbers beside those this machine had before: minutes
	@$(PY) -m benchmarks.quick

bench: $(READY)  ## time and memory beside a bare pass and other packages: an hour
	@$(PY) -m benchmarks

words: $(READY_TEST)  ## collect the texts for translators, and compile what they wrote
	@$(PY) tools/words.py

test: $(READY_TEST)  ## the tests
	@$(PYTEST) -m "not slow" || { $(SAY_IF_NONE_RAN) }

test-slow: $(READY_TEST)  ## the tests that take minutes
	@$(PYTEST) -m slow || { $(SAY_IF_NONE_RAN) }

format: $(READY_TEST)  ## rewrite the code in the house style
	@$(PY) -m ruff check --fix
	@$(PY) -m ruff format

lint: $(READY_TEST)  ## say what format would change, and which types are wrong
	@$(PY) -m ruff check
	@$(PY) -m ruff format --check
	@$(PY) -m mypy

clean:  ## remove caches; .venv, demo/ and my-notebooks/ stay
	@rm -rf build *.egg-info .pytest_cache .mypy_cache .ruff_cache .hypothesis
	@find . -name $(VENV) -prune -o -name __pycache__ -prune -exec rm -rf {} +

# pytest ends with 5 when it found nothing to run. That is no success.
SAY_IF_NONE_RAN = code=$$?; \
  [ $$code -ne 5 ] || echo "No test ran, and that counts as a failure." >&2; \
  exit $$code;

$(PY):
	@if [ -L $(PY) ]; then \
	  echo "The Python of $(VENV) is gone: remove $(VENV) and run make again." >&2; \
	  exit 2; \
	fi; \
	for python in $(PYTHONS); do \
	  if $$python -c "$(IS_FIT)" 2>/dev/null; then \
	    echo "Making $(VENV) with $$($$python --version)"; \
	    $$python -m venv $(VENV) && $(PIP_INSTALL) --upgrade pip; \
	    exit; \
	  fi; \
	done; \
	echo "stylelab needs Python >= 3.11 with its venv module, and none was found" \
	  "(on Debian and Ubuntu: apt install python3-venv)." >&2; \
	exit 2

IS_FIT = import ensurepip, sys, venv; sys.exit(sys.version_info < (3, 11))

# A .venv that was already there is used as it is: with a small torch in it, say.
$(READY): pyproject.toml | $(PY)
	@$(call install,.)
	@touch $@

$(READY_BOOK): pyproject.toml | $(PY)
	@$(call install,.[docs])
	@touch $(READY) $@

$(READY_TEST): pyproject.toml | $(PY)
	@$(call install,.[test])
	@touch $(READY) $(READY_BOOK) $@

# The default torch for Linux has 3 GB for graphics cards of NVIDIA: said where none is.
HAS_TORCH = from importlib.util import find_spec; assert find_spec('torch')
define SAY_IF_LARGE
if [ -z "$(TORCH)$(PLATFORM)" ] && [ "$$(uname -sm)" = "Linux x86_64" ] \
  && [ ! -e $(NVIDIA) ] && ! command -v nvidia-smi >/dev/null \
  && ! $(PY) -c "$(HAS_TORCH)" 2>/dev/null; then \
  echo "This downloads 3.2 GB: torch's default build has libraries for a graphics" \
    "card of NVIDIA, which this machine does not have. 0.4 GB are enough:" \
    "press Ctrl-C, then run 'make $(or $(MAKECMDGOALS),demo) TORCH=cpu'."; \
fi
endef

define install
[ -e $(READY) ] && echo "Bringing $(VENV) up to date." || \
  echo "Installing into $(VENV): about two minutes, once."; \
$(PY) -m pip --version >/dev/null 2>&1 || $(PY) -m ensurepip >/dev/null; \
$(SAY_IF_LARGE); \
$(if $(TORCH),$(PIP_INSTALL) uv && $(UV) install --quiet --python $(PY) \
  --torch-backend $(TORCH) --requirement pyproject.toml &&) \
$(PIP_INSTALL) --no-compile --editable "$(1)"
endef
