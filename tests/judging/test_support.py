"""The bundled judge: what it reads of the words that are cited, and what it takes them to say."""

from collections.abc import Sequence

import pytest

from rag.judging.support import READ_CHARACTERS, ReaderJudge, Stance
from rag.language.terms import Lexicon
from rag.models.backbone import open_backbone
from rag.models.embedding import Encoder
from rag.models.pairs import PairReader, PairReading

LEXICON = Lexicon()
TEXT = [
    "Ada Okoye opened the old mill by the river in spring.",
    "Ben Ruiz sold a hundred loaves of bread at the market in Elva.",
]
WHOLE = "Ada Okoye opened the old mill by the river."
SPLICED = "Ada Okoye sold a hundred loaves of bread by the river."
DENIED = "Ada Okoye did not open the old mill by the river."
OTHER = "The harbour of Elva is closed in winter."


class Listening(PairReader):
    """Keeps what was read."""

    def __init__(self) -> None:
        super().__init__(open_backbone())
        self.heard: list[tuple[str, str]] = []

    def read(self, pairs: Sequence[tuple[str, str]]) -> list[PairReading]:
        self.heard += pairs
        return super().read(pairs)


@pytest.fixture(scope="module")
def judge(encoder: Encoder, pairs: PairReader) -> ReaderJudge:
    return ReaderJudge(encoder, pairs, LEXICON)


def test_a_stance_is_two_probabilities(judge: ReaderJudge) -> None:
    for claim in (WHOLE, SPLICED, DENIED, OTHER):
        stance = judge.stance(claim, TEXT)
        assert 0 <= stance.supports <= 1
        assert 0 <= stance.contradicts <= 1
        assert stance.supports + stance.contradicts <= 1 + 1e-6


def test_what_stands_there_is_borne_out_better_than_what_is_put_together(judge: ReaderJudge) -> None:
    assert judge.stance(WHOLE, TEXT).supports > judge.stance(SPLICED, TEXT).supports


def test_what_the_words_deny_they_contradict(judge: ReaderJudge) -> None:
    denied, said = judge.stance(DENIED, TEXT), judge.stance(WHOLE, TEXT)
    assert denied.contradicts > said.contradicts
    assert denied.supports < said.supports


def test_what_the_words_do_not_speak_of_they_neither_say_nor_contradict(judge: ReaderJudge) -> None:
    stance = judge.stance(OTHER, TEXT)
    assert stance.supports < 0.3
    assert stance.contradicts < 0.5


@pytest.mark.parametrize(
    ("claim", "texts"), [(WHOLE, []), (WHOLE, ["", " \n"]), ("?!", TEXT), ("", TEXT)]
)
def test_where_there_are_no_words_nothing_is_said(
    judge: ReaderJudge, claim: str, texts: list[str]
) -> None:
    assert judge.stance(claim, texts) == Stance(0.0, 0.0)


def test_texts_are_read_together_in_their_order(encoder: Encoder) -> None:
    pairs = Listening()
    ReaderJudge(encoder, pairs, LEXICON).stance(WHOLE, TEXT)
    assert pairs.heard == [(WHOLE, " ".join(TEXT))]


def test_of_far_more_words_than_are_read_at_once_the_nearest_are(encoder: Encoder) -> None:
    pairs = Listening()
    filler = [
        f"In the year {year} nothing of note was written down anywhere." for year in range(1800, 1850)
    ]
    ReaderJudge(encoder, pairs, LEXICON).stance(
        WHOLE, [" ".join(filler[:25]), *TEXT, " ".join(filler[25:])]
    )
    ((claim, read),) = pairs.heard
    assert claim == WHOLE
    assert TEXT[0] in read
    assert 500 < len(read) <= READ_CHARACTERS + 50  # and the spaces between
    years = [int(word) for word in read.split() if word.isdigit()]
    assert years == sorted(years)


def test_one_sentence_longer_than_what_is_read_at_once_is_read_from_its_beginning(
    encoder: Encoder,
) -> None:
    pairs = Listening()
    long = "Ada Okoye opened the old mill and " + "on and " * 400 + "on."
    stance = ReaderJudge(encoder, pairs, LEXICON).stance(WHOLE, [long])
    assert [text for _, text in pairs.heard] == [long]
    assert 0 <= stance.supports <= 1


def test_sentences_are_ranked_by_how_near_they_come(judge: ReaderJudge) -> None:
    near, far = judge.rank(WHOLE, TEXT)
    assert near > far
    assert judge.rank(WHOLE, []) == []


def test_the_share_of_a_claims_words_that_stand_there(judge: ReaderJudge) -> None:
    assert judge.share(WHOLE, TEXT) == 1.0
    assert judge.share("Ada Okoye opened a bakery.", TEXT[:1]) == pytest.approx(3 / 4)
    assert judge.share(WHOLE, []) == 0.0
