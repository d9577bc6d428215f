"""The files that describe the project agree with each other and with its code."""

import ast
import re
import subprocess
import sys
import tomllib
from fnmatch import fnmatch
from graphlib import CycleError, TopologicalSorter
from pathlib import Path

import pytest
import yaml

import stylelab

ROOT = Path(__file__).parents[1]
PACKAGE = ROOT / "stylelab"
SOURCES = sorted(PACKAGE.rglob("*.py"))
PYPROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))
PROJECT = PYPROJECT["project"]

# Guides: a page that reads from top to bottom may be this long, and no longer.
MODULE_LINES = 300
FUNCTION_LINES = 50

# The wings, from the core to the front door. A file imports from its own wing and from
# those of the rows above it. lessons and labs share a row: neither knows the other.
ROWS = ["core pictures", "runs analysis", "figures", "lessons labs"]
ROWS += ["studio teaching", "cli"]
ROW = {wing: row for row, wings in enumerate(ROWS) for wing in wings.split()}
# Within their rows: a task takes its pictures, and a run is measured.
ALLOWED = {("pictures", "core"), ("analysis", "runs")}

DRAWING = {"matplotlib", "ipywidgets", "IPython", "anywidget"}

# Distributions that are not called what their modules are.
DISTRIBUTIONS = {
    "bs4": "beautifulsoup4",
    "PIL": "pillow",
    "skimage": "scikit-image",
    "yaml": "pyyaml",
}

# What only one machine knows: its folders, and where its installer looks. In pieces, so
# that this file does not contain what it looks for. (Tests may invent a user: Ada.)
FOLDERS = [
    r"/(?:home|root|tmp|work|Users)/(?!ada\b)\w",
    r"/opt/\w",
    r"[A-Za-z]:\\+Users\\+(?!ada\b)\w",
]
HOSTS = [
    r"pypi\." + "org",
    r"pythonhosted\." + "org",
    r"download\." + r"pytorch\.org",
    r"anaconda\." + r"(?:com|org)",
    r"npmjs\." + r"(?:com|org)",
    r"debian\." + "org",
]
PRIVATE = "|".join([r"(?<![\w.})-])(?:" + "|".join(FOLDERS) + ")", *HOSTS]).encode()


def parse(file: Path) -> ast.Module:
    return ast.parse(file.read_text("utf-8"), str(file))


def relative(file: Path) -> str:
    return file.relative_to(ROOT).as_posix()


def imports(file: Path) -> set[str]:
    """What `file` imports, anywhere in it: `from a.b import c` gives a.b.c."""
    names = set()
    for node in ast.walk(parse(file)):
        if isinstance(node, ast.Import):
            names |= {alias.name for alias in node.names}
        elif isinstance(node, ast.ImportFrom):
            parents = file.relative_to(ROOT).parts[: -node.level] if node.level else ()
            origin = [*parents, node.module] if node.module else parents
            names |= {".".join([*origin, alias.name]) for alias in node.names}
    return names


def wing(dotted: str) -> str:
    """The folder that `dotted` lies in; "" for stylelab/__init__.py and __main__.py."""
    _, _, rest = dotted.partition(".")
    name = rest.partition(".")[0]
    return name if name in ROW else ""


def module(file: Path) -> str:
    """The dotted name of a file of the package."""
    parts = file.relative_to(ROOT).with_suffix("").parts
    return ".".join(part for part in parts if part != "__init__")


def module_graph() -> dict[str, set[str]]:
    """Which modules of the package each of its modules imports."""
    modules = {module(file): file for file in SOURCES}
    graph = {}
    for name, file in modules.items():
        used = {i if i in modules else i.rpartition(".")[0] for i in imports(file)}
        graph[name] = used & modules.keys() - {name, "stylelab"}
    return graph


def canonical(requirement: str) -> str:
    """The distribution that a requirement names, spelt in the one way that counts."""
    return re.sub("[-_.]+", "-", re.match(r"[\w.-]+", requirement)[0]).lower()


def declared(*extras: str) -> set[str]:
    """The distributions that are installed with the package and these extras."""
    requirements = list(PROJECT["dependencies"])
    for extra in extras:
        requirements += PROJECT["optional-dependencies"][extra]
    return {canonical(requirement) for requirement in requirements}


def third_party(files: list[Path]) -> set[str]:
    """The distributions that `files` import from."""
    tops = {name.partition(".")[0] for file in files for name in imports(file)}
    own = {"stylelab", "benchmarks", "tests", *(f.stem for f in files)}
    others = tops - own - set(sys.stdlib_module_names)
    return {canonical(DISTRIBUTIONS.get(name, name)) for name in others}


def project_files() -> list[Path]:
    """Every file that is or would be committed."""
    command = ["git", "ls-files", "-z", "--cached", "--others", "--exclude-standard"]
    try:
        listed = subprocess.run(command, cwd=ROOT, capture_output=True, check=True)
    except (OSError, subprocess.CalledProcessError):
        pytest.skip("this is no git repository")
    files = [ROOT / name for name in listed.stdout.decode().split("\0") if name]
    return [file for file in files if file.is_file()]


def test_conda_takes_everything_from_pyproject():
    environment = yaml.safe_load((ROOT / "environment.yml").read_text("utf-8"))
    assert environment["name"] == PROJECT["name"]
    python = "python" + PROJECT["requires-python"]
    assert environment["dependencies"] == [python, "pip", {"pip": ["-e .[test]"]}]
    assert "test" in PROJECT["optional-dependencies"]


def test_the_version_is_the_same_everywhere():
    citation = yaml.safe_load((ROOT / "CITATION.cff").read_text("utf-8"))
    assert citation["version"] == stylelab.__version__
    changelog = (ROOT / "CHANGELOG.md").read_text("utf-8")
    assert f"## {stylelab.__version__}" in changelog


def test_what_the_package_imports_is_declared():
    extras = PROJECT["optional-dependencies"]
    assert third_party(SOURCES) <= declared(*(extras.keys() - {"test"}))


def test_what_tests_benchmarks_and_tools_import_is_declared():
    tops = "tests", "benchmarks", "tools"
    files = [file for top in tops for file in ROOT.glob(f"{top}/**/*.py")]
    assert third_party(files) <= declared(*PROJECT["optional-dependencies"])


def test_everything_beside_the_code_is_packaged():
    patterns = PYPROJECT["tool"]["setuptools"]["package-data"]["*"]
    beside = [f for f in PACKAGE.rglob("*.*") if f.suffix not in {".py", ".pyc"}]
    assert any(f.suffix == ".jpg" for f in beside)
    left_out = [f.name for f in beside if not any(fnmatch(f.name, p) for p in patterns)]
    assert left_out == []


@pytest.mark.parametrize(
    ("modules", "needless"),
    [
        ("runs.recipe, stylelab.cli.options", {"torch"}),
        ("core.style_transfer", DRAWING),
        ("runs.live", DRAWING),
    ],
)
def test_nothing_is_loaded_that_is_not_needed(modules, needless):
    code = f"import sys, stylelab.{modules}; print(*sys.modules)"
    run = subprocess.run(
        [sys.executable, "-c", code],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=True,
    )
    loaded = {name.partition(".")[0] for name in run.stdout.split()}
    assert "stylelab" in loaded
    assert not loaded & (needless | DRAWING)


def may_import(user: str, used: str) -> bool:
    """Whether a file of the wing `user` may import one of the wing `used`."""
    if user in ("", used) or (user, used) in ALLOWED:
        return True
    return used != "" and ROW[used] < ROW[user]


def test_every_folder_is_a_wing():
    folders = {path.parent.name for path in PACKAGE.glob("*/__init__.py")}
    assert folders == ROW.keys()


def test_imports_run_one_way():
    wrong = [
        f"{user} imports {used}"
        for user, all_used in module_graph().items()
        for used in sorted(all_used)
        if not may_import(wing(user), wing(used))
    ]
    assert wrong == []


def test_imports_never_run_in_a_circle():
    try:
        TopologicalSorter(module_graph()).prepare()
    except CycleError as error:
        pytest.fail(" imports ".join(reversed(error.args[1])))


@pytest.mark.parametrize("file", SOURCES, ids=relative)
def test_modules_stay_small(file):
    assert len(file.read_text("utf-8").splitlines()) <= MODULE_LINES


@pytest.mark.parametrize("file", SOURCES, ids=relative)
def test_functions_stay_small(file):
    kinds = ast.FunctionDef | ast.AsyncFunctionDef
    functions = [node for node in ast.walk(parse(file)) if isinstance(node, kinds)]
    lengths = {function.name: length(function) for function in functions}
    assert {n: lines for n, lines in lengths.items() if lines > FUNCTION_LINES} == {}


def length(function: ast.FunctionDef | ast.AsyncFunctionDef) -> int:
    """The lines of a function, from its def on, without its docstring."""
    lines = function.end_lineno - function.lineno + 1
    if ast.get_docstring(function) is not None:
        docstring = function.body[0]
        lines -= docstring.end_lineno - docstring.lineno + 1
    return lines


def test_nothing_tells_of_one_machine():
    found = {relative(f): re.findall(PRIVATE, f.read_bytes()) for f in project_files()}
    assert {name: hits for name, hits in found.items() if hits} == {}


def test_the_idea_fits_on_one_page():
    """Students read it from top to bottom, and notebook 06 shows it from the file."""
    page = PACKAGE / "core" / "style_transfer.py"
    assert len(page.read_text("utf-8").splitlines()) <= 160
    assert third_party([page]) == {"torch"}
    assert module_graph()["stylelab.core.style_transfer"] == set()
