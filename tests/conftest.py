"""Every test runs offline and with empty caches, its child processes included."""

import importlib.util
import os
import shutil
import signal
import tempfile
from pathlib import Path

import pytest

OFFLINE = Path(__file__).parent / "offline"
HOME = Path(tempfile.mkdtemp(prefix="stylelab-tests-"))

# A folder each, so that no cache, setting or kernel of this machine helps or harms.
FOLDERS = (
    "HF_HOME",
    "IPYTHONDIR",
    "JUPYTERLAB_SETTINGS_DIR",
    "JUPYTERLAB_WORKSPACES_DIR",
    "JUPYTER_CONFIG_DIR",
    "JUPYTER_DATA_DIR",
    "JUPYTER_RUNTIME_DIR",
    "LOCALAPPDATA",
    "MPLCONFIGDIR",
    "TORCH_HOME",
    "XDG_CACHE_HOME",
    "XDG_CONFIG_HOME",
    "XDG_DATA_HOME",
)


def keep_browsers() -> None:
    """A browser is a tool, not a cache: Playwright keeps finding what it downloaded."""
    variables = (os.environ.get(name) for name in ("LOCALAPPDATA", "XDG_CACHE_HOME"))
    for cache in filter(None, [*variables, "~/Library/Caches", "~/.cache"]):
        browsers = Path(cache).expanduser() / "ms-playwright"
        if browsers.is_dir():
            os.environ.setdefault("PLAYWRIGHT_BROWSERS_PATH", str(browsers))


def isolate() -> None:
    """Sets what this process and its children see, before any test imports torch."""
    keep_browsers()
    for name in FOLDERS:
        folder = HOME / name.lower()
        folder.mkdir(mode=0o700)
        os.environ[name] = str(folder)
    os.environ["MPLBACKEND"] = "Agg"
    os.environ.pop("STYLELAB_DEVICE", None)
    # More threads than this only wait for each other on pictures of a few pixels.
    os.environ.setdefault("OMP_NUM_THREADS", str(min(4, os.cpu_count() or 1)))
    paths = [str(OFFLINE), os.environ.get("PYTHONPATH", "")]
    os.environ["PYTHONPATH"] = os.pathsep.join(path for path in paths if path)
    # What a script starts with "&" ignores Ctrl-C, and so would all its children.
    if signal.getsignal(signal.SIGINT) is signal.SIG_IGN:
        signal.signal(signal.SIGINT, signal.default_int_handler)


def guard_this_process() -> None:
    """Python is long started here, so its own look for a sitecustomize is over."""
    file = OFFLINE / "sitecustomize.py"
    spec = importlib.util.spec_from_file_location("offline_guard", file)
    spec.loader.exec_module(importlib.util.module_from_spec(spec))


isolate()
guard_this_process()


@pytest.fixture
def diverging(monkeypatch: pytest.MonkeyPatch) -> None:
    """Runs that find no way on after their sixth step."""
    from stylelab.core import descent

    class Lost(descent.LBFGS):
        steps = 0

        def next(self, z, loss, gradient):
            self.steps += 1
            if self.steps == 6:
                raise descent.Diverged("no way down")
            return super().next(z, loss, gradient)

    monkeypatch.setattr("stylelab.runs.run.LBFGS", Lost)


@pytest.fixture
def ask(capsys):
    """Runs a command in this process: its exit code, and what it printed where."""

    from stylelab.cli import options

    def run(*words: object) -> tuple[int, str, str]:
        try:
            code = options.main([str(word) for word in words])
        except SystemExit as end:  # how argparse ends
            code = end.code
        return code, *capsys.readouterr()

    return run


def pytest_unconfigure() -> None:
    shutil.rmtree(HOME, ignore_errors=True)
