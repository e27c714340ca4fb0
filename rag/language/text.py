"""Words: where they stand, and how they fold so that spellings meet. Article text is never changed;
folded words carry their span in the original."""

import re
import unicodedata
from dataclasses import dataclass
from functools import lru_cache

# Letters that canonical decomposition leaves alone although readers type them plain.
_PLAIN = str.maketrans(
    {
        **dict.fromkeys("ıİ", "i"),
        **dict.fromkeys("łŁ", "l"),
        **dict.fromkeys("đĐðÐ", "d"),
        **dict.fromkeys("øØ", "o"),
        **dict.fromkeys("æÆ", "ae"),
        **dict.fromkeys("œŒ", "oe"),
        **dict.fromkeys("ħĦ", "h"),
        **dict.fromkeys("þÞ", "th"),
        **dict.fromkeys("ŧŦ", "t"),
        "ʼ": "'",
        "’": "'",
        "‘": "'",
        "ʻ": "'",
        "`": "'",
        "ـ": "",  # Arabic letters are stretched with it
    }
)

_PLAIN_LETTERS = {code: plain for code, plain in _PLAIN.items() if len(plain) == 1}

# "U.S." and "a.m." are one word; so is a number with its separators.
# Accents and vowel signs that stand behind their letter belong to its word.
_MARKS = "\u0300-\u036f\u0591-\u05c7\u0610-\u061a\u064b-\u065f\u0670\u06d6-\u06ed"
_LETTER = rf"[^\W\d_][{_MARKS}]*"
_WORD = re.compile(
    rf"(?:[^\W\d_]\.){{2,}}(?:['’ʼ](?:{_LETTER})+)?"
    r"|\d+(?:[.,:]\d+)*(?:(?:st|nd|rd|th|s)\b)?"
    rf"|(?:[^\W_][{_MARKS}]*)+(?:['’ʼ](?:{_LETTER})+)*"
)

# What English and Turkish hang on a name behind an apostrophe: Kalin's, Kalın'ın, Ankara'dan.
_SUFFIX = re.compile(
    r"(?:'(?:s|y[iuae]|(?<=....')[iuae]|n?[iu]n|[dt][ae](?:n|ki)?|y?l[ae]|l[iu]|s[iu]z|c[ae]))+$"
)
# What is longer is no word that anybody inflects.
_LONGEST_WORD = 64


@dataclass(frozen=True, slots=True)
class Word:
    """A word of a text: its span in characters and its folded form, without a suffix."""

    start: int
    end: int
    folded: str


def fold(text: str) -> str:
    """A text as it is compared: no case, no accents, plain letters. Length may differ."""
    if text.isascii():
        return text.lower().replace("`", "'")
    decomposed = unicodedata.normalize("NFKD", text.translate(_PLAIN))
    plain = "".join(letter for letter in decomposed if not unicodedata.combining(letter))
    return plain.casefold().translate(_PLAIN)


@lru_cache(maxsize=65536)
def fold_word(word: str) -> str:
    """One word folded, its suffix and its abbreviation points gone: Kalın'ın -> kalin, U.S. -> us."""
    folded = fold(word)
    if len(folded) > _LONGEST_WORD:
        return folded
    if "'" in folded:
        bare = _SUFFIX.sub("", folded)
        folded = bare if len(bare) > 1 else folded
    if "." in folded and not folded[0].isdigit():
        folded = folded.replace(".", "")
    if "," in folded and folded[0].isdigit():
        folded = folded.replace(",", "")
    return folded


def words(text: str) -> list[Word]:
    """The words of a text in order, each with its span: text[start:end] folds to `folded`."""
    found = []
    for match in _WORD.finditer(text):
        if folded := fold_word(match.group()):
            found.append(Word(match.start(), match.end(), folded))
    return found


def plain(text: str) -> str:
    """A text as the embedding model reads it: plain letters, and names without what hangs on them.
    As long as the text, so that every place in it is the same place.

    The model would otherwise read "Kalın'ın" as other word pieces than "Kalin".
    """
    letters = text.translate(_PLAIN_LETTERS)
    if "'" not in letters:
        return letters
    return _WORD.sub(lambda match: _without_suffix(match.group()), letters)


def _without_suffix(word: str) -> str:
    if "'" not in word or len(word) > _LONGEST_WORD:
        return word
    suffix = _SUFFIX.search(word.lower())
    if suffix is None or suffix.start() < 2:
        return word
    return word[: suffix.start()] + " " * (len(word) - suffix.start())
