"""Claims of public sets are read as their authors wrote them, and judged by the verdict that users see.
All records here are our own inventions in the formats of the sets' authors."""

from collections.abc import Sequence
from pathlib import Path
from typing import Any

import pytest

from lab.claims import AUROC, Case, probability
from lab.metrics import unsupported_f1
from lab.reading import BenchmarkUnusable
from lab.results import Result, Veto
from lab.sets import attributionbench, newsdesk, qags, ragtruth, scifact, wice
from lab.sets.qags import Summary
from lab.sets.ragtruth import Response
from lab.stage import Context, Stage
from rag.core.records import Citation, Sentence, Verdict
from rag.core.settings import Settings
from rag.judging.gate import Flaw, Kind
from rag.judging.verification import Judgement, Verifier
from tests.lab.files import write

WICE = {
    "label": "partially_supported",
    "supporting_sentences": [[1], [0, 1], []],
    "claim": "The lighthouse was built in 1902 by two brothers.",
    "evidence": ["About the lighthouse", "It was built in 1902."],
    "meta": {"id": "dev1", "claim_title": "Lighthouse", "claim_section": "", "claim_context": ""},
}
ATTRIBUTION = {
    "question": "Where do the storks nest?",
    "claim": "The storks nest on the mill.",
    "claim_raw_string": "The storks nest on the mill.",
    "response": "The storks nest on the mill.",
    "references": ["Title: Storks\n\nStorks nest on the mill.", "They leave in August."],
    "attribution_label": "attributable",
    "src_dataset": "AttributedQA",
    "id": "AttributedQA_1",
}
RAGTRUTH = {
    "d1": "passage 1:Wash the wool.\nDry it.\n\npassage 2:Spin it slowly.\n\n",
    "d2": "Wash the wool. Then paint it red.",
    "query": "how to spin wool",
    "label": "neutral",
    "id": "7",
    "source_id": "70",
    "model": "a model",
    "labels": [{"start": 20, "end": 32, "text": "paint it red", "label_type": "Evident Baseless Info"}],
}
QAGS = {
    "article": "The ferry was late. Nobody was hurt.",
    "summary_sentences": [
        {
            "sentence": "The ferry was late.",
            "responses": [{"worker_id": 1, "response": "yes"}, {"worker_id": 2, "response": "yes"}],
        },
        {
            "sentence": "Two people were hurt.",
            "responses": [{"worker_id": 1, "response": "no"}, {"worker_id": 2, "response": "yes"}],
        },
    ],
}
SCIFACT = {
    "id": "3",
    "claim": "Moss grows in the dark.",
    "cited_doc_ids": ["11", "12", "13"],
    "evidence": [
        {"doc_id": "11", "label": "SUPPORT", "sentences": [1]},
        {"doc_id": "12", "label": "CONTRADICT", "sentences": [0]},
    ],
}
ABSTRACTS = [
    {"_id": "11", "title": "Moss", "text": "", "sentences": ["We kept moss.", "It grew in the dark."]},
    {"_id": "12", "title": "Moss", "text": "", "sentences": ["Moss died in the dark."]},
    {"_id": "13", "title": "Fern", "text": "", "sentences": ["We kept ferns."]},
]


def test_wice_is_read_with_its_supporting_sentences(tmp_path: Path) -> None:
    assert list(wice.read(write(tmp_path / "claim_dev.jsonl", WICE))) == [
        Case(
            key="dev1",
            group="Lighthouse",
            claim="The lighthouse was built in 1902 by two brothers.",
            evidence=("About the lighthouse", "It was built in 1902."),
            verdict=Verdict.PARTLY,
            supporting=((1,), (0, 1)),
        )
    ]


def test_attributionbench_is_read_with_its_question(tmp_path: Path) -> None:
    assert list(attributionbench.read(write(tmp_path / "dev.jsonl", ATTRIBUTION))) == [
        Case(
            key="AttributedQA_1",
            group="Where do the storks nest?",
            claim="The storks nest on the mill.",
            evidence=("Title: Storks\n\nStorks nest on the mill.", "They leave in August."),
            verdict=Verdict.SUPPORTED,
        )
    ]


def test_ragtruth_is_read_by_sentence_and_keeps_the_marked_characters(tmp_path: Path) -> None:
    (response,) = ragtruth.read(write(tmp_path / "half.jsonl", RAGTRUTH))
    assert response == Response(
        key="7",
        group="70",
        text="Wash the wool. Then paint it red.",
        sentences=(Sentence(0, 14), Sentence(15, 33)),
        evidence=("passage 1:Wash the wool.\nDry it.", "passage 2:Spin it slowly."),
        unsupported=((20, 32),),
    )
    assert response.claims == ("Wash the wool.", "Then paint it red.")
    assert response.characters == ((0, 14), (12, 6), (0, 1))


def test_overlapping_marks_count_a_character_once() -> None:
    response = Response("1", "1", "Ab cd.", (Sentence(0, 6),), (), ((0, 4), (2, 6)))
    assert response.characters == ((6, 0), (0, 0))


def test_qags_votes_become_shares(tmp_path: Path) -> None:
    (summary,) = qags.read(write(tmp_path / "mturk.jsonl", QAGS))
    assert summary == Summary(
        key=summary.key,
        group=summary.group,
        claims=("The ferry was late.", "Two people were hurt."),
        truths=(1.0, 0.5),
        evidence=("The ferry was late. Nobody was hurt.",),
    )


def test_scifact_gives_a_case_for_each_abstract_that_a_claim_cites(tmp_path: Path) -> None:
    abstracts = scifact.read_abstracts(write(tmp_path / "corpus.jsonl.gz", *ABSTRACTS))
    claim = "Moss grows in the dark."
    assert list(scifact.read_claims(write(tmp_path / "claims_dev.jsonl", SCIFACT), abstracts)) == [
        Case(
            "3-11",
            "11",
            claim,
            ("We kept moss.", "It grew in the dark."),
            Verdict.SUPPORTED,
            ((1,),),
        ),
        Case(
            "3-12",
            "12",
            claim,
            ("Moss died in the dark.",),
            Verdict.UNSUPPORTED,
            ((0,),),
        ),
        Case("3-13", "13", claim, ("We kept ferns.",), Verdict.UNSUPPORTED),
    ]


@pytest.mark.parametrize(
    ("record", "words"),
    [
        ({**WICE, "label": "maybe"}, "line 2: label"),
        ({**WICE, "supporting_sentences": [[9]]}, "line 2: a supporting sentence"),
        ({"claim": "Alone."}, "line 2: evidence"),
    ],
)
def test_a_bad_line_is_named(tmp_path: Path, record: dict[str, Any], words: str) -> None:
    with pytest.raises(BenchmarkUnusable, match=words):
        list(wice.read(write(tmp_path / "claim_dev.jsonl", WICE, record)))


def test_a_span_that_does_not_stand_in_its_response_is_refused(tmp_path: Path) -> None:
    moved = {**RAGTRUTH, "labels": [{"start": 0, "end": 5, "text": "paint"}]}
    with pytest.raises(BenchmarkUnusable, match="line 1: the words of a marked span"):
        list(ragtruth.read(write(tmp_path / "half.jsonl", moved)))


def test_a_claim_about_an_unknown_abstract_is_refused(tmp_path: Path) -> None:
    abstracts = scifact.read_abstracts(write(tmp_path / "corpus.jsonl.gz", *ABSTRACTS[:2]))
    with pytest.raises(BenchmarkUnusable, match="abstract 13 is not in corpus"):
        list(scifact.read_claims(write(tmp_path / "claims_dev.jsonl", SCIFACT), abstracts))


@pytest.mark.parametrize("content", [b"\xff\xfe\x00", b"", b"\x1f\x8b\x08\x00cut"])
def test_abstracts_that_are_no_packed_text_are_refused(tmp_path: Path, content: bytes) -> None:
    (tmp_path / "corpus.jsonl.gz").write_bytes(content)
    path = write(tmp_path / "claims_dev.jsonl", SCIFACT)
    with pytest.raises(BenchmarkUnusable, match=r"corpus\.jsonl\.gz"):
        list(scifact.read_claims(path, scifact.read_abstracts(tmp_path / "corpus.jsonl.gz")))


def test_a_response_counts_by_its_weakest_sentence_and_by_characters_a_summary_by_its_mean() -> None:
    response = Response("1", "1", "Ab. Cd.", (Sentence(0, 3), Sentence(4, 7)), (), ((4, 7),))
    assert response.truths == (1.0, 0.0)
    example, span, _ = ragtruth.MEASURES
    judged = example.items([response], [(1.0, 0.0)])
    assert (list(judged.supports), list(judged.truths)) == ([0.0], [0.0])
    characters = span.items([response], [(1.0, 0.0)])
    assert unsupported_f1(characters, 0.5) == 1.0
    assert characters.weights.sum() == len("Ab. Cd.")
    summary = Summary("1", "1", ("Ab.", "Cd."), (1.0, 0.5), ())
    assert list(qags.MEASURE.items([summary], [(1.0, 0.5)]).supports) == [0.75]


@pytest.fixture
def sets(tmp_path: Path) -> dict[str, Stage]:
    """Of each set records of which one half of the claims says what the evidence says."""
    folder = tmp_path / "sets"
    ships = [(number, f"The ship Anna carried {number} sacks to Elva.") for number in range(10, 22)]
    pairs = [(said, said, True) for _, said in ships]
    pairs += [(said.replace(f" {number} ", f" {number * 7} "), said, False) for number, said in ships]
    labels = {True: "supported", False: "not_supported"}
    write(
        folder / "wice" / "claim_dev.jsonl",
        *(
            {
                "label": labels[is_true],
                "supporting_sentences": [[0]],
                "claim": claim,
                "evidence": [said],
                "meta": {"id": str(number), "claim_title": f"Ship {number}"},
            }
            for number, (claim, said, is_true) in enumerate(pairs)
        ),
    )
    write(
        folder / "attributionbench" / "dev.jsonl",
        *(
            {
                **ATTRIBUTION,
                "id": str(number),
                "question": f"What about ship {number}?",
                "claim": claim,
                "references": [said],
                "attribution_label": "attributable" if is_true else "not attributable",
            }
            for number, (claim, said, is_true) in enumerate(pairs)
        ),
    )
    write(
        folder / "ragtruth_qa" / "half.jsonl",
        *(
            {
                **RAGTRUTH,
                "id": str(number),
                "source_id": str(number),
                "d1": f"passage 1:{said}",
                "d2": claim,
                "labels": [] if is_true else [{"start": 0, "end": len(claim), "text": claim}],
            }
            for number, (claim, said, is_true) in enumerate(pairs)
        ),
    )
    write(
        folder / "qags" / "mturk_cnndm.jsonl",
        *(
            {
                "article": said,
                "summary_sentences": [
                    {"sentence": claim, "responses": [{"response": "yes" if is_true else "no"}]}
                ],
            }
            for claim, said, is_true in pairs
        ),
    )
    abstracts = [
        {"_id": str(number), "title": "", "text": said, "sentences": [said]}
        for number, (_, said, _) in enumerate(pairs)
    ]
    write(folder / "scifact" / "corpus.jsonl.gz", *abstracts)
    write(
        folder / "scifact" / "claims_dev.jsonl",
        *(
            {
                "id": number,
                "claim": claim,
                "cited_doc_ids": [number],
                "evidence": [{"doc_id": number, "label": "SUPPORT", "sentences": [0]}] * is_true,
            }
            for number, (claim, _, is_true) in enumerate(pairs)
        ),
    )
    desk = write(
        folder / "desk" / "claims.jsonl",
        *(
            {
                "kind": "paraphrase" if is_true else "number",
                "claim": claim,
                "quote": said,
                "supported": is_true,
            }
            for claim, said, is_true in pairs
        ),
    ).parent
    modules = (wice, attributionbench, ragtruth, qags, scifact)
    found = [stage for module in modules for stage in module.stages(folder)]
    return {stage.name: stage for stage in [*found, *newsdesk.stages(desk, folder)]}


def measured(sets: dict[str, Stage], name: str, models_dir: Path) -> Result:
    context = Context(Settings(Path("none"), models_dir.parent), resamples=10)
    return sets[name].measure(context, sets[name].files)


@pytest.mark.parametrize(
    ("name", "figures"),
    [
        ("wice", {"balanced accuracy": 100.0, AUROC: 100.0}),
        ("attributionbench", {"macro-F1": 100.0, AUROC: 100.0}),
        ("ragtruth", {"example F1": 100.0, "span F1": 100.0, f"example {AUROC}": 100.0}),
        # The false ones are all equally false, but not equally likely: no order of them is worth 100.
        ("qags", {"Spearman": 100.0, "Spearman of the probability behind the verdict": 100.0}),
        ("scifact_claims", {"balanced accuracy": 100.0, AUROC: 100.0}),
        ("newsdesk_claims", {"balanced accuracy": 100.0, AUROC: 100.0}),
    ],
)
def test_the_verdict_that_users_see_is_what_is_measured(
    sets: dict[str, Stage],
    name: str,
    figures: dict[str, float],
    models_dir: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    whole = measured(sets, name, models_dir)
    judge = Verifier.judge

    def turned_round(self: Verifier, claim: str, citations: Sequence[Citation]) -> Judgement:
        is_supported = judge(self, claim, citations).verdict is Verdict.SUPPORTED
        return Judgement(Verdict.UNSUPPORTED if is_supported else Verdict.SUPPORTED)

    monkeypatch.setattr(Verifier, "judge", turned_round)
    broken = measured(sets, name, models_dir)

    assert {score.metric: score.ours for score in whole.scores} == figures
    assert all((score.ours or 0) <= 0 for score in broken.scores)
    assert [score.baselines for score in whole.scores] == [score.baselines for score in broken.scores]
    (number,) = (veto for veto in whole.vetoes if veto.kind == "number")
    assert number.right == number.fired > 0
    assert all(veto.fired == 0 for veto in broken.vetoes)


@pytest.mark.parametrize(
    ("judgement", "expected"),
    [
        (Judgement(Verdict.SUPPORTED), 1.0),
        (Judgement(Verdict.PARTLY, None, 0.25), 0.25),
        (Judgement(Verdict.UNSUPPORTED), 0.0),
        (Judgement(Verdict.SUPPORTED, None, 0.9, (Flaw(Kind.NUMBER, "", ""),)), 0.9),
        (Judgement(Verdict.UNSUPPORTED, "", 0.9, (Flaw(Kind.QUOTATION, "", ""),)), 0.0),
    ],
)
def test_the_probability_behind_a_verdict_is_none_where_the_gate_decided(
    judgement: Judgement, expected: float
) -> None:
    assert probability(judgement) == expected


def test_partly_is_not_supported_and_counts_half_where_figures_are_graded(
    sets: dict[str, Stage], models_dir: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(Verifier, "judge", lambda *_: Judgement(Verdict.PARTLY))
    score, _ = measured(sets, "wice", models_dir).scores
    assert score.ours == 50.0
    (confusion,) = measured(sets, "newsdesk_claims", models_dir).confusions
    assert confusion.truths == ("paraphrase", "number")
    assert confusion.counts == ((0, 12, 0, 0), (0, 12, 0, 0))


def test_a_veto_on_a_claim_that_people_found_supported_is_a_false_one(
    tmp_path: Path, models_dir: Path
) -> None:
    claims = [
        {"kind": kind, "claim": claim, "quote": quote, "supported": kind == "paraphrase"}
        for kind, claim, quote in (
            ("paraphrase", "Anna carried 9 sacks.", "Anna carried 8 sacks."),
            ("number", "Anna carried 9 sacks.", "Anna carried 7 sacks."),
            ("name", "Bo carried 8 sacks.", "Anna carried 8 sacks."),
        )
    ]
    write(tmp_path / "claims.jsonl", *claims)
    _, stage = newsdesk.stages(tmp_path, tmp_path)
    result = measured({"": stage}, "", models_dir)
    assert [veto for veto in result.vetoes if veto.fired] == [
        Veto("Newsdesk claims", "number", 2, 1),
        Veto("Newsdesk claims", "name", 1, 1),
    ]


def test_what_came_out_otherwise_than_people_found_is_told(
    sets: dict[str, Stage], models_dir: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(Verifier, "judge", lambda *_: Judgement(Verdict.UNSUPPORTED, "Never."))
    failed: list[str] = []
    context = Context(
        Settings(Path("none"), models_dir.parent),
        sample=5,
        resamples=10,
        failed=lambda failure: failed.append(f"{failure.kind}: {failure.came}"),
    )
    score, _ = sets["wice"].measure(context, sets["wice"].files).scores
    assert (score.count, score.note) == (5, "a sample of 5 of 24")
    assert set(failed) == {"called otherwise: unsupported: Never."}
