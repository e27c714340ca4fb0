"""A briefing with everything that one may hold, for the tests of documents and exports."""

from dataclasses import replace
from datetime import date

from rag.core.records import Article, Citation, Claim, Opened, Standing, Verdict
from rag.desk.document import Document, make_document
from rag.desk.entries import Entry, Unreadable, difference, heading, missing, note, sentence

DAY = date(2025, 5, 9)
QUESTION = "What did they talk about?"
HOSTILE = "<script>alert(1)</script> *b* _i_ `c` $x^2$ [l](http://x.y) ![p](q) # & ^1 ~~s~~ |t| www.z"
ARABIC = "قالت الوزارة إن المحادثات كانت مثمرة."

TALKS = Citation(
    "visit.md", "a" * 64, 10, 42, "The talks focused on the border.", "The visit", "PA", "2025-05"
)
TWO_PARAGRAPHS = Citation(
    "notes/log.md", "b" * 64, 0, 28, "He came late.\n\nShe “waited”.", "İğdır günlüğü", None, "2024"
)
LATER = Citation("later.md", "e" * 64, 4, 21, "It was 2,000 men.", "Later", "Log", "2025-06")
ODD = Citation("odd.md", "c" * 64, 0, len(HOSTILE), HOSTILE, HOSTILE, "P\x07ublisher\u202e", None)
IN_ARABIC = Citation("ar.md", "d" * 64, 0, len(ARABIC), ARABIC, "بيان", "وكالة", "2025-05-08")


def said(text: str, *citations: Citation, verdict: Verdict, reason: str | None = None) -> Entry:
    return sentence(Claim(text, citations, verdict, reason), QUESTION)


def every_entry() -> tuple[Entry | Unreadable, ...]:
    return (
        heading("Syria, May"),
        said("They talked about the border.", TALKS, TWO_PARAGRAPHS, verdict=Verdict.SUPPORTED),
        said("They talked for days.", TALKS, verdict=Verdict.UNSUPPORTED, reason="No days are named."),
        replace(
            said("It was about trade.", TALKS, verdict=Verdict.PARTLY, reason="Only in part."),
            kept_text="It was about the border.",
        ),
        said(HOSTILE, ODD, verdict=Verdict.CONFLICTING, reason=f"1 is not in {HOSTILE}"),
        note("Call the ministry.\n1. Ask *again*."),
        missing("The articles do not say who paid.", QUESTION),
        difference(f"Sources disagree: {HOSTILE}. 800 (PA); 2,000 (Log).", (TALKS, LATER), QUESTION),
        heading(HOSTILE),
        said(ARABIC, IN_ARABIC, verdict=Verdict.SUPPORTED),
        said("Nobody said so.", verdict=Verdict.UNSUPPORTED, reason="No source is cited."),
        Unreadable("broken", "not JSON"),
    )


def opened(citation: Citation) -> Opened:
    """The log has changed, the odd article is gone, the visit is a digest."""
    if citation.source == "odd.md":
        return Opened(citation, Standing.GONE, None)
    noted = "A digest in our own words." if citation.source == "visit.md" else None
    article = Article(citation.source, citation.quote, citation.sha256, note=noted)
    same = citation.source != "notes/log.md"
    return Opened(citation, Standing.SAME if same else Standing.CHANGED, article)


def document(
    entries: tuple[Entry | Unreadable, ...] | None = None, title: str = "Syria & İstanbul, May"
) -> Document:
    return make_document(title, every_entry() if entries is None else entries, "articles", DAY, opened)
