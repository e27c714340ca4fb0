"""The bundled judge: what holds a claim's words in a row bears it out better than what holds them in
pieces; and what the gate finds counts against it."""

import pytest

from rag.judging.gate import Gate
from rag.judging.support import EncoderJudge
from rag.judging.verification import Verifier
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


def test_a_number_that_is_not_there_counts_more_than_a_name(judge: EncoderJudge) -> None:
    verifier = Verifier(Gate(LEXICON), judge)
    claims = ("Ben Ruiz sold {} of bread at the market in Elva.", "{} sold a hundred loaves in Elva.")
    number, name = claims[0].format("200 loaves"), claims[1].format("Cleo Vance")
    for claim, most in ((number, 0.15), (name, 0.4)):
        alone, doubted = judge.support(claim, TEXT), verifier.support(claim, TEXT)
        assert doubted / (1 - doubted) < most * alone / (1 - alone)
    assert verifier.support(WHOLE, TEXT) == pytest.approx(judge.support(WHOLE, TEXT))
