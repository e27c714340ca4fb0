"""What in a reply was only thought, between tags, and what was said."""

from typing import Final


class Thoughts:
    """Drops <think> ... </think>, and says when a closing tag without an opening one has come."""

    _TAGS: Final = ("<think>", "<thinking>", "</think>", "</thinking>")

    def __init__(self) -> None:
        self._tag = ""
        self._thinking = False
        self._opened = False

    def take(self, char: str) -> str | None:
        """What passes; None when all that passed before was thinking."""
        held = self._tag + char
        if any(tag.startswith(held.lower()) for tag in self._TAGS):
            self._tag = held
            return self._act(held.lower()) if held.lower() in self._TAGS else ""
        passed, self._tag = self._tag, ""
        if char == "<":
            self._tag = char
        else:
            passed += char
        return "" if self._thinking else passed

    def end(self) -> str:
        """What was held back when the reply ended."""
        held, self._tag = self._tag, ""
        return "" if self._thinking else held

    def _act(self, tag: str) -> str | None:
        self._tag = ""
        if tag.startswith("</"):
            unopened = not self._opened
            self._thinking, self._opened = False, True
            return None if unopened else ""
        self._thinking = self._opened = True
        return ""


def without_thoughts(reply: str) -> str:
    """What a whole reply says."""
    thoughts = Thoughts()
    passed: list[str] = []
    for char in reply:
        text = thoughts.take(char)
        if text is None:
            passed.clear()
        else:
            passed.append(text)
    return "".join([*passed, thoughts.end()])
