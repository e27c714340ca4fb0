"""Words that a tokenizer of the Penn Treebank took apart, put together again."""

from collections.abc import Sequence

from lab.train.examples import Span

_WRITTEN = {
    "-LRB-": "(",
    "-RRB-": ")",
    "-LSB-": "[",
    "-RSB-": "]",
    "-LCB-": "{",
    "-RCB-": "}",
    "``": '"',
    "''": '"',
    "`": "'",
    "--": "–",
}
_CLOSING = frozenset(
    ", . : ; ? ! % ° ... ) ] -RRB- -RSB- -RCB- '' ' n't 's 're 've 'm 'd 'll 'S N'T".split()
)
_OPENING = frozenset("( [ -LRB- -LSB- -LCB- `` ` $ US$ A$ C$ R$ HK$ NZ$ £ € ¥ #".split())
_JOINING = frozenset("/".split())


def together(tokens: Sequence[str]) -> tuple[str, tuple[Span, ...]]:
    """The text that the tokens are of, and where in it each stands."""
    text, spans = "", []
    is_open, before = True, ""
    is_quoted = False
    for token in tokens:
        # Some write the same mark on both sides, and some sentences begin within what is quoted.
        if token in ('"', "``") or (token == "''" and before == ""):
            token = "''" if is_quoted else "``"
        closes = token in _CLOSING or token in _JOINING
        written = _WRITTEN.get(token, token.replace("\\/", "/").replace("\\*", "*"))
        # The point of an abbreviation ends its sentence too.
        if token == "." and text.endswith("."):
            written = ""
        if not is_open and not closes:
            text += " "
        spans.append((len(text), len(text) + len(written)))
        text += written
        is_quoted = token == "``" or (is_quoted and token != "''")
        is_open = token in _OPENING or token in _JOINING
        before = token
    return text, tuple(spans)


def runs(places: Sequence[int], spans: Sequence[Span]) -> tuple[Span, ...]:
    """Spans of the text for tokens; one for those that follow each other."""
    made: list[Span] = []
    last = None
    for place in sorted(set(places)):
        start, end = spans[place]
        if last is not None and place == last + 1:
            made[-1] = (made[-1][0], end)
        else:
            made.append((start, end))
        last = place
    return tuple(span for span in made if span[0] < span[1])
