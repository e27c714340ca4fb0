"""The languages of articles, and what the forms of their words share: the door to py3langid. English has
more than this, in terms.py."""

from collections.abc import Sequence
from functools import cache

import Stemmer

from rag.language.text import Word, fold_word

ENGLISH = "en"
# So much of a text tells its language.
_LOOKED_AT = 2000
# Snowball's stemmers by the codes of languages (ISO 639-1).
_STEMMERS = {
    "ar": "arabic",
    "ca": "catalan",
    "da": "danish",
    "de": "german",
    "el": "greek",
    "en": "english",
    "es": "spanish",
    "et": "estonian",
    "eu": "basque",
    "fi": "finnish",
    "fr": "french",
    "ga": "irish",
    "hu": "hungarian",
    "hy": "armenian",
    "id": "indonesian",
    "it": "italian",
    "lt": "lithuanian",
    "nl": "dutch",
    "no": "norwegian",
    "pl": "polish",
    "pt": "portuguese",
    "ro": "romanian",
    "ru": "russian",
    "sr": "serbian",
    "sv": "swedish",
    "tr": "turkish",
}


def language_of(text: str) -> str:
    """The code of the language that most of a text is in: "en" where nothing tells."""
    from py3langid.langid import classify

    language, _ = classify(text[:_LOOKED_AT]) if text.strip() else (ENGLISH, 0.0)
    return str(language)


def stems_in(language: str, text: str, found: Sequence[Word]) -> list[str]:
    """What the forms of some words of a text share in a language, folded; the same for each word in one
    that no stemmer is known for."""
    if language not in _STEMMERS or language == ENGLISH:
        return []
    spelled = [text[word.start : word.end].lower() for word in found]
    return [fold_word(stem) or stem for stem in stemmer(language).stemWords(spelled)]


@cache
def stemmer(language: str) -> "Stemmer.Stemmer":
    """Snowball's stemmer of a language that there is one for."""
    return Stemmer.Stemmer(_STEMMERS[language])
