"""The languages of articles, and what the forms of their words share: the door to py3langid. English has
more than this, in terms.py."""

from collections.abc import Collection, Sequence
from functools import cache
from typing import TYPE_CHECKING

import Stemmer

from rag.language.text import Word, fold_word

if TYPE_CHECKING:
    from py3langid.langid import LanguageIdentifier

ENGLISH = "en"
# So much of a text tells its language.
_LOOKED_AT = 2000
# A text is in no language that is less likely than the likeliest by more than this, in log odds.
_CERTAINTY = 8.0
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


# Written in the scripts that are read here, without a stemmer: told apart from those that have one.
_UNSTEMMED = ("bg", "fa", "he", "mk", "uk", "ur")


def language_of(text: str) -> str:
    """The code of the language that most of a text is in: "en" where nothing tells."""
    language, _ = _identifier().classify(text[:_LOOKED_AT]) if text.strip() else (ENGLISH, 0.0)
    return str(language)


def may_be_in(languages: Collection[str], text: str) -> bool:
    """Whether a text may be in one of these languages; a short one may be in many."""
    if not any(letter.isalpha() for letter in text):
        return True
    ranked = _identifier().rank(text[:_LOOKED_AT])
    likeliest = max(likelihood for _, likelihood in ranked)
    return any(
        language in languages and likelihood > likeliest - _CERTAINTY for language, likelihood in ranked
    )


@cache
def _identifier() -> "LanguageIdentifier":
    from py3langid.langid import MODEL_FILE, LanguageIdentifier

    identifier = LanguageIdentifier.from_model_file(MODEL_FILE)
    # Of all hundreds of languages, short English is taken for the rarest.
    identifier.set_languages([*_STEMMERS, *_UNSTEMMED])
    return identifier


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
