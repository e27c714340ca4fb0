"""What in a reply is the key of a passage, and what only looks like one."""

import re
from collections.abc import Collection

_NOUNS = frozenset("key keys passage passages source sources ref refs citation citations".split())
_FILLERS = frozenset("see cf and id".split())
_WORD = re.compile(r"[^\W_]+")
_APART = re.compile(r"[\s,;:/&+|^#†'\"“”’*_`–—-]*")
_THOUSANDS = re.compile(r"\d{1,3}(?:,\d{3})+")
_VOWELS = frozenset("aeiouy")


class Keys:
    """Tells keys from other words."""

    def __init__(self, known: Collection[str]) -> None:
        self._known = {key.casefold(): key for key in known}
        shapes = {_shape(key) for key in self._known} or {"a0aa"}
        self._shapes = {shape for shape in shapes if len(set(shape)) > 1}
        self._lengths = {len(shape) for shape in self._shapes}
        either = "|".join(map(re.escape, self._known))
        key = rf"(?<!\w)({either})(?!\w)"
        self._stray = (
            re.compile(
                rf"\s?[\[(【⟦]{{1,2}}\s?{key}\s?[\])】⟧]{{1,2}}|\s?[\[【⟦]{{1,2}}\s?{key}|[\s,;:]{{0,2}}{key}",
                re.IGNORECASE,
            )
            if either
            else None
        )

    def read(self, content: str, opening: str) -> list[tuple[str, bool]] | None:
        """The keys in a bracket, each with whether it is known; None when the bracket holds words.

        Round brackets are common in sentences: there a number alone is no key.
        """
        is_round = opening == "("
        if re.fullmatch(r"https?://\S+", content) and not is_round:
            return [(content, False)]
        found: list[tuple[str, bool]] = []
        has_noun, has_number, has_others = False, False, not _APART.fullmatch(_WORD.sub("", content))
        for match in _WORD.finditer(content):
            word, folded = match.group(), match.group().casefold()
            if folded in self._known:
                found.append((self._known[folded], True))
            elif folded in _NOUNS:
                has_noun = True
            elif folded in _FILLERS:
                continue
            elif self._looks_like_key(word, is_round) or content.startswith("^"):
                found.append((folded, False))
            elif word.isascii() and word.isdigit() and len(word) <= 3:
                has_number = True
                found.append((word, False))
            else:
                has_others = True
        known = [key for key in found if key[1]]
        if known and not is_round:
            return known if has_others else found
        if not found or has_others or _THOUSANDS.fullmatch(content):
            return None
        return found if not is_round or not has_number or has_noun else None

    def without_strays(self, text: str) -> tuple[str, list[str]]:
        """The text without the known keys that stand in it outside of whole brackets, and these keys."""
        if self._stray is None:
            return text, []
        strays: list[str] = []

        def take_out(match: re.Match[str]) -> str:
            written = next(filter(None, match.groups()))
            strays.append(self._known.get(written.casefold(), written))
            return ""

        return self._stray.sub(take_out, text).strip(), strays

    def _looks_like_key(self, word: str, is_round: bool) -> bool:
        if not word.isascii() or len(word) not in self._lengths or (is_round and not word.islower()):
            return False
        if _shape(word) in self._shapes:
            return True
        return word.islower() and word.isalpha() and not _VOWELS & set(word)


def _shape(word: str) -> str:
    return "".join("0" if char.isdigit() else "a" for char in word)
