"""What the article beside a page is drawn from: texts, the places of citations in them, and which is
open. The browser holds the texts of what an answer cites, and so shows a place without asking."""

from collections.abc import Mapping, Sequence

from rag.core.records import Article, Citation, Opened, Standing
from rag.desk.conversations import Stored
from rag.faces.web.shared.choice import Choice, citations_of
from rag.faces.web.shared.payloads import Payload, heading

# So many characters of cited articles the browser holds; what is over is sent when it is opened.
_HELD_CHARACTERS = 300_000


def held_payload(exchanges: Sequence[Stored], articles: Mapping[str, Article]) -> Payload:
    """The places that the answers of a conversation cite, and the texts of those that are indexed as
    they were cited, of the latest answers first. Nothing is open."""
    texts: dict[str, Payload] = {}
    trails = []
    room = _HELD_CHARACTERS
    for stored in reversed(exchanges):
        places = []
        for group, citations in citations_of(stored.exchange.answer):
            for number, citation in enumerate(citations, 1):
                article = articles.get(citation.source)
                if article is None or article.sha256 != citation.sha256:
                    continue
                if article.text[citation.start : citation.end] != citation.quote:
                    continue  # what is stored was tampered with: nothing there may be marked
                places.append(_place(citation, article, Choice(stored.number, group, number).address))
                name = _key(article)
                if name not in texts and group.isdecimal() and len(article.text) <= room:
                    room -= len(article.text)
                    texts[name] = article_text(article)
        trails.append(places)
    return {"open": None, "articles": texts, "trails": trails[::-1]}


def opened_payload(opened: Opened, address: str | None = None) -> Payload:
    """The article that a citation opens. Words are marked only when they are the quoted ones."""
    citation, article = opened.citation, opened.article
    if opened.standing is Standing.GONE or article is None:
        return _opened(
            citation,
            {**heading(citation), "text": None, "cuts": []},
            address,
            "The source is no longer in the folder.",
        )
    quoted = article.text[citation.start : citation.end]
    if opened.standing is Standing.SAME and quoted == citation.quote:
        payload = _opened(article, article_text(article), address, None)
        return payload | {"trails": [[_place(citation, article, address)]]}
    notice = "The source changed since this answer."
    return _opened(article, article_text(article), address, notice, citation.quote)


def article_payload(article: Article) -> Payload:
    """An article to be read, with nothing marked."""
    return _opened(article, article_text(article), None, None)


def with_opened(held: Payload, opened: Payload) -> Payload:
    """What the browser holds, with what is open now."""
    return {
        "open": opened["open"],
        "articles": held["articles"] | opened["articles"],
        # The places that were held come first: the one that is open may stand among them.
        "trails": held["trails"] + opened["trails"],
    }


def article_text(article: Article) -> Payload:
    cuts = [{"reason": cut.reason, "text": cut.text} for cut in article.cuts]
    return {**heading(article), "text": article.text, "cuts": cuts}


def _opened(
    source: Article | Citation,
    text: Payload,
    address: str | None,
    notice: str | None,
    quote: str | None = None,
) -> Payload:
    if isinstance(source, Citation):
        quote = source.quote
    name = _key(source)
    return {
        "open": {"address": address, "article": name, "notice": notice, "quote": quote},
        "articles": {name: text},
        "trails": [],
    }


def _place(citation: Citation, article: Article, address: str | None) -> Payload:
    return {
        "address": address,
        "article": _key(citation),
        "start": _units(article.text[: citation.start]),
        "end": _units(article.text[: citation.end]),
    }


def _key(source: Article | Citation) -> str:
    return f"{source.source}@{source.sha256[:16]}"


def _units(text: str) -> int:
    """How long a text is in UTF-16, which is how a browser counts."""
    return len(text) if text.isascii() else len(text.encode("utf-16-le", "surrogatepass")) // 2
