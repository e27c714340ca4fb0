"""An answer in words: how old its articles are, how it was made, and all of it for the clipboard."""

from collections.abc import Sequence
from datetime import date

from rag.core.dates import bounds, readable
from rag.core.records import Answer, Citation, Claim, Method, Verdict
from rag.core.wording import counted, describe_conflict, describe_reports

# An answer of articles that are all older than this, when it is asked for, says how old they are.
_OLD_DAYS = 180
_DAYS_A_MONTH = 30.44


def describe_age(answer: Answer, asked: date) -> str | None:
    """How old the articles are that an answer rests on, where all that are dated are old; None where
    they are not, or where the question asked how things stood then."""
    cited = [citation for claim in answer.claims for citation in claim.citations]
    dates = {citation.published for citation in cited if citation.published}
    if answer.as_of or not dates:
        return None
    newest = max(dates, key=lambda published: bounds(published)[1])
    days = (asked - bounds(newest)[1]).days
    if days < _OLD_DAYS:
        return None
    months = int(days / _DAYS_A_MONTH)
    ago = counted(months, "month") if months < 24 else f"over {months // 12} years"
    if not all(citation.published for citation in cited):
        rests = "The newest dated article here is of"
    else:
        rests = "This rests on an article of" if len(dates) == 1 else "The newest article here is of"
    return f"{rests} {readable(newest)}, {ago} old. Things may have changed since."


def describe_making(answer: Answer) -> list[str]:
    """How the answer was made, of how many articles, and how long it took; nothing where there is no
    claim."""
    if not answer.claims:
        return []
    took = [f"{_milliseconds(answer) / 1000:.1f} s"] if answer.timings_ms else []
    if answer.reports:
        articles = describe_reports(answer.reports)
    else:  # nobody told copies apart when it was stored
        articles = counted(len(source_numbers(answer.claims)), "article")
    return [describe_method(answer), articles, *took]


def describe_method(answer: Answer) -> str:
    """`Written by` a model, or in the articles' own words."""
    if answer.method is Method.WRITTEN:
        return f"Written by {answer.model or 'a language model'}"
    return "In the articles' own words"


def answer_as_text(answer: Answer) -> str:
    """The answer as plain text with numbered sources, for the clipboard."""
    numbers = source_numbers(answer.claims)
    blocks = [answer.question, answer.message, answer.notice]
    sentences = []
    for claim in answer.claims:
        cited = sorted({numbers[citation.source] for citation in claim.citations})
        doubt = "" if claim.verdict is Verdict.SUPPORTED else f" ({claim.verdict.value})"
        sentences.append(claim.text + doubt + " " + "".join(f"[{number}]" for number in cited))
    if sentences:
        blocks.append("\n".join(sentence.rstrip() for sentence in sentences))
    blocks += map(describe_conflict, answer.conflicts)
    first_citations = {
        citation.source: citation
        for claim in reversed(answer.claims)
        for citation in reversed(claim.citations)
    }
    if numbers:
        blocks.append(
            "Sources\n"
            + "\n".join(
                f"[{number}] {_full_reference(first_citations[source])}"
                for source, number in numbers.items()
            )
        )
    if answer.method is Method.WRITTEN and answer.claims:
        blocks.append(describe_method(answer) + ".")
    return "\n\n".join(block for block in blocks if block) + "\n"


def _full_reference(citation: Citation) -> str:
    date = readable(citation.published) if citation.published else None
    return ", ".join(part for part in (citation.title, citation.publisher, date) if part) + (
        f" ({citation.source})" if citation.title or citation.publisher else citation.source
    )


def source_numbers(claims: Sequence[Claim]) -> dict[str, int]:
    """The sources of claims, numbered from 1 in the order in which they are cited."""
    cited = dict.fromkeys(citation.source for claim in claims for citation in claim.citations)
    return {source: number for number, source in enumerate(cited, 1)}


def _milliseconds(answer: Answer) -> float:
    stages = dict(answer.timings_ms)
    return stages.pop("total", sum(stages.values()))
