"""What an answer lacks, in words, and the passages that come nearest."""

from collections.abc import Callable, Sequence

from rag.asking.extract import Findings
from rag.asking.questions import Name
from rag.core.records import AnswerKind, Claim, Hit, Scored

# How many near passages a reader is shown when the articles do not answer.
_NEAREST = 3


def kind_of(findings: Sequence[Findings]) -> AnswerKind:
    """Whether all parts of a question are answered, some, or none."""
    if not any(found.claims for found in findings):
        return AnswerKind.NOT_FOUND
    whole = all(found.claims and not found.unmentioned for found in findings)
    return AnswerKind.ANSWERED if whole else AnswerKind.PARTIAL


def describe_missing(
    findings: Sequence[Findings], hits: Sequence[Hit], knows: Callable[[str], bool], nothing: str | None
) -> str | None:
    """What is missing, in words; and when all is, what the articles have that comes near. `nothing`
    says why no article may be read."""
    answered = [found for found in findings if found.claims]
    said = []
    for found in findings:
        unknown = [name.text for name in found.unmentioned if not _occurs(name, knows)]
        if not found.claims:
            said.append(
                f"The articles do not answer: {found.question.text}"
                if answered
                else "The articles do not answer this."
            )
            if unknown:
                said.append(f"They do not mention {_listed(unknown)}.")
        elif found.unmentioned:
            names = _listed([name.text for name in found.unmentioned])
            said.append(f"On this the articles say nothing of {names}.")
    if not answered and hits:
        said.append(describe_nearest(hits))
    elif not answered:
        said.append(nothing or "No article passes the filters.")
    return " ".join(dict.fromkeys(said)) or None


def describe_nearest(hits: Sequence[Hit]) -> str:
    """The articles that come nearest, in words."""
    titles = dict.fromkeys(hit.article.title or hit.article.source for hit in hits[:_NEAREST])
    nearest = "; ".join(titles)
    return f"The nearest they come: {nearest}{'' if nearest.endswith(('.', '?', '!', '…')) else '.'}"


def nearest_passages(hits: Sequence[Hit], claims: Sequence[Claim]) -> tuple[Scored, ...]:
    """The best passages that no claim stands in."""
    cited = [citation for claim in claims for citation in claim.citations]
    near = [
        each for each in map(Scored.of, hits) if not any(each.citation.meets(other) for other in cited)
    ]
    return tuple(near[:_NEAREST])


def _occurs(name: Name, knows: Callable[[str], bool]) -> bool:
    terms = [name.common] if name.common else name.terms
    return all(knows(term) for term in terms)


def _listed(names: Sequence[str]) -> str:
    quoted = [f"“{name}”" for name in names]
    return quoted[0] if len(quoted) == 1 else f"{', '.join(quoted[:-1])} or {quoted[-1]}"
