"""Which way a text runs."""

import unicodedata


def runs_right_to_left(text: str) -> bool:
    """Whether the first letter that has a direction belongs to Arabic, Hebrew or the like."""
    for letter in text:
        direction = unicodedata.bidirectional(letter)
        if direction in ("R", "AL"):
            return True
        if direction == "L":
            return False
    return False
