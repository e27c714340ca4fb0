"""The tree of errors names every one of them, in its place."""

import ast
from pathlib import Path

from rag.core import errors

PACKAGE = Path(errors.__file__).parent.parent


def defined() -> dict[str, tuple[str, str]]:
    """Each public class that is made of an error of ours: its base and the module that holds it."""
    found = {}
    known = {"RagError"}
    # The errors of rag.core.errors stand before those that are made of them elsewhere.
    paths = [Path(errors.__file__), *sorted(PACKAGE.rglob("*.py"))]
    for path in paths:
        module = ".".join(("rag", *path.relative_to(PACKAGE).with_suffix("").parts))
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(node, ast.ClassDef) and not node.name.startswith("_"):
                for base in node.bases:
                    if isinstance(base, ast.Name) and base.id in known and node.name not in found:
                        found[node.name] = base.id, module
                        known.add(node.name)
    return found


def drawn() -> dict[str, tuple[str, str]]:
    """What the docstring draws, in the same shape."""
    found = {}
    above = ["RagError"]
    for line in (errors.__doc__ or "").splitlines():
        branch, _, rest = line.partition("── ")
        if not rest:
            continue
        depth = (len(branch) - 1) // 4 + 1
        name = rest.split()[0]
        place = rest.rpartition("(")[2].rstrip(")") if rest.endswith(")") else "rag.core.errors"
        found[name] = above[depth - 1], place
        above[depth:] = [name]
    return found


def test_the_tree_of_errors_names_each_where_it_is_defined() -> None:
    assert drawn() == defined()
