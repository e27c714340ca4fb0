"""What of a sentence is judged: what it states, without what frames it."""

import pytest

from rag.language.framing import finds_nothing, stated


@pytest.mark.parametrize(
    ("sentence", "expected"),
    [
        ("Based on the passages, the bridge closes in May.", "the bridge closes in May."),
        ("According to the provided articles, the bridge closes.", "the bridge closes."),
        ("According to passages 1 and 3, the bridge closes.", "the bridge closes."),
        ("As mentioned in the articles, the bridge closes.", "the bridge closes."),
        ("The passage states that the bridge closes.", "the bridge closes."),
        ("The bridge closes, as described in passage 2.", "The bridge closes."),
        ("The bridge closes (passage 2).", "The bridge closes."),
        ("Sure, the bridge closes.", "the bridge closes."),
        ("It is important to note that the bridge closes.", "the bridge closes."),
        ("- The bridge closes. [3][^4]", "The bridge closes."),
        ("12. The bridge closes.", "The bridge closes."),
        ("In summary, according to the given context, the bridge closes.", "the bridge closes."),
    ],
)
def test_what_frames_a_statement_is_taken_off(sentence: str, expected: str) -> None:
    assert stated(sentence) == expected


@pytest.mark.parametrize(
    "sentence",
    [
        "According to the ministry, the bridge closes.",
        "According to sources in Ankara, the bridge closes.",
        "According to leaked documents, the bridge closes.",
        "Based on information from two officials, the bridge closes.",
        "According to Article 5, an attack on one is an attack on all.",
        "The minister said that the bridge closes.",
        "The bill's passage was delayed.",
        "The report states that the bridge closes.",
        "The treaty does not mention the bridge.",
        "The minister did not say when the bridge closes.",
        "Storms may follow, although this is not mentioned in the articles.",
        "2,000 soldiers crossed the bridge.",
        "1.5 million people crossed the bridge.",
        "The following day the bridge was closed.",
        "Thanks to the mayor the bridge was saved.",
        "The council hopes this will help.",
        "It is difficult to say goodbye to the bridge.",
        "Unable to provide shelter, the school closed.",
        "I cannot say that the bridge is safe.",
        "Without further details the council voted.",
    ],
)
def test_what_is_a_statement_stays(sentence: str) -> None:
    assert stated(sentence) == sentence


@pytest.mark.parametrize(
    "sentence",
    [
        "Here is what the articles say:",
        "Based on the passages, here's a brief answer to the question:",
        "The steps are as follows:",
        "Certainly!",
        "Great question!",
        "I hope this helps!",
        "Let me know if you need anything else.",
        "If you have any further questions, please ask.",
        "Passage 3:",
        "(passage 2)",
        "The passages provide enough information to answer the question.",
        "***",
        "",
    ],
)
def test_a_sentence_that_only_frames_states_nothing(sentence: str) -> None:
    assert stated(sentence) == ""


@pytest.mark.parametrize(
    "sentence",
    [
        "The articles do not say.",
        "The articles do not mention the price.",
        "Unfortunately, the passages don't provide details of the talks.",
        "However, the given sources do not specify when it closes.",
        "There is no information about Cairo in the provided articles.",
        "The date of the talks is not explicitly mentioned in the passages.",
        "I cannot answer this question.",
        "Unable to answer based on the passages.",
        "Therefore, I am unable to answer this from the texts.",
        "So, I cannot provide an answer.",
        "It is difficult to say from the given passages when it closes.",
        "It is not possible to know whether the bridge closes.",
        "Without further information, it is impossible to tell.",
        "Thus there is no information in the passages on this.",
    ],
)
def test_that_the_articles_do_not_say_states_nothing_of_the_world(sentence: str) -> None:
    assert finds_nothing(sentence)
    assert stated(sentence) == ""


@pytest.mark.parametrize("sentence", ["The bridge is not open.", "Ankara did not say why it closed."])
def test_a_denial_is_a_statement(sentence: str) -> None:
    assert not finds_nothing(sentence)
