"""What stands within a line of a streamed reply: words, the markup around them, and keys in brackets."""

import re
import string

from rag.asking.replies.keys import Keys
from rag.asking.replies.sentences import Sentences

_BRACKET_CHARACTERS = 120
_LINK_CHARACTERS = 300
_CLOSING = {"[": "]", "(": ")", "【": "】", "⟦": "⟧", "{": "}"}
_ADDRESS = re.compile(r"\((?:https?://|www\.|mailto:|[#/.]|[\w-]+(?:\.[\w-]+)+(?:/|\)$))\S*")


class Words:
    """Takes escapes, emphasis, links and keys out of a line."""

    def __init__(self, keys: Keys, sentences: "Sentences") -> None:
        self._keys = keys
        self._sentences = sentences
        self._escaped = False
        self._emphasis = ""
        self._last = " "
        self._bracket = ""
        self._is_closed = False
        self._address = ""

    def take(self, char: str) -> None:
        """Reads the next character of a line."""
        if self._escaped:
            self._escaped = False
            if char not in string.punctuation:
                self._plain("\\")
        elif char == "\\":
            self._escaped = True
            return
        if char in "*_`":
            # Longer runs are no emphasis and no word either.
            self._emphasis += char if len(self._emphasis) < 8 else ""
            return
        emphasis, self._emphasis = self._emphasis, ""
        if self._last.isalnum() and char.isalnum():
            for mark in emphasis:
                self._plain(mark)
        self._plain(char)

    def end_line(self) -> None:
        """Passes on what was held back: no bracket or link goes on behind its line."""
        if self._escaped:
            self._plain("\\")
        self._escaped, self._emphasis = False, ""
        while self._bracket:
            if self._address:
                self._no_address()
            elif self._is_closed:
                self._resolve()
            else:
                found = self._keys.read(self._bracket.strip("[(【⟦{ "), "(")
                if found and all(is_known for _, is_known in found):
                    self._sentences.keys(found)
                    self._bracket = ""
                else:
                    self._release()
        self._last = " "
        self._sentences.line_end()

    def _plain(self, char: str) -> None:
        self._last = char
        if self._address:
            self._address += char
            if char == ")" and _ADDRESS.fullmatch(self._address):
                self._address = ""
                self._resolve(is_link=True)
            elif char == ")" or char.isspace() or len(self._address) > _LINK_CHARACTERS:
                self._no_address()
            return
        if self._is_closed:
            if char == "(" and self._bracket[0] == "[":
                self._address = char
                return
            if char == "]" and self._bracket.startswith("[[") and not self._bracket.endswith("]]"):
                self._bracket += char
                return
            self._resolve()
        if self._bracket:
            if char == _CLOSING[self._bracket[0]]:
                self._bracket += char
                self._is_closed = True
                return
            if (char not in _CLOSING and len(self._bracket) < _BRACKET_CHARACTERS) or (
                char == self._bracket == "["
            ):
                self._bracket += char
                return
            self._release()
        if char in _CLOSING:
            self._bracket = char
        else:
            self._sentences.take(char)

    def _resolve(self, is_link: bool = False) -> None:
        """Passes a closed bracket on: as keys, as the words of a link, or as it is."""
        bracket, self._bracket, self._is_closed = self._bracket, "", False
        content = bracket.strip("[](){}【】⟦⟧")
        if found := self._keys.read(content, bracket[0]):
            self._sentences.keys(found)
        else:
            for char in content if is_link else bracket:
                self._sentences.take(char)

    def _no_address(self) -> None:
        address, self._address = self._address, ""
        self._resolve()
        for char in address:
            self._plain(char)

    def _release(self) -> None:
        bracket, self._bracket = self._bracket, ""
        for char in bracket:
            self._sentences.take(char)
