"""Briefings survive: two tabs, threads, damaged rows, awkward words, a full disk."""

import resource
import sqlite3
import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from pathlib import Path

import pytest
from pydantic import TypeAdapter

from rag.core.errors import BriefingGone, RagError, StorageError
from rag.core.records import Citation, Claim, Verdict
from rag.desk.briefings import Briefings, StaleEntry
from rag.desk.desk import Desk
from rag.desk.entries import Briefing, Entry, EntryKind, Unreadable, heading, missing, note, sentence

QUESTION = "Who sails?"


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "state" / "conversations.db"


@pytest.fixture
def briefings(path: Path) -> Briefings:
    return Desk(path).briefings


def claim(text: str = "Ada sails.", source: str = "log.md") -> Claim:
    citation = Citation(source, "0" * 64, 3, 3 + len(text), text, "Log", None, "2024-05")
    return Claim(text, (citation,), Verdict.PARTLY, "It names no day.")


def texts(briefings: Briefings, key: str) -> list[str]:
    briefing = briefings.read(key)
    assert briefing is not None
    return [entry.text for entry in briefing.entries if isinstance(entry, Entry)]


def test_what_was_kept_comes_back_whole_in_another_process(path: Path) -> None:
    entries = (
        heading("At sea"),
        sentence(claim(), QUESTION),
        note("Ask her."),
        missing("The articles do not say when.", QUESTION),
    )
    key = Desk(path).briefings.create("Syria,\n May", entries)
    read = Desk(path).briefings.read(key)
    assert read is not None
    assert (read.key, read.title, read.entries, read.removed) == (key, "Syria, May", entries, ())
    (listed,) = Desk(path).briefings.list()
    assert (listed.key, listed.title, listed.changed_at, listed.size) == (
        key,
        "Syria, May",
        read.changed_at,
        4,
    )


def test_a_briefing_is_json_and_back(briefings: Briefings) -> None:
    key = briefings.create("B", (sentence(claim(), QUESTION), note("n")))
    adapter = TypeAdapter(Briefing)
    read = briefings.read(key)
    assert read is not None
    assert adapter.validate_json(adapter.dump_json(read)) == read


def test_a_sentence_remembers_the_question_its_verdict_and_the_words_it_was_kept_in() -> None:
    kept = sentence(claim(), QUESTION)
    assert kept == Entry(
        kept.key,
        EntryKind.SENTENCE,
        "Ada sails.",
        claim().citations,
        Verdict.PARTLY,
        "It names no day.",
        QUESTION,
        "Ada sails.",
        1,
    )
    assert not kept.is_edited
    assert replace(kept, text="Ada swims.").is_edited
    assert not replace(note("mine"), text="also mine").is_edited


def test_the_same_claim_is_kept_once_and_other_words_or_another_source_again(
    briefings: Briefings,
) -> None:
    key = briefings.create("B")
    first = briefings.keep(key, [sentence(claim(), QUESTION)])
    again = briefings.keep(key, [sentence(claim(), "Again?"), sentence(claim("Bo sails."), QUESTION)])
    elsewhere = briefings.keep(key, [sentence(claim(source="b.md"), QUESTION)])
    assert [len(first), len(again), len(elsewhere)] == [1, 1, 1]
    assert texts(briefings, key) == ["Ada sails.", "Bo sails.", "Ada sails."]


def test_an_edited_claim_is_known_by_its_first_words_and_a_removed_one_is_kept_anew(
    briefings: Briefings,
) -> None:
    kept = sentence(claim(), QUESTION)
    key = briefings.create("B", [kept])
    briefings.edit(key, replace(kept, text="She sails."))
    assert briefings.keep(key, [sentence(claim(), QUESTION)]) == ()
    briefings.remove(key, kept.key)
    assert len(briefings.keep(key, [sentence(claim(), QUESTION)])) == 1


def test_a_briefing_knows_which_claims_it_holds(briefings: Briefings) -> None:
    kept = sentence(claim(), QUESTION)
    key = briefings.create("B", [kept, note("Bo sails.")])
    briefings.edit(key, replace(kept, text="She sails."))
    read = briefings.read(key)
    assert read is not None
    is_kept = read.keeper()
    assert (is_kept(claim()), is_kept(claim("Bo sails."))) == (True, False)


def test_one_entry_is_found_even_when_removed_and_not_when_damaged(path: Path) -> None:
    briefings, entry = Desk(path).briefings, note("n")
    key = briefings.create("B", [entry])
    briefings.remove(key, entry.key)
    assert briefings.find(key, entry.key) == entry
    with sqlite3.connect(path) as database:
        database.execute("UPDATE entries SET record = '?'")
    with pytest.raises(RagError, match="damaged"):
        briefings.find(key, entry.key)
    briefings.delete(key)
    with pytest.raises(BriefingGone, match="was deleted"):
        briefings.find(key, entry.key)


def test_one_entry_is_kept_once_however_often_it_is_sent(briefings: Briefings) -> None:
    key, mine = briefings.create("B"), note("n")
    assert briefings.keep(key, [mine]) == (mine,)
    briefings.edit(key, replace(mine, text="changed since"))
    assert briefings.keep(key, [mine]) == ()
    assert texts(briefings, key) == ["changed since"]


def test_headings_and_notes_may_stand_twice_and_go_before_an_entry(briefings: Briefings) -> None:
    key = briefings.create("B")
    (last,) = briefings.keep(key, [note("end")])
    briefings.keep(key, [heading("A"), note("A")], before=last.key)
    briefings.keep(key, [heading("A")])
    assert texts(briefings, key) == ["A", "A", "end", "A"]


def test_entries_move_before_another_or_to_the_end_and_nowhere_else(briefings: Briefings) -> None:
    entries = [note(letter) for letter in "abcd"]
    a, b, c, d = (entry.key for entry in entries)
    key = briefings.create("B", entries)
    briefings.move(key, d, before=a)
    assert texts(briefings, key) == ["d", "a", "b", "c"]
    briefings.move(key, a, before=None)
    assert texts(briefings, key) == ["d", "b", "c", "a"]
    briefings.move(key, b, before=b)
    assert texts(briefings, key) == ["d", "b", "c", "a"]
    briefings.move(key, c, before=b)
    assert texts(briefings, key) == ["d", "c", "b", "a"]


def test_an_edit_with_the_version_seen_is_stored_and_counted(briefings: Briefings) -> None:
    kept = sentence(claim(), QUESTION)
    key = briefings.create("B", [kept])
    edited = replace(kept, text="She sails.", verdict=Verdict.SUPPORTED, reason=None)
    stored = briefings.edit(key, edited)
    assert stored == replace(edited, version=2)
    read = briefings.read(key)
    assert read is not None
    assert read.entries == (stored,)
    assert stored.kept_text == "Ada sails."


def test_a_stale_edit_loses_neither_wording(path: Path) -> None:
    one_tab, other_tab = Desk(path).briefings, Desk(path).briefings
    seen = note("as both saw it")
    key = one_tab.create("B", [seen])
    newer = one_tab.edit(key, replace(seen, text="hers"))
    with pytest.raises(StaleEntry, match="changed elsewhere") as raised:
        other_tab.edit(key, replace(seen, text="his"))
    assert raised.value.newer == newer
    assert texts(other_tab, key) == ["hers"]
    other_tab.edit(key, replace(raised.value.newer, text="his and hers"))
    assert texts(one_tab, key) == ["his and hers"]


def test_two_tabs_change_different_entries_and_both_changes_stand(path: Path) -> None:
    one_tab, other_tab = Desk(path).briefings, Desk(path).briefings
    first, second, third = note("1"), note("2"), note("3")
    key = one_tab.create("B", [first, second, third])
    one_tab.edit(key, replace(first, text="one"))
    other_tab.move(key, first.key, before=None)
    other_tab.edit(key, replace(second, text="two"))
    one_tab.move(key, third.key, before=second.key)
    one_tab.keep(key, [note("4")])
    assert texts(other_tab, key) == ["3", "two", "one", "4"]


def test_what_is_removed_is_put_back_where_it_stood(path: Path) -> None:
    briefings, entries = Desk(path).briefings, [note("a"), sentence(claim(), QUESTION), note("c")]
    key = briefings.create("B", entries)
    assert briefings.remove(key, entries[1].key) == entries[1]
    read = Desk(path).briefings.read(key)
    assert read is not None
    assert (read.entries, read.removed) == ((entries[0], entries[2]), (entries[1],))
    assert [line.size for line in briefings.list()] == [2]
    assert Desk(path).briefings.restore(key, entries[1].key) == entries[1]
    assert texts(briefings, key) == ["a", "Ada sails.", "c"]


def test_an_edit_of_what_another_tab_removed_puts_it_back(briefings: Briefings) -> None:
    mine = note("mine")
    key = briefings.create("B", [mine, note("b")])
    briefings.remove(key, mine.key)
    briefings.edit(key, replace(mine, text="mine, still"))
    assert texts(briefings, key) == ["mine, still", "b"]


def test_a_change_to_what_is_deleted_is_told(briefings: Briefings) -> None:
    entry = note("n")
    key = briefings.create("B", [entry])
    with pytest.raises(BriefingGone, match="entry is not in the briefing"):
        briefings.edit(key, note("another"))
    briefings.delete(key)
    assert briefings.read(key) is None
    for change in (
        lambda: briefings.keep(key, [note("n")]),
        lambda: briefings.edit(key, entry),
        lambda: briefings.move(key, entry.key, None),
        lambda: briefings.remove(key, entry.key),
        lambda: briefings.rename(key, "C"),
    ):
        with pytest.raises(BriefingGone, match="was deleted"):
            change()
    briefings.delete(key)


def test_renaming_touches_one_briefing_and_a_blank_title_nothing(briefings: Briefings) -> None:
    key, other = briefings.create("  "), briefings.create("Other")
    assert [line.title for line in briefings.list() if line.key == key] == ["Briefing"]
    briefings.rename(key, " Syria\n May ")
    briefings.rename(other, " \n ")
    assert {line.key: line.title for line in briefings.list()} == {key: "Syria May", other: "Other"}


def test_the_latest_changed_briefing_comes_first(briefings: Briefings) -> None:
    keys = [briefings.create(title) for title in "abc"]
    briefings.keep(keys[0], [note("n")])
    assert [line.key for line in briefings.list()] == [keys[0], keys[2], keys[1]]


@pytest.mark.parametrize(
    ("wanted", "found"),
    [
        ("kalin", ["a"]),
        ("KALIN where", ["a"]),
        ("harbor log", ["b"]),
        ("100%", ["b"]),
        ("kalin harbor", []),
        ("removed", []),
        (" ", ["a", "b"]),
    ],
)
def test_briefings_are_found_by_titles_entries_and_questions(
    briefings: Briefings, wanted: str, found: list[str]
) -> None:
    gone = note("removed")
    a = briefings.create("One", [sentence(claim("Kalın was in Ankara."), "Where was he?"), gone])
    briefings.remove(a, gone.key)
    b = briefings.create("The harbor log", [note("100% full")])
    names = {a: "a", b: "b"}
    assert sorted(names[line.key] for line in briefings.list(wanted)) == found


@pytest.mark.parametrize(
    "damage",
    ["record = 'not json'", "record = '[1]'", "record = x'ff00'", 'record = \'{"key": "k"}\''],
)
def test_a_damaged_row_does_not_lose_the_others_and_can_be_taken_out(path: Path, damage: str) -> None:
    briefings, entries = Desk(path).briefings, [note("a"), note("b"), note("c")]
    key = briefings.create("B", entries)
    with sqlite3.connect(path) as database:
        database.execute(f"UPDATE entries SET {damage} WHERE key = ?", (entries[1].key,))
    read = briefings.read(key)
    assert read is not None
    first, second, third = read.entries
    assert (first, third) == (entries[0], entries[2])
    assert isinstance(second, Unreadable)
    assert (second.key, second.version, bool(second.reason)) == (entries[1].key, 1, True)
    briefings.keep(key, [note("d")])
    briefings.move(key, entries[1].key, None)
    briefings.remove(key, entries[1].key)
    assert texts(briefings, key) == ["a", "c", "d"]


def test_words_are_stored_as_they_are(briefings: Briefings) -> None:
    odd = "<b>'\"; DROP TABLE entries; -- $x$ :smile: İı 🚢 \x00 \r\n العربية"
    key = briefings.create(odd, [sentence(claim(odd, odd), odd), note(odd)])
    read = briefings.read(key)
    assert read is not None
    assert isinstance(read.entries[0], Entry)
    assert (read.entries[0].text, read.entries[0].citations) == (odd, claim(odd, odd).citations)
    assert read.title == " ".join(odd.split())


def test_many_writers_lose_nothing(path: Path) -> None:
    key = Desk(path).briefings.create("B", [note("first")])

    def write(number: int) -> None:
        briefings = Desk(path).briefings
        (added,) = briefings.keep(key, [note(str(number))])
        briefings.edit(key, replace(added, text=f"{number}!"))
        briefings.move(key, added.key, None)

    with ThreadPoolExecutor(8) as pool:
        list(pool.map(write, range(24)))
    assert sorted(texts(Desk(path).briefings, key)) == sorted(["first", *(f"{n}!" for n in range(24))])


def test_of_many_edits_of_one_version_one_wins_and_the_others_are_told(path: Path) -> None:
    seen = note("seen")
    key = Desk(path).briefings.create("B", [seen])

    def write(number: int) -> str:
        try:
            return Desk(path).briefings.edit(key, replace(seen, text=str(number))).text
        except StaleEntry as error:
            return f"stale {error.newer.version}"

    with ThreadPoolExecutor(8) as pool:
        told = list(pool.map(write, range(16)))
    (won,) = [text for text in told if text != "stale 2"]
    assert texts(Desk(path).briefings, key) == [won]


FILL = """
import resource, sys
from pathlib import Path
from rag.core.errors import BriefingGone, RagError, StorageError
from rag.desk.desk import Desk
from rag.desk.entries import note
briefings, key = Desk(Path(sys.argv[1])).briefings, sys.argv[2]
resource.setrlimit(resource.RLIMIT_FSIZE, (int(sys.argv[3]), resource.RLIM_INFINITY))
try:
    briefings.keep(key, [note("long " * 200_000)])
except StorageError as error:
    print(error)
"""


def test_a_full_disk_is_told_and_what_was_kept_stays(path: Path) -> None:
    key = Desk(path).briefings.create("B", [note("kept")])
    size = path.stat().st_size + resource.getpagesize()
    ran = subprocess.run(
        [sys.executable, "-c", FILL, str(path), key, str(size)], capture_output=True, text=True
    )
    assert "cannot be read or written" in ran.stdout, ran.stderr
    assert texts(Desk(path).briefings, key) == ["kept"]


def test_a_file_that_is_no_database_is_said_in_words(path: Path) -> None:
    path.parent.mkdir()
    path.write_bytes(b"something else entirely " * 100)
    with pytest.raises(StorageError, match="cannot be read or written"):
        Desk(path).briefings.list()
