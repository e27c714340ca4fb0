"""A briefing as the browser gets it: plain JSON, every word of it text that is never markup."""

from collections.abc import Iterable, Sequence

from rag.core.records import Citation
from rag.core.wording import credit
from rag.desk.document import VERDICT_WORDS, describe_verdicts, verdict_of
from rag.desk.entries import Briefing, Entry, EntryKind, Listed, Unreadable
from rag.faces.web.shared.payloads import Payload


def briefing_payload(briefing: Briefing) -> Payload:
    """The entries with an address for every citation; articles are numbered as they are first cited."""
    numbers = _source_numbers(briefing.entries)
    return {
        "briefing": briefing.key,
        "title": briefing.title,
        "verdicts": describe_verdicts(briefing.entries) if _has_sentence(briefing.entries) else None,
        "entries": [_entry_payload(entry, numbers) for entry in briefing.entries],
        "removed": [{"key": entry.key, "text": _words(entry)} for entry in briefing.removed],
    }


def _entry_payload(entry: Entry | Unreadable, numbers: dict[str, int]) -> Payload:
    if isinstance(entry, Unreadable):
        return {"key": entry.key, "version": entry.version, "kind": "unreadable", "text": _words(entry)}
    verdict = verdict_of(entry)
    return {
        "key": entry.key,
        "version": entry.version,
        "kind": entry.kind.value,
        "text": entry.text,
        "verdict": verdict.value if verdict else None,
        "word": VERDICT_WORDS[verdict].capitalize() if verdict else None,
        "reason": entry.reason,
        "question": entry.question,
        "kept_text": entry.kept_text if entry.is_edited else None,
        "chips": [
            {
                "number": numbers[citation.source],
                "label": credit(citation),
                "title": citation.title or citation.source,
                "address": address_of(entry, place),
            }
            for place, citation in enumerate(entry.citations, 1)
        ],
    }


def briefings_payload(listed: Iterable[Listed]) -> list[Payload]:
    return [
        {
            "key": line.key,
            "title": line.title,
            "changed_at": line.changed_at.isoformat(),
            "size": line.size,
        }
        for line in listed
    ]


def address_of(entry: Entry, place: int) -> str:
    """What opens a citation of an entry, counted from 1: `4f6….2`."""
    return f"{entry.key}.{place}"


def find_citation(briefing: Briefing, address: str | None) -> Citation | None:
    """The citation under an address; None for any other."""
    for entry in briefing.entries:
        if isinstance(entry, Entry):
            for place, citation in enumerate(entry.citations, 1):
                if address_of(entry, place) == address:
                    return citation
    return None


def _source_numbers(entries: Sequence[Entry | Unreadable]) -> dict[str, int]:
    readable = (entry for entry in entries if isinstance(entry, Entry))
    cited = dict.fromkeys(citation.source for entry in readable for citation in entry.citations)
    return {source: number for number, source in enumerate(cited, 1)}


def _has_sentence(entries: Sequence[Entry | Unreadable]) -> bool:
    return any(isinstance(entry, Entry) and entry.kind is EntryKind.SENTENCE for entry in entries)


def _words(entry: Entry | Unreadable) -> str:
    return entry.text if isinstance(entry, Entry) else "An entry that is damaged and cannot be read."
