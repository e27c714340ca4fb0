"""The bundled judge: what holds a claim's words in a row bears it out better than what holds them in
pieces."""

import pytest

from rag.judging.support import EncoderJudge
from rag.language.terms import Lexicon
from rag.models.embedding import Encoder
from rag.models.pairs import PairReader

LEXICON = Lexicon()
TEXT = [
    "Ada Okoye opened the old mill by the river in spring.",
    "Ben Ruiz sold a hundred loaves of bread at the market in Elva.",
]
WHOLE = "Ada Okoye opened the old mill by the river."
SPLICED = "Ada Okoye sold a hundred loaves of bread by the river."


@pytest.fixture(scope="module")
def judge(encoder: Encoder, pairs: PairReader) -> EncoderJudge:
    return EncoderJudge(encoder, pairs, LEXICON)


def seams(judge: EncoderJudge, claim: str) -> float:
    signals = judge.signals(claim, TEXT)
    assert signals is not None
    return signals.seams


def test_halves_put_together_have_more_seams_than_what_stands_there(judge: EncoderJudge) -> None:
    assert seams(judge, WHOLE) < seams(judge, SPLICED)


def test_where_other_words_are_used_seams_tell_nothing(judge: EncoderJudge) -> None:
    assert abs(seams(judge, "A baker was busy that morning.")) < 0.01


def test_a_claim_whose_words_stand_in_a_row_is_borne_out_better(judge: EncoderJudge) -> None:
    assert judge.support(WHOLE, TEXT) > judge.support(SPLICED, TEXT)
