"""An answer as text, with numbered sources and where they differ."""

from rag.core.dates import readable
from rag.core.records import Answer, Citation, Conflict
from rag.core.wording import KIND_WORDS, describe_reports
from rag.faces.cli.words import credits, indented, numbered, one_line, print_sources


def print_answer(answer: Answer) -> None:
    if answer.standalone:
        print(f"Understood as: {answer.standalone}")
    if answer.notice:
        print(f"{answer.notice}\n")
    sources: list[Citation] = []
    for claim in answer.claims:
        numbers = numbered(claim.citations, sources)
        verdict = "" if claim.verdict == "supported" else f" ({claim.verdict}: {claim.reason})"
        print(f"{claim.text} {numbers}{verdict}")
    if answer.message:
        print(answer.message if not answer.claims else f"\n{answer.message}")
    print_sources(sources)
    if answer.reports:
        print(f"\n{describe_reports(answer.reports)}")
    for conflict in answer.conflicts:
        _print_conflict(conflict)
    if not answer.claims:
        for near in answer.nearest:
            print(f"\nNearest: {credits(near.citation)}, {near.citation.source}")
            print(indented(near.citation.quote))
    if answer.model:
        print(f"\nWritten by {answer.model}.")


def _print_conflict(conflict: Conflict) -> None:
    print(f"\n{KIND_WORDS[conflict.kind]}: {one_line(conflict.about)}")
    for side in conflict.sides:
        when = readable(side.when) if side.when else "undated"
        outlets = dict.fromkeys(one_line(credits(citation)) for citation in side.citations)
        print(f"  {when}: {one_line(side.value)} ({'; '.join(outlets)})")
