"""What becomes of a language model's replies: good ones, wrong ones, and what is mended."""

import pytest

from rag.core.records import Answer, AnswerKind, Claim, Drafted, Event, Method, Verdict
from tests.writing import DAMASCUS, Scene, counter, data_dir, scene

__all__ = ["counter", "data_dir", "scene"]

VISIT = "Ibrahim Kalin went to Damascus on Tuesday on an unannounced visit."
GOOD = (
    f"{VISIT} {{went to Damascus}} "
    "The SDF's camps are believed to hold more than 15,000 people. {more than 15,000 people}"
)


def only(answer: Answer) -> Claim:
    (claim,) = answer.claims
    return claim


def supported(answer: Answer) -> list[str]:
    return [claim.text for claim in answer.claims if claim.verdict is Verdict.SUPPORTED]


def test_a_good_reply_is_supported_and_cites_the_sentences_that_carry_it(scene: Scene) -> None:
    scene.reply = GOOD
    answer = scene.ask()
    assert (answer.method, answer.kind, answer.model) == (
        Method.WRITTEN,
        AnswerKind.ANSWERED,
        "scripted",
    )
    assert [claim.verdict for claim in answer.claims] == [Verdict.SUPPORTED, Verdict.SUPPORTED]
    assert [claim.citations[0].quote for claim in answer.claims] == [
        "Turkey's intelligence chief, Ibrahim Kalin, went to Damascus on Tuesday on an unannounced "
        "visit, a major diplomatic move.",
        "The Syrian Democratic Forces (SDF), a militia alliance with U.S. backing, run the camps at "
        "present. They are believed to hold more than 15,000 people, ISIS militants and their families.",
    ]
    texts = {article.source: article.text for article in scene.assistant().articles()}
    for citation in (citation for claim in answer.claims for citation in claim.citations):
        assert texts[citation.source][citation.start : citation.end] == citation.quote
    assert len(scene.prompts) == 1
    assert answer.usage is not None
    assert answer.usage.prompt_tokens > answer.usage.reply_tokens > 0


def test_claims_come_as_they_are_finished_and_are_those_of_the_answer(scene: Scene) -> None:
    scene.reply = GOOD
    events = list(scene.events())
    drafts = [event.claim for event in events if isinstance(event, Drafted)]
    answer = events[-1]
    assert isinstance(answer, Answer)
    assert tuple(drafts) == answer.claims


def test_swapped_citations_make_both_claims_fail(scene: Scene) -> None:
    scene.reply = (
        f"{VISIT} {{more than 15,000 people}} "
        "The SDF's camps are believed to hold more than 15,000 people. {went to Damascus}"
    )
    events = list(scene.events())
    drafts = [event.claim for event in events if isinstance(event, Drafted)]
    assert len(drafts) == 2
    assert not any(claim.verdict is Verdict.SUPPORTED for claim in drafts)
    answer = events[-1]
    assert isinstance(answer, Answer)
    assert (answer.method, bool(answer.notice)) == (Method.EXTRACTED, True)


# What a model may invent; none of it may stand as supported.
WRONG = {
    "number": "The SDF's camps are believed to hold more than 51,000 people. {more than 15,000 people}",
    "number of troops": "The United States has 800 troops based in Syria. {2,000 U.S. troops}",
    "quotation": "Ankara spoke of “a new dawn for Damascus”. {went to Damascus}",
    "dropped negation": "Ankara had made the visit public beforehand. {made the visit public}",
    "speaker": "Reuters reported that the talks dealt with disarming the militia. {Anadolu reported}",
    "date": "Trump pressed Sharaa at a meeting in Riyadh on June 14. {Riyadh on May 14}",
    "name": "Kalin met President Bashar al-Assad in Damascus. {met President Ahmed al-Sharaa}",
    "unknown key": "Aliens landed in Damascus yesterday [zz9x].",
}


@pytest.mark.parametrize("sentence", WRONG.values(), ids=WRONG)
def test_what_is_invented_is_never_supported(scene: Scene, sentence: str) -> None:
    scene.reply = f"{VISIT} {{went to Damascus}} {sentence}"
    answer = scene.ask()
    assert answer.method is Method.WRITTEN
    first, wrong = answer.claims
    assert (first.text, first.verdict) == (VISIT, Verdict.SUPPORTED)
    assert wrong.verdict is not Verdict.SUPPORTED
    assert wrong.reason


def test_a_key_that_was_never_given_points_nowhere(scene: Scene) -> None:
    scene.reply = f"{VISIT} {{went to Damascus}} Bananas are rich in potassium [zz9x]."
    assert scene.ask().claims[1].citations == ()


def test_sentences_without_keys_are_tied_to_what_comes_nearest(scene: Scene) -> None:
    scene.reply = f"{VISIT} Bananas are rich in potassium."
    visit, bananas = scene.ask().claims
    assert visit.verdict is Verdict.SUPPORTED
    assert visit.citations[0].source == "kalin-damascus-visit.md"
    assert (bananas.verdict, bananas.citations) == (Verdict.UNSUPPORTED, ())


@pytest.mark.parametrize(
    "reply",
    [
        "| Who | What |\n|---|---|\n| Ibrahim Kalin | went to Damascus on Tuesday {went to Damascus} |",
        f"- {VISIT}\n  {{went to Damascus}}",
        "Based on the passages, İbrahim Kalın went to Damascus on Tuesday. {went to Damascus}",
        "Türkiye's intelligence chief İbrahim Kalın went to Damascus. {went to Damascus}",
        f"Here is what the articles say:\n\n1. {VISIT} {{went to Damascus}}\n\nI hope this helps!",
    ],
    ids=["table", "key on its own line", "frame", "Turkish letters", "courtesies"],
)
def test_the_form_of_a_reply_does_not_matter(scene: Scene, reply: str) -> None:
    scene.reply = reply
    claim = only(scene.ask())
    assert claim.verdict is Verdict.SUPPORTED
    assert "went to Damascus" in claim.citations[0].quote


def test_what_the_articles_do_not_say_ends_in_not_found(scene: Scene) -> None:
    scene.reply = "The articles do not say."
    answer = scene.ask()
    assert (answer.kind, answer.claims, answer.method) == (AnswerKind.NOT_FOUND, (), Method.WRITTEN)
    assert answer.nearest
    assert answer.message
    assert answer.message.startswith("The articles do not answer this.")


def test_a_part_that_the_articles_do_not_say_makes_the_answer_partial(scene: Scene) -> None:
    scene.reply = f"{VISIT} {{went to Damascus}} The articles do not mention how long he stayed."
    answer = scene.ask()
    assert (answer.kind, only(answer).text) == (AnswerKind.PARTIAL, VISIT)


@pytest.mark.parametrize("reply", ["Sure! I hope this helps.", "42", "Lorem ipsum dolor sit amet.", "…"])
def test_a_reply_that_says_nothing_of_use_ends_in_the_articles_own_sentences(
    scene: Scene, reply: str
) -> None:
    scene.reply = reply
    answer = scene.ask()
    assert (answer.method, answer.kind) == (Method.EXTRACTED, AnswerKind.ANSWERED)
    assert answer.notice
    assert all(claim.verdict is Verdict.SUPPORTED for claim in answer.claims)


WRONG_COUNT = "The SDF's camps are believed to hold more than 51,000 people."
RIGHT_COUNT = "The SDF's camps are believed to hold more than 15,000 people."


def test_what_fails_is_given_back_with_its_reason_and_mended(scene: Scene) -> None:
    scene.reply = f"{VISIT} {{went to Damascus}} {WRONG_COUNT} {{more than 15,000 people}}"
    scene.repair = f"1: {RIGHT_COUNT} {{more than 15,000 people}}"
    answer = scene.ask()
    assert supported(answer) == [VISIT, RIGHT_COUNT]
    assert len(answer.claims) == 2
    (asked,) = scene.asked("repair")
    assert f"1: {WRONG_COUNT}\n   Reason: 51,000 is not in the cited words" in asked
    assert VISIT not in asked.partition("Sentences to mend:")[2]


@pytest.mark.parametrize("repair", ["1: drop", "1: **Drop.**", "1: The articles do not say."])
def test_what_the_model_drops_goes(scene: Scene, repair: str) -> None:
    scene.reply = f"{VISIT} {{went to Damascus}} {WRONG_COUNT} {{more than 15,000 people}}"
    scene.repair = repair
    assert only(scene.ask()).text == VISIT


@pytest.mark.parametrize(
    "repair",
    [
        "1: The camps hold 99,000 people. {more than 15,000 people}",
        "Nonsense.",
        "",
        "2: Kalin met Sharaa.",
    ],
)
def test_what_still_fails_stays_unsupported_and_is_asked_for_once(scene: Scene, repair: str) -> None:
    scene.reply = f"{VISIT} {{went to Damascus}} {WRONG_COUNT} {{more than 15,000 people}}"
    scene.repair = repair
    answer = scene.ask()
    assert supported(answer) == [VISIT]
    assert WRONG_COUNT in [claim.text for claim in answer.claims]
    assert len(scene.asked("repair")) == 1


def test_by_a_setting_what_fails_is_left_out_and_told(scene: Scene) -> None:
    scene.reply = f"{VISIT} {{went to Damascus}} {WRONG_COUNT} {{more than 15,000 people}}"
    scene.repair = "Nonsense."
    answer = scene.ask(show_unsupported=False)
    assert only(answer).text == VISIT
    assert answer.notice == "Sentences that the articles do not bear out were left out: 1."


def test_a_repair_that_breaks_off_leaves_the_verdicts(scene: Scene) -> None:
    scene.server.reply(f"{VISIT} {WRONG_COUNT}")
    scene.server.fault("cut")
    answer = scene.ask()
    assert answer.method is Method.WRITTEN
    assert supported(answer) == [VISIT]


def test_of_a_small_window_the_best_passages_are_kept_and_the_rest_is_told(scene: Scene) -> None:
    scene.reply = f"{VISIT} {{went to Damascus}}"
    whole, small = scene.ask(), scene.ask(llm_window_tokens=1600, llm_reply_tokens=300)
    assert whole.notice is None
    assert small.notice
    assert small.notice.endswith("passages did not fit into the language model's window.")
    first, second = (prompt.count(" end [") for prompt in scene.prompts)
    assert 0 < second < first


def test_the_reader_can_have_the_articles_own_sentences_instead(scene: Scene) -> None:
    answer = scene.ask(method=Method.EXTRACTED)
    assert (answer.method, scene.prompts) == (Method.EXTRACTED, [])


def test_swapping_two_citations_of_an_extracted_answer_makes_both_fail(scene: Scene) -> None:
    verifier = scene.assistant().bench().verifier
    claims = [
        claim
        for question in (
            DAMASCUS,
            "Which Syrian officials did Kalin meet in Damascus?",
            "Why were the negotiations held up, according to senior US officials?",
        )
        for claim in scene.ask(question, method=Method.EXTRACTED).claims
    ]
    tried = passed = 0
    for one in claims:
        for other in claims:
            if one.citations != other.citations:
                tried += 1
                verdict = verifier.judge(one.text, other.citations).verdict
                passed += verdict is Verdict.SUPPORTED
    assert tried > 6
    # The next sentence on the same talks is taken for support.
    assert passed <= tried / 10


def test_an_event_that_is_not_waited_for_is_not_made(scene: Scene) -> None:
    scene.server.fault("drip", text=f"{VISIT} " * 40, delay_seconds=0.01)
    events = scene.events()
    seen: list[Event] = []
    for event in events:
        seen.append(event)
        if len(seen) == 3:
            break
    events.close()  # type: ignore[attr-defined]
    assert not any(isinstance(event, Answer) for event in seen)
