"""A module imports only from lower floors, and each third-party library has one door."""

import ast
import sys
from graphlib import TopologicalSorter
from pathlib import Path

import pytest

ROOT = Path(__file__).parent.parent

# Each folder of the package, lowest first; on the way up stands what puts them together.
FLOORS = (
    *("core", "language", "loading", "models", "index"),
    *("judging", "asking", "desk", "wiring", "faces"),
)

# Modules, or folders of them, that may import a library; all else goes through them.
DOORS: dict[str, tuple[str, ...]] = {
    "cachetools": ("rag.core.memo",),
    "platformdirs": ("rag.core.settings",),
    "edtf": ("rag.core.dates",),
    "pydantic": ("rag.core.schema", "rag.desk.rows", "rag.asking.checking", "rag.faces", "lab"),
    "sentencex": ("rag.language.sentences",),
    "Stemmer": ("rag.language.tongues",),
    "py3langid": ("rag.language.tongues",),
    "simplemma": ("rag.language.terms",),
    "text_to_num": ("rag.language.facts.numbers",),
    "trafilatura": ("rag.loading.formats.html",),
    "lxml": ("rag.loading.formats.html",),
    "pypdf": ("rag.loading.formats.pdf",),
    "docx": ("rag.loading.formats.docx", "rag.desk.exports.docx"),
    "dateparser": ("rag.loading.bylines",),
    "frontmatter": ("rag.loading.formats.markdown",),
    "yaml": ("rag.loading.formats.markdown",),
    "markdown_it": ("rag.loading.formats.markdown",),
    "charset_normalizer": ("rag.loading.decoding",),
    "httpx": ("rag.models.llm", "rag.desk.fetching"),
    "httpx_sse": ("rag.models.llm",),
    "httpx_retries": ("rag.models.llm",),
    "anyio": ("rag.models.llm", "rag.faces.mcp"),
    "sentence_transformers": (
        *("rag.models.embedding", "rag.judging.other_judges"),
        *("lab.speed", "lab.train.unpack"),
    ),
    "transformers": ("rag.models.embedding", "lab.train.unpack"),
    "torch": ("rag.models.embedding", "rag.judging.other_judges", "lab.train"),
    "openvino": ("rag.models.runtime",),
    "tokenizers": ("rag.models.runtime", "rag.models.packed", "rag.models.embedding", "lab.train"),
    "tiktoken": ("rag.models.tokens",),
    "chromadb": ("rag.index.chroma",),
    "bm25s": ("rag.index.keywords", "lab.sets.scifact", "lab.train.mining"),
    "rapidfuzz": ("rag.index.keywords",),
    "filelock": ("rag.index.writer",),
    "pathvalidate": ("rag.desk.naming",),
    "typst": ("rag.desk.exports.pdf",),
    "jinja2": ("rag.desk.exports.html",),
    "streamlit": ("app", "rag.faces.web"),
    "typer": ("rag.faces.cli", "lab"),
    "rich": ("rag.faces.cli", "lab.train"),
    "mcp": ("rag.faces.mcp",),
    "packaging": ("rag.faces.cli.doctor",),
    "sklearn": ("lab",),
    "scipy": ("lab",),
    "ir_measures": ("lab.sets.scifact",),
    "matplotlib": ("lab.plots",),
}
# Arrays are a language of their own here, as the standard library is.
EVERYWHERE = {"numpy"}


def modules() -> dict[str, Path]:
    found = {"app": ROOT / "app.py"}
    for path in [*(ROOT / "rag").rglob("*.py"), *(ROOT / "lab").rglob("*.py")]:
        parts = path.relative_to(ROOT).with_suffix("").parts
        found[".".join(part for part in parts if part != "__init__")] = path
    return found


def imports(path: Path) -> set[str]:
    found = set()
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Import):
            found |= {alias.name for alias in node.names}
        elif isinstance(node, ast.ImportFrom):
            assert node.level == 0, f"{path.name}: imports are written in full"
            found.add(node.module or "")
            found |= {f"{node.module}.{alias.name}" for alias in node.names}
    return found


def floor(module: str) -> int:
    """The lab and the app stand on the roof: they import whatever is below."""
    package, _, rest = module.partition(".")
    if package in ("app", "lab"):
        return len(FLOORS)
    name = rest.partition(".")[0]
    assert not name or name in FLOORS, f"rag/{name} is no floor: they are {', '.join(FLOORS)}"
    return FLOORS.index(name) if name else 0


@pytest.mark.parametrize(("module", "path"), sorted(modules().items()))
def test_a_module_imports_only_from_its_floor_and_lower_ones(module: str, path: Path) -> None:
    for imported in imports(path) & modules().keys():
        assert floor(imported) <= floor(module), f"{module} imports {imported}, which stands higher"


def test_no_import_goes_in_a_circle() -> None:
    known = modules()
    # A name that a package's face hands on is no import of the face by what is inside it.
    packages = {name for name, path in known.items() if path.name == "__init__.py"}
    order = TopologicalSorter(
        {name: (imports(path) & known.keys()) - packages for name, path in known.items()}
    )
    assert set(order.static_order()) >= known.keys() - packages


@pytest.mark.parametrize(("module", "path"), sorted(modules().items()))
def test_each_library_has_one_door(module: str, path: Path) -> None:
    for imported in imports(path):
        library = imported.partition(".")[0]
        if library in sys.stdlib_module_names | {"rag", "lab", "__future__"} | EVERYWHERE:
            continue
        assert library in DOORS, (
            f"{module} imports {library}, which has no door: name one in DOORS of tests/test_layers.py"
        )
        doors = DOORS[library]
        assert any(module == door or module.startswith(f"{door}.") for door in doors), (
            f"{path.relative_to(ROOT)} imports {library}: go through its door, {' or '.join(doors)}, or "
            "name a further one in DOORS of tests/test_layers.py"
        )
