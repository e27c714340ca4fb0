"""A briefing as one HTML file that needs no other and runs no script."""

from functools import lru_cache

from jinja2 import Environment, PackageLoader, StrictUndefined, Template

from rag.desk.document import Document


def to_html(document: Document) -> bytes:
    return _template().render(document=document).encode()


@lru_cache(maxsize=1)
def _template() -> Template:
    environment = Environment(
        loader=PackageLoader("rag.desk.exports", "templates"),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    return environment.get_template("briefing.html")
