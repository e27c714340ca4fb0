"""A module imports only from lower floors, and each third-party library has one door."""

import ast
import sys
from graphlib import TopologicalSorter
from pathlib import Path

import pytest

ROOT = Path(__file__).parent.parent

FLOORS: tuple[tuple[str, ...], ...] = (
    ("rag", "rag.errors", "rag.records", "rag.memo", "rag.dates"),
    (
        "rag.settings",
        "rag.text",
        "rag.sentences",
        "rag.schema",
        "rag.mcp_shapes",
        "rag.tokens",
        "rag.naming",
        "rag.addresses",
        "rag.wording",
        "rag.runtime",
    ),
    (
        "rag.terms",
        "rag.passages",
        "rag.embedding",
        "rag.loading",
        "rag.instructions",
        "rag.framing",
        "rag.memory",
    ),
    ("rag.pairs", "rag.prompts", "rag.llm", "rag.replies", "rag.facts", "rag.fetching", "rag.corpora"),
    (
        "rag.corpus",
        "rag.store",
        "rag.index",
        "rag.keywords",
        "rag.questions",
        "rag.spelling",
        "rag.moments",
    ),
    (
        "rag.gathering",
        "rag.retrieval",
        "rag.examples",
        "rag.sides",
        "rag.evidence",
        "rag.gate",
        "rag.judge",
        "rag.reports",
    ),
    (
        "rag.opening",
        "rag.at_moment",
        "rag.extractive",
        "rag.indexing",
        "rag.attribution",
        "rag.judges",
        "rag.conflicts",
    ),
    ("rag.verification", "rag.followups", "rag.timeline", "rag.comparing", "rag.unanswered"),
    ("rag.generative",),
    ("rag.answers",),
    ("rag.assistant",),
    ("rag.wiring", "rag.checking", "rag.briefing", "rag.doctor", "rag.mcp_assistant", "rag.mcp_results"),
    ("rag.evaluation", "rag.exports"),
    ("rag.web", "rag.training", "rag.mcp_server"),
    ("rag.cli", "app"),
)
# Within these folders modules import each other, never in a circle.
HOUSES = (
    *("rag.conflicts", "rag.followups", "rag.replies"),
    *("rag.memory", "rag.loading", "rag.facts", "rag.exports"),
    *("rag.web", "rag.evaluation", "rag.training", "rag.cli"),
)

DOORS: dict[str, tuple[str, ...]] = {
    "cachetools": ("rag.memo",),
    "chromadb": ("rag.index",),
    "httpx": ("rag.llm", "rag.fetching"),
    "httpx_sse": ("rag.llm",),
    "httpx_retries": ("rag.llm",),
    "anyio": ("rag.llm", "rag.mcp_server"),
    "mcp": ("rag.mcp_server",),
    "sentence_transformers": ("rag.embedding", "rag.judges"),
    "transformers": ("rag.embedding", "rag.pairs"),
    "torch": ("rag.embedding", "rag.pairs", "rag.judges", "rag.training"),
    "openvino": ("rag.runtime",),
    "tokenizers": ("rag.runtime", "rag.pairs", "rag.training"),
    "bm25s": ("rag.keywords", "rag.training"),
    "rapidfuzz": ("rag.keywords",),
    "sentencex": ("rag.sentences",),
    "Stemmer": ("rag.terms",),
    "tiktoken": ("rag.tokens",),
    "simplemma": ("rag.terms", "rag.facts.negations"),
    "text_to_num": ("rag.facts.numbers",),
    "edtf": ("rag.dates",),
    "platformdirs": ("rag.settings",),
    "filelock": ("rag.indexing",),
    "pathvalidate": ("rag.naming",),
    "streamlit": ("app", "rag.web"),
    "typer": ("rag.cli",),
    "rich": ("rag.cli", "rag.training"),
    "trafilatura": ("rag.loading.formats",),
    "lxml": ("rag.loading.formats",),
    "pypdf": ("rag.loading.formats",),
    "docx": ("rag.loading.formats", "rag.exports.docx"),
    "dateparser": ("rag.loading.bylines",),
    "frontmatter": ("rag.loading.markdown",),
    "yaml": ("rag.loading.markdown",),
    "markdown_it": ("rag.loading.markdown",),
    "charset_normalizer": ("rag.loading.decoding",),
    "pydantic": ("rag.schema", "rag.mcp_shapes", "rag.memory", "rag.checking", "rag.evaluation"),
    "typst": ("rag.exports.pdf",),
    "jinja2": ("rag.exports.html",),
    "packaging": ("rag.doctor",),
    "sklearn": ("rag.evaluation", "rag.training"),
    "scipy": ("rag.evaluation",),
    "ir_measures": ("rag.evaluation.scifact",),
    "matplotlib": ("rag.evaluation.plots",),
}
# Arrays are a language of their own here, as the standard library is.
EVERYWHERE = {"numpy"}


def modules() -> dict[str, Path]:
    found = {"app": ROOT / "app.py"}
    for path in (ROOT / "rag").rglob("*.py"):
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
    for number, names in enumerate(FLOORS):
        if module in names or any(module.startswith(f"{name}.") for name in names if name != "rag"):
            return number
    raise AssertionError(f"{module} has no floor: say in FLOORS where it stands")


@pytest.mark.parametrize(("module", "path"), sorted(modules().items()))
def test_a_module_imports_only_from_lower_floors(module: str, path: Path) -> None:
    known = modules()
    for imported in imports(path) & known.keys():
        same_house = any(module.startswith(h) and imported.startswith(h) for h in HOUSES)
        if imported not in ("rag", module) and not same_house:
            assert floor(imported) < floor(module), f"{module} imports {imported}"


@pytest.mark.parametrize("house", HOUSES)
def test_a_folder_has_no_circle(house: str) -> None:
    known = {name: path for name, path in modules().items() if name.startswith(f"{house}.")}
    order = TopologicalSorter({name: imports(path) & known.keys() for name, path in known.items()})
    assert set(order.static_order()) == known.keys()


@pytest.mark.parametrize(("module", "path"), sorted(modules().items()))
def test_each_library_has_one_door(module: str, path: Path) -> None:
    for imported in imports(path):
        library = imported.partition(".")[0]
        if library in sys.stdlib_module_names | {"rag", "__future__"} | EVERYWHERE:
            continue
        assert library in DOORS, f"{module} imports {library}, which has no door"
        doors = DOORS[library]
        assert any(module == door or module.startswith(f"{door}.") for door in doors), (
            f"{module} imports {library}, whose door is {' or '.join(doors)}"
        )
