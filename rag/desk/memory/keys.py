"""Names for what is stored: nobody has to remember one, and two desks never give the same."""

from uuid import uuid4


def new_key() -> str:
    """A name for a conversation, a briefing or an entry that is not stored yet."""
    return uuid4().hex[:16]
