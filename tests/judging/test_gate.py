"""What the gate names, in words for the reader; and that it never doubts a text's own words."""

import pytest
from hypothesis import given

from rag.core.records import Citation
from rag.core.settings import PACKAGE
from rag.judging.gate import Flaw, Gate, Kind
from rag.language.terms import Lexicon, read_aliases
from tests.strategies import texts

GATE = Gate(Lexicon(read_aliases(PACKAGE / "language" / "aliases.txt")))


def cite(quote: str, published: str | None = None, title: str | None = None) -> Citation:
    return Citation("a.md", "0" * 64, 0, len(quote), quote, title, None, published)


def flaws(claim: str, quote: str, published: str | None = None) -> list[tuple[Kind, str]]:
    return [(flaw.kind, flaw.reason) for flaw in GATE.check(claim, [cite(quote, published)])]


@pytest.mark.parametrize(
    ("claim", "quote", "kind", "reason"),
    [
        (
            "800 soldiers are stationed there.",
            "Some 2,000 soldiers are stationed there.",
            Kind.NUMBER,
            "800 is not in the cited words; they say 2,000.",
        ),
        (
            "The road is 12 miles long.",
            "The road is 12 kilometers long.",
            Kind.NUMBER,
            "12 miles is not in the cited words; they say 12 kilometers.",
        ),
        (
            "Ada sailed on May 9.",
            "Ada sailed on May 8.",
            Kind.DATE,
            "May 9 is not in the cited words; they say May 8.",
        ),
        (
            "Ada sailed in 1843.",
            "Ada sailed to the island.",
            Kind.DATE,
            "1843 is not in the cited words, which name no date.",
        ),
        (
            "Ada Okoye sailed to Lagos.",
            "Ada Okoye sailed to the island.",
            Kind.NAME,
            "“Lagos” is not in the cited words.",
        ),
        (
            "She called it “a great day”.",
            "She called it “a good day”.",
            Kind.QUOTATION,
            "“a great day” does not stand in the cited words so.",
        ),
        (
            "The crew signed the treaty.",
            "The crew did not sign the treaty.",
            Kind.NEGATION,
            "The cited words deny it: “not sign the treaty”.",
        ),
        (
            "The crew did not sign the treaty.",
            "The crew signed the treaty.",
            Kind.NEGATION,
            "The cited words do not deny it: nothing there says “not sign the treaty”.",
        ),
        (
            "The harbour was full.",
            "The harbour was reportedly full.",
            Kind.HEARSAY,
            "The source does not state this itself (“reportedly”); the claim does.",
        ),
    ],
)
def test_what_does_not_fit_is_named(claim: str, quote: str, kind: Kind, reason: str) -> None:
    assert flaws(claim, quote) == [(kind, reason)]


@pytest.mark.parametrize(
    ("claim", "quote", "published"),
    [
        ("Two thousand soldiers are there.", "2,000 soldiers are there.", None),
        ("$1.5 billion was pledged.", "Donors pledged 1.5 billion dollars.", None),
        ("Half of the crew fell ill.", "Fifty per cent of the crew fell ill.", None),
        ("The voyage took two and a half years.", "The voyage took 30 months.", None),
        ("More than half of the crew fell ill.", "Of the crew, 59 percent fell ill.", None),
        ("Less than a third of $630 million came.", "Only $186 million of $630 million came.", None),
        ("20 of the crew fell ill.", "Of the crew of 60, all but 40 fell ill.", None),
        ("Two thirds of the crew fell ill.", "Of the crew of 60, 40 fell ill.", None),
        ("The crew was six times as large.", "A crew of 10 became one of 60.", None),
        ("Ada sailed on May 13.", "Ada sailed on Tuesday.", "2025-05-14"),
        ("Ada sailed on Tuesday.", "Ada sailed on May 13, 2025.", None),
        ("Ada sailed last month.", "Ada sailed on April 3.", "2025-05-14"),
        ("Ada sailed on December 28, 2022.", "Ada sailed on December 28.", "2023-02-08"),
        ("Kalın met the Turks.", "Ibrahim Kalin met people from Turkey.", None),
        ("The World Food Programme came.", "The WFP came.", None),
        ("The SDF came.", "The Syrian Democratic Forces came.", None),
        ("She called it 'a good, long day.'", "“It was a good, long day,” she said.", None),
        ("The crew has not ruled out a strike.", "The crew did not rule out a strike.", None),
        ("The crew failed to sign.", "The crew did not sign.", None),
        ("The crew did not take the offer.", "The crew turned the offer down.", None),
        ("The harbour was allegedly full.", "The harbour was reportedly full.", None),
        ("The last mutiny was in 1842.", "There had been no mutiny since 1842.", None),
    ],
)
def test_what_is_said_in_another_way_passes(claim: str, quote: str, published: str | None) -> None:
    assert flaws(claim, quote, published) == []


@pytest.mark.parametrize(
    ("claim", "quote", "published"),
    [
        ("Ada sailed on May 12.", "Ada sailed on Tuesday.", "2025-05-14"),
        ("Ada sailed on Wednesday.", "Ada sailed on Tuesday.", "2025-05-14"),
        ("Ada sailed on December 28, 2023.", "Ada sailed on December 28.", "2023-02-08"),
        ("Exactly 900 came.", "About 900 came.", None),
        ("More than 50 came.", "50 came.", None),
        ("Fewer than 900 came.", "More than 900 came.", None),
        ("Real Sotavento won.", "Real Betis won in Sotavento.", None),
        ("Femi Okoye sailed.", "Ada Okoye sailed.", None),
        ("They met in Ankara.", "They met in Turkey.", None),
        ("More than a third of $630 million came.", "Only $186 million of $630 million came.", None),
        ("A third of the crew fell ill.", "Of the crew of 60, 12 fell ill.", None),
    ],
)
def test_what_is_near_is_not_the_same(claim: str, quote: str, published: str | None) -> None:
    assert flaws(claim, quote, published) != []


def test_a_name_may_stand_in_the_title() -> None:
    quoted = cite("The talks centred on fishing.", title="Okoye visits Lagos")
    assert GATE.check("Okoye's talks in Lagos centred on fishing.", [quoted]) == ()


def test_another_number_for_the_same_thing_contradicts() -> None:
    def contradicts(claim: str, quote: str) -> list[bool]:
        return [flaw.contradicts for flaw in GATE.check(claim, [cite(quote)])]

    claim = "800 soldiers are stationed there."
    assert contradicts(claim, "2,000 soldiers are stationed there.") == [True]
    assert contradicts(claim, "He bought 12 apples.") == [False]


def test_without_cited_words_there_is_nothing_to_compare() -> None:
    assert GATE.check("Ada sailed in 1843.", []) == ()


@given(texts)
def test_a_text_has_no_flaw_beside_itself(text: str) -> None:
    assert GATE.check(text, [cite(text, "2025-05-14")]) == ()


@given(texts, texts)
def test_any_texts_can_be_compared(claim: str, quote: str) -> None:
    for flaw in GATE.check(claim, [cite(quote, "2025-05")]):
        assert isinstance(flaw, Flaw)
        assert flaw.reason.endswith(".")


@pytest.mark.parametrize(
    "text",
    ["not " * 5_000, "1 " * 5_000, "May 1 " * 2_000, "“a " * 5_000, "Ada " * 5_000, "a" * 20_000,
     "1,000" * 2_000, "he said, " * 2_000, "half a " * 2_000, "'" * 20_000, "Mr. " * 5_000],
    ids=lambda text: text[:8],
)  # fmt: skip
def test_a_long_text_takes_no_endless_time(text: str) -> None:
    GATE.check(text[:4_000], [cite(text)])
