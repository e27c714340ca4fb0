"""A language model that is down, slow or mad ends in the articles' own sentences, with a line that
says so; nothing is asked where there is nothing to read."""

import random
import threading
import time
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from rag.core.records import (
    Answer,
    AnswerKind,
    Drafted,
    Exchange,
    Filters,
    Method,
    Understood,
    Verdict,
    Waited,
)
from tests.language_peer import Peer, language_peer
from tests.models.test_llm import open_channels, within
from tests.scripted_server import Steps, streamed
from tests.writing import DAMASCUS, Scene, counter, data_dir, scene, settings_for

__all__ = ["counter", "data_dir", "language_peer", "scene"]

VISIT = "Ibrahim Kalin went to Damascus on Tuesday on an unannounced visit."


def is_honest(answer: Answer) -> bool:
    """Whether an answer is whole, and nothing in it is shown as more than it is."""
    extracted = answer.method is Method.EXTRACTED
    borne_out = [claim for claim in answer.claims if claim.verdict is Verdict.SUPPORTED]
    quoted = all(any(claim.text == c.quote for c in claim.citations) for claim in answer.claims)
    return bool(borne_out) and (not extracted or (quoted and bool(answer.notice)))


@pytest.mark.parametrize(
    ("fault", "options", "said"),
    [
        ("status", {"status": 401}, "SOURCELINE_LLM_API_KEY"),
        ("status", {"status": 404, "message": "no such model"}, "SOURCELINE_LLM_MODEL"),
        ("cut", {}, "broke off its reply"),
        ("silence", {}, "SOURCELINE_LLM_FIRST_TOKEN_SECONDS"),
        ("silence", {"after_head": True}, "SOURCELINE_LLM_FIRST_TOKEN_SECONDS"),
        ("not json", {}, "SOURCELINE_LLM_BASE_URL"),
        ("not events", {}, "SOURCELINE_LLM_BASE_URL"),
        ("not http", {}, "SOURCELINE_LLM_BASE_URL"),
        ("endless line", {}, ""),
        ("error in stream", {}, "out of memory"),
    ],
)
def test_a_fault_ends_in_the_extracted_answer_with_one_line(
    scene: Scene, fault: str, options: dict[str, Any], said: str
) -> None:
    scene.server.fault(fault, **options)
    answer = scene.ask(llm_first_token_seconds=0.4, llm_total_seconds=2.0)
    assert (answer.method, answer.kind) == (Method.EXTRACTED, AnswerKind.ANSWERED)
    assert is_honest(answer)
    assert answer.notice
    assert said in answer.notice
    assert answer.notice.endswith(" These are the articles' own sentences.")
    assert "\n" not in answer.notice


def test_a_server_that_fails_for_long_is_given_up_in_time(scene: Scene) -> None:
    for _ in range(12):
        scene.server.fault("status", status=500)
    began = time.monotonic()
    answer = scene.ask(llm_total_seconds=1.5)
    assert time.monotonic() - began < 1.5 + 2
    assert answer.method is Method.EXTRACTED
    assert is_honest(answer)


def test_a_slow_drip_ends_with_the_time_that_is_allowed(scene: Scene) -> None:
    scene.server.fault("drip", text=VISIT * 30, delay_seconds=0.05)
    began = time.monotonic()
    answer = scene.ask(llm_total_seconds=1.5)
    assert time.monotonic() - began < 1.5 + 2
    assert is_honest(answer)


def test_a_busy_server_is_asked_again(scene: Scene) -> None:
    scene.server.fault("status", status=429, headers={"Retry-After": "0"})
    scene.reply = f"{VISIT} {{went to Damascus}}"
    answer = scene.ask()
    assert (answer.method, answer.notice) == (Method.WRITTEN, None)
    assert len(scene.prompts) == 2


def test_letters_cut_in_half_are_joined(scene: Scene) -> None:
    scene.server.fault("split letters", text="İbrahim Kalın went to Damascus on Tuesday.")
    (claim,) = scene.ask().claims
    assert (claim.text, claim.verdict) == (
        "İbrahim Kalın went to Damascus on Tuesday.",
        Verdict.SUPPORTED,
    )


def test_nobody_at_the_address_names_the_setting(scene: Scene) -> None:
    scene.server.kill()
    answer = scene.ask(llm_total_seconds=2.0)
    assert answer.notice
    assert "SOURCELINE_LLM_BASE_URL" in answer.notice
    assert is_honest(answer)


def test_a_window_smaller_than_one_passage_names_the_setting(scene: Scene) -> None:
    answer = scene.ask(llm_window_tokens=520, llm_reply_tokens=64)
    assert answer.notice
    assert "SOURCELINE_LLM_WINDOW_TOKENS" in answer.notice
    assert scene.prompts == []
    assert is_honest(answer)


def killed_at(scene: Scene, share: float) -> Answer:
    """The answer when the server dies after this share of a reply."""
    reply = f"{VISIT} Thousands of ISIS detainees and their relatives are housed in the camps. " * 2
    steps: Steps = streamed(reply)
    scene.server.steps(steps[: int(share * len(steps))])
    return scene.ask()


def test_a_server_killed_at_ten_moments_leaves_a_whole_and_honest_answer_each_time(
    scene: Scene,
) -> None:
    moments = random.Random(11)
    for _ in range(10):
        answer = killed_at(scene, moments.random())
        assert is_honest(answer)
        assert answer.kind is AnswerKind.ANSWERED


def test_a_process_killed_while_it_writes_leaves_an_honest_answer(scene: Scene) -> None:
    scene.server.steps(streamed(f"{VISIT} " * 20, delay_seconds=0.02))
    timer = threading.Timer(0.5, scene.server.kill)
    timer.start()
    assert is_honest(scene.ask())
    timer.join()


def test_a_hundred_turns_leave_no_connection_and_no_thread(scene: Scene) -> None:
    scene.reply = f"{VISIT} {{went to Damascus}}"
    scene.ask()
    assert within(2, lambda: scene.server.open_connections == 0)
    threads, channels = threading.active_count(), open_channels()
    for turn in range(100):
        if turn % 4 == 3:
            events = scene.events()
            next(event for event in events if isinstance(event, Drafted))
            events.close()  # type: ignore[attr-defined]
        else:
            scene.ask()
    assert within(5, lambda: scene.server.open_connections == 0)
    # What earlier tests have used may close meanwhile.
    assert within(2, lambda: threading.active_count() <= threads and open_channels() <= channels)


def test_a_reader_who_leaves_ends_the_request(scene: Scene) -> None:
    scene.server.fault("silence", after_head=True)
    events = scene.events()
    next(event for event in events if isinstance(event, Waited))
    assert scene.server.open_connections == 1
    events.close()  # type: ignore[attr-defined]
    assert within(2, lambda: scene.server.open_connections == 0)


@pytest.mark.parametrize(
    "question", ["Who won the 2022 World Cup?", "What is the recipe for lentil soup?"]
)
def test_without_evidence_the_model_is_never_called(scene: Scene, question: str) -> None:
    answer = scene.ask(question)
    assert (answer.kind, scene.prompts) == (AnswerKind.NOT_FOUND, [])


def test_where_no_article_passes_the_filters_the_model_is_never_called(scene: Scene) -> None:
    filters = Filters(publishers=frozenset({"PA Turkey"}), published_to="1999")
    answer = scene.ask(filters=filters)
    assert (answer.kind, scene.prompts) == (AnswerKind.NOT_FOUND, [])


FOLLOW_UP = "And whom did he meet there?"


def before(scene: Scene) -> tuple[Exchange, ...]:
    return (Exchange(DAMASCUS, scene.ask(method=Method.EXTRACTED)),)


def understood(scene: Scene) -> list[str]:
    events = scene.events(FOLLOW_UP, before(scene))
    return [event.question for event in events if isinstance(event, Understood)]


def test_the_model_makes_a_follow_up_stand_alone(scene: Scene) -> None:
    scene.standalone = "Whom did Kalin meet in Damascus?"
    scene.reply = "Kalin met President Ahmed al-Sharaa in Damascus. {met President Ahmed al-Sharaa}"
    assert understood(scene) == ["Whom did Kalin meet in Damascus?"]
    (asked,) = scene.asked("standalone")
    assert DAMASCUS in asked
    assert "Whom did Kalin meet in Damascus?" in scene.asked("reply")[0]


@pytest.mark.parametrize(
    "nonsense",
    ["", "Ignore this.", "Whom did Merkel meet in Paris?", "What? " * 400, "<script>alert(1)</script>?"],
)
def test_nonsense_for_a_question_is_not_taken(scene: Scene, nonsense: str) -> None:
    scene.standalone = nonsense
    (question,) = understood(scene)
    assert "Kalin" in question
    assert question != nonsense


def test_a_question_that_stands_alone_is_not_sent_to_be_written_again(scene: Scene) -> None:
    scene.reply = f"{VISIT} {{went to Damascus}}"
    list(scene.events("Which Syrian officials did Kalin meet in Damascus?", before(scene)))
    assert scene.asked("standalone") == []


def test_a_model_that_fails_at_the_question_leaves_the_rules(scene: Scene) -> None:
    history = before(scene)
    scene.server.fault("status", status=401)
    questions = [e.question for e in scene.events(FOLLOW_UP, history) if isinstance(e, Understood)]
    assert len(questions) == 1
    assert "Kalin" in questions[0]


def test_the_noise_of_a_real_server_is_never_supported(
    scene: Scene, language_peer: Peer, data_dir: Path
) -> None:
    settings = replace(
        settings_for(language_peer.url, data_dir),
        llm_model=language_peer.model,
        llm_first_token_seconds=30.0,
        llm_total_seconds=60.0,
        llm_reply_tokens=64,
    )
    answer = scene.ask(**{name: getattr(settings, name) for name in settings.__slots__})
    written = [claim for claim in answer.claims if answer.method is Method.WRITTEN]
    assert not any(claim.verdict is Verdict.SUPPORTED for claim in written)
    assert is_honest(answer)
