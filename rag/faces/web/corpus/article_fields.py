"""The fields in which an article is put right, before it is added and after, and what they then say."""

from dataclasses import dataclass

import streamlit as st

from rag.core.records import Article, Correction
from rag.loading.decoding import clean

_NAMES = ("title", "publisher", "author", "published", "text")


@dataclass(frozen=True, slots=True)
class Fields:
    """What the fields of an article hold; "" is an empty one."""

    title: str
    publisher: str
    author: str
    published: str
    text: str


def fields_of(article: Article) -> Fields:
    """What the fields begin with."""
    return Fields(*(getattr(article, name) or "" for name in _NAMES))


def draw(key: str, begun: Fields, height: int) -> None:
    """Draw the fields under a key of their own; `height` is that of the text, in pixels."""
    st.text_input("Title", begun.title, key=f"title-{key}")
    publisher, author, published = st.columns(3)
    publisher.text_input("Publisher", begun.publisher, key=f"publisher-{key}")
    author.text_input("Author", begun.author, key=f"author-{key}")
    published.text_input("Date", begun.published, placeholder="2023-02-08", key=f"published-{key}")
    st.text_area("Text", begun.text, height=height, key=f"text-{key}")


def typed(key: str, begun: Fields) -> Fields:
    """What the fields hold now; where they are not drawn, what they would begin with."""
    return Fields(*(st.session_state.get(f"{name}-{key}", getattr(begun, name)) for name in _NAMES))


def correction_of(
    now: Fields, begun: Fields, read: Article, before: Correction | None = None
) -> Correction:
    """The correction that makes of an article, as its file alone is read, what the fields say.

    A field that was left as it began stays corrected as it was `before`, even where that correction
    does not apply; one that says what the file does needs none.
    """
    before = before or Correction()

    def put_right(name: str) -> str | None:
        words = _line(getattr(now, name))
        if words == _line(getattr(begun, name)):
            kept: str | None = getattr(before, name)
            return kept
        return None if words == _line(getattr(read, name) or "") else words

    text, text_of = _words(now.text), read.sha256
    is_corrected = text != read.text
    if text == _words(begun.text):
        is_corrected, text, text_of = before.text is not None, before.text or "", before.text_of or ""
    return Correction(
        title=put_right("title"),
        publisher=put_right("publisher"),
        author=put_right("author"),
        published=put_right("published"),
        text=text if is_corrected else None,
        text_of=text_of if is_corrected else None,
    )


def _line(words: str) -> str:
    return " ".join(words.split())


def _words(text: str) -> str:
    return clean(text).strip("\n")
