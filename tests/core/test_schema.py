"""A record goes to JSON and comes back the same, whatever it gains; anything else is refused."""

import json
import re
from dataclasses import MISSING, dataclass, fields, is_dataclass, replace
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from rag.core.errors import RagError
from rag.core.records import (
    Answer,
    AnswerKind,
    Article,
    Citation,
    Claim,
    Conflict,
    ConflictKind,
    Hit,
    Method,
    Passage,
    Scored,
    Side,
    Usage,
    Verdict,
)
from rag.core.schema import (
    ANSWER_SCHEMA,
    answer_from_json,
    answer_to_json,
    from_json,
    from_text,
    hit_to_json,
    json_schema,
    to_json,
    to_text,
)

# A score keeps four places and a timing two: what is stored is what a person may read.
_scores = st.integers(0, 10_000).map(lambda number: number / 10_000)
_timings = st.integers(0, 10_000_000).map(lambda number: number / 100)
_maybe = st.none() | st.text(max_size=20)
_dates = st.none() | st.sampled_from(["2024", "2024-05", "2024-05-02", "2024-05/2024-06", "2024~"])


@st.composite
def _citations(draw: st.DrawFn) -> Citation:
    start, quote = draw(st.integers(0, 10**9)), draw(st.text(max_size=40))
    return Citation(
        source=draw(st.text(max_size=20)),
        sha256=draw(st.text("0123456789abcdef", min_size=64, max_size=64)),
        start=start,
        end=start + len(quote),
        quote=quote,
        title=draw(_maybe),
        publisher=draw(_maybe),
        published=draw(_dates),
    )


citations = _citations()
claims = st.builds(
    Claim,
    text=st.text(max_size=40),
    citations=st.lists(citations, max_size=3).map(tuple),
    verdict=st.sampled_from(Verdict),
    reason=_maybe,
)
_rank = st.none() | st.integers(1, 100)
considered = st.builds(Scored, citations, _scores, _rank, _rank, st.none() | _scores)
conflicts = st.builds(
    Conflict,
    st.sampled_from(ConflictKind),
    st.text(max_size=20),
    st.lists(
        st.builds(Side, st.text(max_size=9), st.lists(citations, max_size=2).map(tuple), _dates),
        max_size=3,
    ).map(tuple),
)
answers = st.builds(
    Answer,
    question=st.text(max_size=40),
    kind=st.sampled_from(AnswerKind),
    message=_maybe,
    claims=st.lists(claims, max_size=3).map(tuple),
    nearest=st.lists(st.builds(Scored, citations, _scores), max_size=3).map(tuple),
    timings_ms=st.dictionaries(st.text(max_size=10), _timings, max_size=3),
    standalone=_maybe,
    method=st.sampled_from(Method),
    model=_maybe,
    notice=_maybe,
    usage=st.none() | st.builds(Usage, st.integers(0, 9999), st.integers(0, 9999)),
    considered=st.lists(considered, max_size=2).map(tuple),
    passed_over=st.lists(st.builds(Scored, citations, _scores), max_size=2).map(tuple),
    conflicts=st.lists(conflicts, max_size=2).map(tuple),
    reports=st.lists(st.lists(st.text(max_size=9), max_size=3).map(tuple), max_size=2).map(tuple),
    as_of=_dates,
)

CITATION = Citation("log.md", "0" * 64, 4, 14, "Ada sails.", "Log", None, "2024-05")
ANSWER = Answer(
    "Who sails?",
    AnswerKind.PARTIAL,
    "The articles do not say when.",
    (Claim("Ada sails.", (CITATION,), Verdict.PARTLY, "It names no day."),),
    (Scored(CITATION, 0.25),),
    {"search": 12.5},
    considered=(Scored(CITATION, 0.75, by_meaning=1, reading=0.5),),
    conflicts=(Conflict(ConflictKind.CHANGE, "who sails", (Side("Ada", (CITATION,), "2024-05"),)),),
    reports=(("log.md",),),
    as_of="2024",
)


@given(answers)
def test_an_answer_comes_back_as_it_went(answer: Answer) -> None:
    assert answer_from_json(json.loads(json.dumps(answer_to_json(answer)))) == answer


def test_an_answer_in_json_is_plain_and_documented() -> None:
    citation = {
        "source": "log.md",
        "sha256": "0" * 64,
        "start": 4,
        "end": 14,
        "title": "Log",
        "publisher": None,
        "published": "2024-05",
    }
    assert answer_to_json(ANSWER) == {
        "schema": "sourceline.answer/1",
        "question": "Who sails?",
        "kind": "partial",
        "message": "The articles do not say when.",
        "claims": [
            {
                "text": "Ada sails.",
                "verdict": "partly",
                "reason": "It names no day.",
                "citations": [{**citation, "quote": "Ada sails."}],
            }
        ],
        "nearest": [
            {
                **citation,
                "text": "Ada sails.",
                "score": 0.25,
                "by_meaning": None,
                "by_keywords": None,
                "reading": None,
            }
        ],
        "timings_ms": {"search": 12.5},
        "standalone": None,
        "method": "extracted",
        "model": None,
        "notice": None,
        "usage": None,
        "considered": [
            {
                **citation,
                "text": "Ada sails.",
                "score": 0.75,
                "by_meaning": 1,
                "by_keywords": None,
                "reading": 0.5,
            }
        ],
        "passed_over": [],
        "conflicts": [
            {
                "kind": "change",
                "about": "who sails",
                "sides": [
                    {
                        "value": "Ada",
                        "when": "2024-05",
                        "citations": [{**citation, "quote": "Ada sails."}],
                    }
                ],
            }
        ],
        "reports": [["log.md"]],
        "as_of": "2024",
    }


def test_an_answer_of_an_earlier_version_is_read() -> None:
    data = answer_to_json(ANSWER)
    for field in (
        *("standalone", "method", "model", "notice", "usage"),
        *("considered", "passed_over", "conflicts", "reports", "as_of"),
    ):
        del data[field]
    plain = replace(ANSWER, considered=(), conflicts=(), reports=(), as_of=None)
    assert answer_from_json(data) == plain


def test_scores_and_timings_are_rounded() -> None:
    answer = Answer(
        "Who?", AnswerKind.NOT_FOUND, None, (), (Scored(CITATION, 0.123456),), {"all": 1.23456}
    )
    data = answer_to_json(answer)
    assert (data["nearest"][0]["score"], data["timings_ms"]) == (0.1235, {"all": 1.23})


@pytest.mark.parametrize("schema", ["sourceline.answer/2", "sourceline.answer/0", "", None, 1])
def test_another_schema_is_refused_by_name(schema: Any) -> None:
    with pytest.raises(RagError, match=f"no {ANSWER_SCHEMA} answer: its schema is {schema!r}"):
        answer_from_json({**answer_to_json(ANSWER), "schema": schema})


@pytest.mark.parametrize("field", ["question", "kind", "message", "claims"])
def test_an_answer_that_lacks_a_field_is_refused(field: str) -> None:
    data = answer_to_json(ANSWER)
    del data[field]
    with pytest.raises(RagError, match="cannot be read"):
        answer_from_json(data)


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("question", 5),
        ("message", ["x"]),
        ("kind", "settled"),
        ("claims", [{"text": "Ada sails."}]),
        ("claims", [{"text": "Ada sails.", "citations": [], "verdict": "true", "reason": None}]),
        ("claims", None),
        ("nearest", [{"score": 1}]),
        ("nearest", [5]),
        ("nearest", None),
        ("timings_ms", {"all": "soon"}),
        ("standalone", 5),
        ("method", "guessed"),
        ("usage", {"prompt_tokens": "many", "reply_tokens": 1}),
    ],
)
def test_an_answer_with_a_field_of_another_kind_is_refused(field: str, value: Any) -> None:
    with pytest.raises(RagError, match="cannot be read"):
        answer_from_json({**answer_to_json(ANSWER), field: value})


@pytest.mark.parametrize(
    "damage",
    [
        {"published": "yesterday"},
        {"published": "2024/.."},
        {"start": 5},
        {"end": 15},
        {"start": -1, "end": 9},
        {"start": 2**70, "end": 2**70 + 10},
        {"quote": "Ada sails"},
    ],
)
@pytest.mark.parametrize("place", ["claims", "nearest", "considered", "passed_over", "conflicts"])
def test_an_answer_with_a_citation_that_cannot_be_is_refused(damage: dict[str, Any], place: str) -> None:
    full = replace(ANSWER, passed_over=(Scored(CITATION, 0.5),))
    data = answer_to_json(full)
    (found,) = data[place]
    if place == "claims":
        found["citations"][0].update(damage)
    elif place == "conflicts":
        found["sides"][0]["citations"][0].update(damage)
    else:
        found.update({"text" if name == "quote" else name: value for name, value in damage.items()})
    with pytest.raises(RagError, match="cannot be read"):
        answer_from_json(data)
    assert answer_from_json(answer_to_json(full)) == full


@pytest.mark.parametrize("figure", [float("nan"), float("inf"), float("-inf"), "NaN", "Infinity"])
def test_an_answer_with_a_figure_that_is_none_is_refused(figure: float | str) -> None:
    lines = answer_to_json(replace(ANSWER, passed_over=(Scored(CITATION, 0.5),)))
    for place in ("nearest", "considered", "passed_over"):
        with pytest.raises(RagError, match="cannot be read"):
            answer_from_json({**lines, place: [{**lines[place][0], "score": figure}]})
    with pytest.raises(RagError, match="cannot be read"):
        answer_from_json({**lines, "considered": [{**lines["considered"][0], "reading": figure}]})
    with pytest.raises(RagError, match="cannot be read"):
        answer_from_json({**lines, "timings_ms": {"all": figure}})


def test_an_answer_with_a_moment_that_is_none_is_refused() -> None:
    data = answer_to_json(ANSWER)
    with pytest.raises(RagError, match="'soon' is not a date"):
        answer_from_json({**data, "as_of": "soon"})
    data["conflicts"][0]["sides"][0]["when"] = "then"
    with pytest.raises(RagError, match="'then' is not a date"):
        answer_from_json(data)


def test_an_answer_with_half_a_letter_is_refused() -> None:
    with pytest.raises(RagError, match="surrogates not allowed"):
        answer_from_json(json.loads(json.dumps({**answer_to_json(ANSWER), "question": "Who \ud800?"})))


def test_a_hit_in_json_holds_its_words_and_where_they_stand() -> None:
    article = Article("log.md", "She said: Ada sails. Then it rained.", "1" * 64, "Log", "Port")
    hit = Hit(Passage("key", "log.md", 10, 20), article, 0.98765, by_keywords=2)
    assert hit_to_json(hit) == {
        "source": "log.md",
        "start": 10,
        "end": 20,
        "text": "Ada sails.",
        "score": 0.9877,
        "sha256": "1" * 64,
        "title": "Log",
        "publisher": "Port",
        "published": None,
        "by_meaning": None,
        "by_keywords": 2,
        "reading": None,
    }


# What was stored before the first of these fields had a version without it.
STORED_FROM_THE_FIRST = {
    Answer: {"question", "kind", "message", "claims"},
    Claim: {"text", "citations", "verdict"},
    Citation: {"source", "sha256", "start", "end", "quote"},
    Conflict: {"kind", "about", "sides"},
    Side: {"value", "citations"},
    Usage: {"prompt_tokens", "reply_tokens"},
}


@pytest.mark.parametrize("record", STORED_FROM_THE_FIRST)
def test_a_field_that_a_stored_record_gains_has_a_default(record: type) -> None:
    assert is_dataclass(record)
    needed = {
        field.name
        for field in fields(record)
        if field.default is MISSING and field.default_factory is MISSING
    }
    gained = ", ".join(sorted(needed - STORED_FROM_THE_FIRST[record]))
    assert not gained, (
        f"every stored conversation and briefing lacks {gained}: give it a default in "
        f"{record.__name__} of rag/core/records.py, or have `from_json` of rag/core/schema.py fill it in"
    )


def every_field(record: type, **known: Any) -> dict[str, Any]:
    """A value that is no default for each field of a record that is not known."""
    return {
        field.name: known.get(field.name, f"2024-0{number}")
        for number, field in enumerate(fields(record), 1)
    }


def test_every_field_of_a_citation_is_stored_wherever_a_citation_stands() -> None:
    filled = every_field(Citation, sha256="0" * 64, start=4, end=14, quote="Ada sails.")
    citation = Citation(**filled)
    answer = Answer(
        "Who sails?",
        AnswerKind.ANSWERED,
        None,
        (Claim("Ada sails.", (citation,), Verdict.SUPPORTED),),
        (Scored(citation, 0.5),),
        considered=(Scored(citation, 0.5),),
        passed_over=(Scored(citation, 0.5),),
        conflicts=(Conflict(ConflictKind.CHANGE, "who", (Side("Ada", (citation,)),)),),
    )
    data = answer_to_json(answer)
    laid_flat = {"text" if name == "quote" else name: value for name, value in filled.items()}
    for place, wanted, found in (
        ("claims", filled, data["claims"][0]["citations"][0]),
        ("conflicts", filled, data["conflicts"][0]["sides"][0]["citations"][0]),
        ("nearest", laid_flat, data["nearest"][0]),
        ("considered", laid_flat, data["considered"][0]),
        ("passed_over", laid_flat, data["passed_over"][0]),
    ):
        lost = [name for name, value in wanted.items() if found.get(name) != value]
        assert not lost, f"{', '.join(lost)} of a citation in {place}: carry it in rag/core/schema.py"
    assert answer_from_json(data) == answer, "rag/core/schema.py does not read all that it writes"


@dataclass(frozen=True, slots=True)
class CitationOfTomorrow(Citation):
    """A citation as a later version may have it."""

    of_tomorrow: int | None = None


def test_a_field_more_is_stored_and_what_lacks_it_opens_and_what_has_it_opens_here() -> None:
    old = to_json(CITATION)
    tomorrow = from_json(CitationOfTomorrow, old)
    assert tomorrow.of_tomorrow is None
    assert to_json(replace(tomorrow, of_tomorrow=3)) == {**old, "of_tomorrow": 3}
    assert from_json(Citation, {**old, "of_tomorrow": 3}) == CITATION


def test_what_a_later_version_adds_anywhere_in_an_answer_is_passed_over() -> None:
    full = replace(ANSWER, passed_over=(Scored(CITATION, 0.5),), usage=Usage(1, 2))

    def with_more(value: Any) -> Any:
        if isinstance(value, list):
            return [with_more(each) for each in value]
        if isinstance(value, dict):
            return {name: with_more(each) for name, each in value.items()} | {"later": 1}
        return value

    data = with_more(answer_to_json(full))
    data["timings_ms"].pop("later")
    assert answer_from_json(data) == full


@pytest.mark.parametrize("text", ["{", "[]", "null", "[" * 100_000, '{"source": "a"}', 5])
def test_a_stored_text_that_is_no_such_record_is_refused(text: Any) -> None:
    with pytest.raises(ValueError, match=r"JSON|validation|Expecting"):
        from_text(Citation, text)
    assert from_text(Citation, to_text(CITATION)) == CITATION


def test_the_published_schema_names_every_field_of_an_answer_as_it_is_written() -> None:
    full = replace(ANSWER, passed_over=(Scored(CITATION, 0.5),), usage=Usage(1, 2))
    data, schema = to_json(full), json_schema(Answer, {"id": {"type": "integer"}})
    assert schema["properties"].keys() == data.keys()
    for place in ("nearest", "considered", "passed_over"):
        line = schema["properties"][place]["items"]["properties"]
        assert line.keys() == data[place][0].keys() | {"id"}
    claim = schema["properties"]["claims"]["items"]["properties"]
    assert claim.keys() == data["claims"][0].keys()
    cited = claim["citations"]["items"]
    assert cited["properties"].keys() == data["claims"][0]["citations"][0].keys() | {"id"}
    assert cited["required"] == ["source", "sha256", "start", "end", "quote", "id"]


def test_every_field_of_an_answer_and_a_citation_is_documented() -> None:
    table = (Path(__file__).parent.parent.parent / "docs" / "commands.md").read_text(encoding="utf-8")
    names = {
        field.name for record in (Answer, Citation, Scored, Conflict, Side) for field in fields(record)
    }
    missing = sorted(name for name in names - {"citation"} if not re.search(rf"`{name}(\[\])?`", table))
    assert not missing, f"docs/commands.md does not say what {', '.join(missing)} means"
