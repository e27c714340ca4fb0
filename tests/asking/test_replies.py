"""Replies: every sentence with the keys that stand at it, however the reply arrives and looks."""

from itertools import pairwise
from types import SimpleNamespace

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

import rag.asking.replies.reader
from rag.asking.replies.keys import Said
from rag.asking.replies.reader import SENTENCE_CHARACTERS, ReplyReader, read_repairs
from rag.language.sentences import split_sentences
from tests.strategies import texts

KNOWN = ("h4kx", "p2mn", "q7rs")

Row = tuple[str, ...]


def read(reply: str, known: tuple[str, ...] = KNOWN) -> list[Said]:
    reader = ReplyReader(known)
    return [*reader.feed(reply), *reader.finish()]


def short(found: list[Said]) -> list[Row]:
    """Each sentence with its keys behind it."""
    return [(said.text, *said.keys) for said in found]


H, P, HP = ("h4kx",), ("p2mn",), ("h4kx", "p2mn")

KEYS: list[tuple[str, list[Row]]] = [
    (
        "It was lifted [h4kx]. Next came talks [p2mn].",
        [("It was lifted.", *H), ("Next came talks.", *P)],
    ),
    (
        "It was lifted. [h4kx] Next came talks. [p2mn]",
        [("It was lifted.", *H), ("Next came talks.", *P)],
    ),
    ("It was lifted.[h4kx] Next came talks.[p2mn]", [("It was lifted.", *H), ("Next came talks.", *P)]),
    ("It was lifted[h4kx]. Next.", [("It was lifted.", *H), ("Next.",)]),
    ("It was lifted. [h4kx]. Next came talks [p2mn]", [("It was lifted.", *H), ("Next came talks", *P)]),
    ("He met him [h4kx] and spoke to her [p2mn].", [("He met him and spoke to her.", *HP)]),
    ("He said “it is over.” [h4kx] She left.", [("He said “it is over.”", *H), ("She left.",)]),
    ('He said "it is over [h4kx]." She left.', [('He said "it is over."', *H), ("She left.",)]),
    ("It was lifted. [h4kx] (It was late.) [p2mn]", [("It was lifted.", *H), ("(It was late.)", *P)]),
    ("It was lifted [h4kx][p2mn].", [("It was lifted.", *HP)]),
    ("It was lifted [h4kx] [p2mn].", [("It was lifted.", *HP)]),
    ("It was lifted [h4kx], [p2mn].", [("It was lifted.", *HP)]),
    ("It was lifted [h4kx] and [p2mn].", [("It was lifted.", *HP)]),
    ("It was lifted [h4kx, p2mn].", [("It was lifted.", *HP)]),
    ("It was lifted [h4kx; p2mn].", [("It was lifted.", *HP)]),
    ("It was lifted [h4kx and p2mn].", [("It was lifted.", *HP)]),
    ("It was lifted (h4kx).", [("It was lifted.", *H)]),
    ("It was lifted (see [h4kx]).", [("It was lifted.", *H)]),
    ("It was lifted (Source: [h4kx], [p2mn]).", [("It was lifted.", *HP)]),
    ("It was lifted 【h4kx】.", [("It was lifted.", *H)]),
    ("It was lifted 【h4kx†source】.", [("It was lifted.", *H)]),
    ("It was lifted [[h4kx]].", [("It was lifted.", *H)]),
    ("It was lifted {h4kx}.", [("It was lifted.", *H)]),
    ("It was lifted^[h4kx].", [("It was lifted.", *H)]),
    ("It was lifted. [h4kx]; Next. [p2mn]", [("It was lifted.", *H), ("Next.", *P)]),
    ("It left the U.S. [h4kx], he said. [p2mn]", [("It left the U.S., he said.", *HP)]),
    ("It was lifted [key: h4kx].", [("It was lifted.", *H)]),
    ("It was lifted [H4KX].", [("It was lifted.", *H)]),
    ("It was lifted **[h4kx]**.", [("It was lifted.", *H)]),
    ("It was lifted [`h4kx`].", [("It was lifted.", *H)]),
    ("It was lifted \\[h4kx\\].", [("It was lifted.", *H)]),
    ("It was lifted [h4kx](https://example.org/a).", [("It was lifted.", *H)]),
    ("It was lifted [h4kx](p2mn).", [("It was lifted.", *HP)]),
    ("It was lifted [h4kx, PA Turkey].", [("It was lifted.", *H)]),
    ("It was lifted. — [h4kx]\nNext.", [("It was lifted.", *H), ("Next.",)]),
    ("It was lifted [h4kx][h4kx, h4kx]. [h4kx]", [("It was lifted.", *H)]),
    ("It was lifted. [p2mn] [h4kx] Next.", [("It was lifted.", "p2mn", "h4kx"), ("Next.",)]),
]
SOURCES: list[tuple[str, list[Row]]] = [
    ("He left [h4kx].\n\nSources: [h4kx], [p2mn]", [("He left.", *H)]),
    ("He left [h4kx].\n\n**Sources:**\n- [h4kx] PA Turkey\n- [p2mn] Reuters", [("He left.", *H)]),
    ("He left [h4kx].\n## References\n[h4kx] PA Turkey", [("He left.", *H)]),
    ("Sources in Ankara said so [h4kx].\nHe left.", [("Sources in Ankara said so.", *H), ("He left.",)]),
]
BROKEN: list[tuple[str, list[Row]]] = [
    ("It was lifted. [h4kx\nNext came talks.", [("It was lifted.", *H), ("Next came talks.",)]),
    ("It was lifted [h4kx", [("It was lifted", *H)]),
    ("It was lifted [h4kx Next it was not.", [("It was lifted Next it was not.", *H)]),
    ("It was lifted, h4kx.", [("It was lifted.", *H)]),
    ("It was lifted (Reuters, h4kx).", [("It was lifted (Reuters).", *H)]),
    ("It was lifted [z9zz][h4kx].", [("It was lifted.", "h4kx")]),
    ("It was lifted [1] [2]. Next.", [("It was lifted.",), ("Next.",)]),
    ("It was lifted [passage 3].", [("It was lifted.",)]),
    ("It was lifted (source 2).", [("It was lifted.",)]),
    ("It was lifted [^1].", [("It was lifted.",)]),
    ("It was lifted 【4†source】.", [("It was lifted.",)]),
    ("It was lifted [1](https://example.org).", [("It was lifted.",)]),
    ("[h4kx]", []),
]
WORDS: list[tuple[str, list[Row]]] = [
    (
        "“It [sic] is […] what [the minister] said [...] in [2025],” he said [h4kx].",
        [("“It [sic] is […] what [the minister] said [...] in [2025],” he said.", *H)],
    ),
    ("About 2,000 (800 in 2023) left [h4kx].", [("About 2,000 (800 in 2023) left.", *H)]),
    ("They sent [1,200] men (up 5) [h4kx].", [("They sent [1,200] men (up 5).", *H)]),
    ("The PKK (Kurdistan Workers’ Party) left.", [("The PKK (Kurdistan Workers’ Party) left.",)]),
    ("<b>He</b> left & 3 < 4 [h4kx].", [("<b>He</b> left & 3 < 4.", *H)]),
    ("Dr. Kalın met Gen. Abdi. [h4kx] He left.", [("Dr. Kalın met Gen. Abdi.", *H), ("He left.",)]),
    ("U.S. troops came on Sept. 16 [h4kx].", [("U.S. troops came on Sept. 16.", *H)]),
    ("He left the U.S. [h4kx] troops.", [("He left the U.S. troops.", *H)]),
    ("He left. “We won,” he said.", [("He left.",), ("“We won,” he said.",)]),
    ('He left. "We won," he said.', [("He left.",), ('"We won," he said.',)]),
    ("İbrahim Kalın’ın Şam’ı, IŞIK ışık [h4kx].", [("İbrahim Kalın’ın Şam’ı, IŞIK ışık.", *H)]),
    ("彼は去った。[h4kx]次に来た。", [("彼は去った。", *H), ("次に来た。",)]),
    ("He left  now .\t[h4kx]", [("He left now .", *H)]),
    ("He said C:\\temp is gone.", [("He said C:\\temp is gone.",)]),
]
LINES: list[tuple[str, list[Row]]] = [
    ("He left.\n[h4kx]\n[p2mn]\nShe came.\n[q7rs]", [("He left.", *HP), ("She came.", "q7rs")]),
    ("He left.\n\n[h4kx]\n\nShe came. [p2mn]", [("He left.", *H), ("She came.", *P)]),
    ("He left. [h4kx]\n[p2mn]\nShe came.", [("He left.", *HP), ("She came.",)]),
    ("He left.\n- [h4kx]\n- [p2mn]", [("He left.", *HP)]),
    ("[h4kx] He left.\n[p2mn] She came.", [("He left.", *H), ("She came.", *P)]),
    ("[h4kx][p2mn] He left. [q7rs]\n[p2mn]: She came.", [("He left.", *KNOWN), ("She came.", *P)]),
    ("- [h4kx] He left.\n- [p2mn] She came.", [("He left.", *H), ("She came.", *P)]),
    ("He left.\n\n[p2mn] She came.", [("He left.",), ("She came.", *P)]),
    ("He left [h4kx]\nShe came [p2mn]", [("He left", *H), ("She came", *P)]),
    ("He left.\r\n\r\nShe came.", [("He left.",), ("She came.",)]),
    ("He left\n\nShe came", [("He left",), ("She came",)]),
]
MARKUP: list[tuple[str, list[Row]]] = [
    ("# What he did [h4kx]\nHe left [p2mn].", [("He left.", *P)]),
    ("**What he did**\nHe left [p2mn].", [("He left.", *P)]),
    ("**What he did:** He left [p2mn].", [("What he did: He left.", *P)]),
    ("**He left.** [h4kx] *She* `came`. [p2mn]", [("He left.", *H), ("She came.", *P)]),
    ("A snake_case and a 2*3 Qur`an [h4kx].", [("A snake_case and a 2*3 Qur`an.", *H)]),
    (
        "- He left [h4kx]\n* She came [p2mn]\n• They spoke",
        [("He left", *H), ("She came", *P), ("They spoke",)],
    ),
    ("1. He left [h4kx].\n2) She came [p2mn].", [("He left.", *H), ("She came.", *P)]),
    ("He left:\n- in May\n- in June [h4kx]", [("He left:",), ("in May",), ("in June", *H)]),
    ("> He left [h4kx].\n> - She came [p2mn].", [("He left.", *H), ("She came.", *P)]),
    ("He left [h4kx].\n\n---\n***\nShe came [p2mn].", [("He left.", *H), ("She came.", *P)]),
    ("```text\nHe left [h4kx].\n```", [("He left.", *H)]),
    ("He met [the envoy](of the U.S.) [h4kx].", [("He met [the envoy](of the U.S.).", *H)]),
    (
        "| Who | Where |\n|---|:-:|\n| Kalın | Rome. Now [h4kx] |\n| Abdi | Rome | [p2mn] |\nHe left.",
        [("Kalın, Rome. Now", *H), ("Abdi, Rome", *P), ("He left.",)],
    ),
    ("| Kalın | [h4kx] | Rome |\n", [("Kalın, Rome", *H)]),
    ("[^1]: A source\nHe left [h4kx].", [("He left.", *H)]),
    ("2025 was late. 3.5 million left. [h4kx]", [("2025 was late.",), ("3.5 million left.", *H)]),
]
THINKING: list[tuple[str, list[Row]]] = [
    ("<think>He left. [h4kx]\n</think>\n\nShe came. [p2mn]", [("She came.", *P)]),
    ("I read it. It says so.\n</think>\nShe came. [p2mn]", [("She came.", *P)]),
    ("<think>He left [h4kx]. And so", []),
    ("She came. [p2mn] <think>Really?</think> He left.", [("She came.", *P), ("He left.",)]),
    ("A <thin line> was drawn.", [("A <thin line> was drawn.",)]),
]


@pytest.mark.parametrize(("reply", "expected"), KEYS)
def test_keys_go_with_their_sentence(reply: str, expected: list[Row]) -> None:
    assert short(read(reply)) == expected


@pytest.mark.parametrize(("reply", "expected"), SOURCES)
def test_a_list_of_sources_says_nothing(reply: str, expected: list[Row]) -> None:
    assert short(read(reply)) == expected


@pytest.mark.parametrize(("reply", "expected"), BROKEN)
def test_malformed_and_unknown_keys_are_told_apart(reply: str, expected: list[Row]) -> None:
    assert short(read(reply)) == expected


@pytest.mark.parametrize(("reply", "expected"), WORDS)
def test_what_is_no_key_stays_as_it_is(reply: str, expected: list[Row]) -> None:
    assert short(read(reply)) == expected


@pytest.mark.parametrize(("reply", "expected"), LINES)
def test_lines_end_sentences_only_where_they_should(reply: str, expected: list[Row]) -> None:
    assert short(read(reply)) == expected


@pytest.mark.parametrize(("reply", "expected"), MARKUP)
def test_markup_is_taken_off(reply: str, expected: list[Row]) -> None:
    assert short(read(reply)) == expected


@pytest.mark.parametrize(("reply", "expected"), THINKING)
def test_thinking_is_not_said(reply: str, expected: list[Row]) -> None:
    assert short(read(reply)) == expected


def test_a_sentence_is_given_out_as_soon_as_something_follows_its_keys() -> None:
    reader = ReplyReader(KNOWN)
    pieces = ["It was lifted.", " [h4", "kx]", " [p2mn] ", "N", "ext came talks", " [q7rs]. A", "."]
    given = [short(list(reader.feed(piece))) for piece in pieces]
    assert given == [[], [], [], [], [], [("It was lifted.", *HP)], [], []]
    assert short(list(reader.finish())) == [("Next came talks.", "q7rs"), ("A.",)]


def test_sentences_without_keys_wait_for_the_first_that_has_some() -> None:
    reader = ReplyReader(KNOWN)
    assert list(reader.feed("One came. Two came. Three came [h4kx]. ")) == []
    assert short(list(reader.feed("Four "))) == [("One came.",), ("Two came.",), ("Three came.", *H)]


def test_thinking_with_keys_is_taken_back() -> None:
    reader = ReplyReader(KNOWN)
    assert len(list(reader.feed("It may be so [h4kx]. Or so [p2mn]. Well "))) == 2
    assert reader.thought == 0
    assert list(reader.feed("</think>")) == []
    assert reader.thought == 2
    assert short(list(reader.feed("He left [h4kx].")) + list(reader.finish())) == [("He left.", *H)]


PARTS = st.sampled_from(
    [reply for table in (KEYS, SOURCES, BROKEN, WORDS, LINES, MARKUP, THINKING) for reply, _ in table]
    + [
        "[h4kx]",
        "(p2mn)",
        "[",
        "(",
        "]",
        "](",
        ")",
        ". ",
        " ",
        "\n",
        "\n\n",
        "|",
        "*",
        "_",
        "`",
        "\\",
        "#",
    ]
    + ["- ", "1. ", "> ", "---", "<think>", "</think>", "[zzzz]", "drop", "2:", "İ", "。", '"', "h4kx"]
)
REPLIES = st.one_of(texts, st.lists(st.one_of(PARTS, st.text(max_size=5)), max_size=12).map("".join))


@given(REPLIES, st.data())
def test_the_pieces_in_which_a_reply_arrives_change_nothing(reply: str, data: st.DataObject) -> None:
    cuts = sorted(data.draw(st.lists(st.integers(0, len(reply)), max_size=8)))
    reader = ReplyReader(KNOWN)
    found: list[Said] = []
    for start, end in pairwise([0, *cuts, len(reply)]):
        found += reader.feed(reply[start:end])
    assert [*found, *reader.finish()] == read(reply)


@given(REPLIES)
@example("[a](" * 300)
@example("[" * 500 + "(" * 500)
def test_no_key_remains_in_a_sentence_and_nothing_is_empty(reply: str) -> None:
    for said in read(reply):
        assert said.text == said.text.strip()
        assert any(char.isalnum() for char in said.text)
        assert set(said.keys) <= set(KNOWN)
        assert len(set(said.keys)) == len(said.keys)
        assert not any(f"[{key}]" in said.text for key in KNOWN)


SENTENCES = st.lists(
    st.tuples(
        st.sampled_from(["Kalın left", "U.S. troops came", "He met Dr. Brown"]),
        st.sets(st.sampled_from(KNOWN)),
    ),
    min_size=1,
)


@given(
    SENTENCES,
    st.sampled_from(["{} {}. ", "{}. {} ", "{}. {}\n", "- {} {}.\n", "{}.\n{}\n\n", "{}. {}\n\n"]),
)
def test_every_common_format_reads_the_same(sentences: list[tuple[str, set[str]]], form: str) -> None:
    reply = "".join(
        form.format(words, "".join(f"[{key}]" for key in sorted(keys))) for words, keys in sentences
    )
    found = [(said.text.replace(" .", "."), said.keys) for said in read(reply)]
    assert found == [(f"{words}.", tuple(sorted(keys))) for words, keys in sentences]


@pytest.mark.parametrize(
    "unit",
    [
        "word ",
        "x",
        "[",
        "(",
        "[h4kx]",
        "[h4kx] ",
        "Dr. ",
        "No. ",
        "a. [z9zz] ",
        "*",
        "[a](",
        "|",
        " ",
        "\n",
        "- ",
        "<",
        "\\",
    ],
)
def test_what_is_held_and_split_stays_small_however_long_the_reply(
    unit: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    asked: list[int] = []

    def counted(text: str) -> object:
        asked.append(len(text))
        return split_sentences(text)

    monkeypatch.setattr(
        rag.asking.replies.reader, "split_sentences", SimpleNamespace(__wrapped__=counted)
    )
    reply = unit * (20_000 // len(unit))
    found = read(reply)
    assert max(asked, default=0) <= SENTENCE_CHARACTERS + 1
    parts = len(reply) // SENTENCE_CHARACTERS
    assert len(asked) <= len(reply.split()) + reply.count("\n") + parts + 2
    assert all(len(said.text) <= SENTENCE_CHARACTERS for said in found)


def test_a_sentence_without_end_is_given_out_in_parts_at_a_space() -> None:
    words = "word " * 1_000
    found = [said.text for said in read(f"{words}[h4kx].")]
    assert " ".join(found).split() == [*words.split()[:-1], "word."]
    assert len(found) == 3


@pytest.mark.parametrize(
    ("reply", "expected"),
    [
        ("1: He left [h4kx].\n2: drop", {1: ("He left.", *H), 2: None}),
        ("1. He left [h4kx].\n2) She came. [p2mn]", {1: ("He left.", *H), 2: ("She came.", *P)}),
        ("**1:** He left [h4kx].\n**2**: Drop.", {1: ("He left.", *H), 2: None}),
        ("Sentence 1: He left [h4kx].\n\n- Sentence 3: [drop]", {1: ("He left.", *H), 3: None}),
        ("Here they are:\n[2]: He left for Rome.\n[h4kx]", {2: ("He left for Rome.", *H)}),
        ("2: He left [h4kx].\n2: She came [p2mn].", {2: ("He left.", *H)}),
        ("2: He left [h4kx]. She came [p2mn].", {2: ("He left. She came.", *HP)}),
        ("2: Drop in exports was 5% [h4kx].", {2: ("Drop in exports was 5%.", *H)}),
        ("2: drop [h4kx]\n3: dropped.", {2: None, 3: None}),
        ("2:\n3: 2.5 million left [z9zz].", {3: ("2.5 million left.",)}),
        ("<think>1: drop</think>1: He left [h4kx].", {1: ("He left.", *H)}),
        ("hm\n1: drop</think>1: He left [h4kx].", {1: ("He left.", *H)}),
        ("12:30 was late. 2.5 million left.", {}),
        ("", {}),
    ],
)
def test_repairs_are_read_by_their_numbers(reply: str, expected: dict[int, Row | None]) -> None:
    found = read_repairs(reply, KNOWN)
    assert {number: said and short([said])[0] for number, said in found.items()} == expected


@given(REPLIES)
@example("*" * 20_000)
@example("1: " + "-" * 20_000)
def test_no_reply_breaks_the_reading_of_repairs(reply: str) -> None:
    repairs = read_repairs(reply, KNOWN)
    assert all(0 <= number <= 999 for number in repairs)
    assert all(set(said.keys) <= set(KNOWN) for said in repairs.values() if said)
