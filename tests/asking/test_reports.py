"""Copies and rewrites of one report count once; two pieces of their own on one event stay apart."""

import hashlib

import pytest

from rag.asking.reports import group_reports
from rag.core.records import Article

WIRE = """The ferry Marmara Star ran aground off the island of Avsa late on Tuesday with 214
passengers on board, the coast guard said. Rescue boats from three harbors took everybody off within
two hours, and nobody was seriously hurt. The captain told investigators that the steering had
failed shortly after the ship left Erdek in heavy rain. "We heard a loud bang and then the lights
went out," said Ayse Demir, a teacher who was travelling with her class. Divers will inspect the
hull on Thursday before tugs try to pull the vessel free. The transport ministry opened an inquiry
and asked the operator for its maintenance records. It is the second accident on the route this
year, after a cargo ship lost power there in March. Ferry traffic between Erdek and the islands is
to resume on Friday morning if the wind allows."""
REWORDED = """The Marmara Star ferry ran aground off the island of Avsa late Tuesday with 214 people
on board, according to the coast guard. Rescue boats from three harbors took everybody off within
two hours and nobody was badly hurt. Its captain told investigators that the steering had failed
soon after the ship left Erdek in heavy rain. "We heard a loud bang and then the lights went out,"
said teacher Ayse Demir. Divers will inspect the hull on Thursday before tugs attempt to pull the
vessel free. The transport ministry has opened an inquiry and asked the operator for its maintenance
records."""
OWN_PIECE = """Two hundred holidaymakers spent a frightening evening on the rocks near Avsa on
Tuesday when their ship struck the shore. Islanders lit the beach with the headlamps of their cars
so that the first dinghies could land. "We heard a loud bang and then the lights went out," said
Ayse Demir, a teacher. By midnight the school gym of the village was full of wet people drinking
tea. Residents complain that the Marmara Star has been in poor repair for years and that warnings to
the operator went unheard; a mechanic who left the company in spring describes corroded cables. The
coast guard counts 214 rescued. The mayor wants a newer ship before the season starts, and the
ministry has begun to look into what went wrong with the rudder."""
OTHER = """Farmers in the plain of Konya expect a poor wheat harvest after the driest spring in four
decades. Wells have sunk by eleven meters since last year, the irrigation union says, and many have
stopped planting beets altogether. The government promised loans without interest to those who
change over to lentils and chickpeas. Bakers in the city fear that the price of flour will climb
again in the autumn."""


def article(
    source: str,
    text: str,
    publisher: str | None = None,
    published: str | None = None,
    author: str | None = None,
    title: str | None = None,
) -> Article:
    digest = hashlib.sha256(text.encode()).hexdigest()
    return Article(source, text, digest, title, publisher, author, published)


WIRED = article("wire.md", WIRE, "Harbor Agency", "2025-03-05", title="Ferry runs aground off Avsa")


def test_a_copy_under_another_headline_counts_once() -> None:
    copy = article("copy.md", WIRE, "Daily Echo", "2025-03-06", title="Passengers rescued from ferry")
    assert group_reports([WIRED, copy]) == (("wire.md", "copy.md"),)


def test_a_report_cut_shorter_counts_once() -> None:
    cut = article("cut.md", ". ".join(WIRE.split(". ")[:4]) + ".", "Daily Echo", "2025-03-06")
    assert group_reports([cut, WIRED]) == (("cut.md", "wire.md"),)


def test_a_report_lightly_reworded_counts_once() -> None:
    assert group_reports([WIRED, article("reworded.md", REWORDED, "Daily Echo", "2025-03-06")]) == (
        ("wire.md", "reworded.md"),
    )


def test_two_pieces_of_their_own_stay_apart_though_they_share_facts_and_a_quotation() -> None:
    own = article("own.md", OWN_PIECE, "Island Post", "2025-03-05")
    assert group_reports([WIRED, own]) == (("wire.md",), ("own.md",))


def test_three_articles_two_independent() -> None:
    reworded = article("reworded.md", REWORDED, "Daily Echo", "2025-03-06")
    own = article("own.md", OWN_PIECE, "Island Post", "2025-03-05")
    assert group_reports([WIRED, own, reworded]) == (("wire.md", "reworded.md"), ("own.md",))


def test_copies_of_a_copy_are_one_report_in_any_order() -> None:
    half = len(WIRE) // 2
    first, second = article("first.md", WIRE[:half]), article("second.md", WIRE[half:])
    assert group_reports([first, second]) == (("first.md",), ("second.md",))
    assert group_reports([first, second, WIRED]) == (("first.md", "second.md", "wire.md"),)
    assert group_reports([first, WIRED, second]) == (("first.md", "wire.md", "second.md"),)


def test_an_outlets_follow_up_that_keeps_its_background_is_another_report() -> None:
    sentences = WIRE.split(". ")
    later = ". ".join(
        [
            "Tugs pulled the Marmara Star from the rocks of Avsa on Thursday evening",
            "Cracks were found in two plates of the hull and she will go into dock for a month",
            "The operator has hired a replacement from a company in Izmir, which sails twice a day",
            "Prosecutors questioned the captain for six hours and let him go without charge",
            *sentences[:3],
        ]
    )
    follow_up = article("later.md", later, "Harbor Agency", "2025-03-07")
    assert group_reports([WIRED, follow_up]) == (("wire.md",), ("later.md",))
    assert group_reports([WIRED, article("later.md", later, "Daily Echo", "2025-03-07")]) == (
        ("wire.md", "later.md"),
    )


THOROUGH = """A ferry with 214 people on board has stranded near the island of Avsa in the Sea of
Marmara. According to the coast guard, boats from three harbors took everybody off within two hours.
There were no serious injuries. As the captain explained to investigators, the steering had failed
shortly after leaving Erdek. The weather was bad, with heavy rain. On Thursday the hull will be
examined by divers. The transport ministry opened an inquiry; it wants to see how the operator
looked after the ship. In March a freighter lost power there."""


@pytest.mark.parametrize(
    ("credits", "groups"),
    [
        (("Reuters", "Reuters"), (("a.md", "b.md"),)),
        (("Reuters", "Daily Echo staff"), (("a.md",), ("b.md",))),
        (("Reuters", "AFP"), (("a.md",), ("b.md",))),
    ],
)
def test_where_words_leave_it_open_the_credited_agency_decides(
    credits: tuple[str, str], groups: tuple[tuple[str, ...], ...]
) -> None:
    one, other = credits
    articles = [
        article("a.md", WIRE, "Morning News", "2025-03-05", one),
        article("b.md", THOROUGH, "Daily Echo", "2025-03-05", other),
    ]
    assert group_reports(articles) == groups


def test_a_text_that_an_agency_signs_is_the_agencys() -> None:
    articles = [
        article("a.md", f"ERDEK, March 5 (Reuters) - {WIRE}", "Morning News", "2025-03-05"),
        article("b.md", f"{THOROUGH}\n\nSource: Reuters", "Daily Echo", "2025-03-05"),
    ]
    assert group_reports(articles) == (("a.md", "b.md"),)


def test_a_text_that_mentions_an_agency_is_not_signed_by_it() -> None:
    articles = [
        article(
            "a.md", WIRE.replace("coast guard said", "coast guard told Reuters"), "News", "2025-03-05"
        ),
        article("b.md", THOROUGH.replace("As the captain", "As the captain told Reuters and"), "Echo"),
    ]
    assert group_reports(articles) == (("a.md",), ("b.md",))


def test_articles_on_other_matters_stay_apart() -> None:
    assert group_reports([WIRED, article("other.md", OTHER)]) == (("wire.md",), ("other.md",))


def test_a_few_words_are_one_report_only_when_they_are_the_same() -> None:
    short, same, other = "Ferry stuck off Avsa.", "Ferry  stuck off Avsa!", "Ferry freed off Avsa."
    assert group_reports([article("a", short), article("b", same), article("c", other)]) == (
        ("a", "b"),
        ("c",),
    )


def test_one_source_stands_once_and_none_gives_none() -> None:
    assert group_reports([WIRED, WIRED]) == (("wire.md",),)
    assert group_reports([]) == ()
