"""Articles to passages: consecutive sentences that fit the embedding model's window with their title.

Knows the window only as a number of tokens and a way to count them."""

import hashlib
import re
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass

from rag.core.records import Article, Passage, Sentence
from rag.language.text import plain

PASSAGE_VERSION = 1

# A title may take this share of the window; a longer one is cut for the model, not for the reader.
_TITLE_SHARE = 0.25
# A passage that holds this share of its tokens may end where a paragraph ends.
_FULL_ENOUGH = 0.6

CountTokens = Callable[[Sequence[str]], list[int]]
_PIECE = re.compile(r"\s*\S+")


@dataclass(frozen=True, slots=True)
class PassageRules:
    """How long a passage gets. `window_tokens` is what the model reads, its own marks included;
    `passage_tokens` is what a passage should hold."""

    window_tokens: int
    passage_tokens: int

    @property
    def title_tokens(self) -> int:
        return int(self.window_tokens * _TITLE_SHARE)

    @property
    def limit(self) -> int:
        """Tokens of the words of a passage, next to the longest title and two marks."""
        return min(self.passage_tokens, self.window_tokens - self.title_tokens - 3)


def split_passages(
    article: Article, sentences: Sequence[Sentence], rules: PassageRules, count: CountTokens
) -> tuple[Passage, ...]:
    """The passages of an article in order. Each begins and ends on a sentence's bounds, but for a
    sentence longer than the window, which several passages share."""
    passages = []
    for start, end in _spans(article.text, sentences, rules.limit, count):
        identity = "\0".join((article.source, str(start), article.text[start:end]))
        key = hashlib.sha256(identity.encode()).hexdigest()[:32]
        passages.append(Passage(key, article.source, start, end))
    return tuple(passages)


def words_to_embed(
    articles: Sequence[Article],
    passages: Sequence[Passage],
    rules: PassageRules,
    count: CountTokens,
) -> list[str]:
    """What the model reads of each passage: the article's title and the passage, spelled plainly."""
    titles = {
        article.source: _short_title(plain(article.title or ""), rules, count) for article in articles
    }
    texts = {article.source: article.text for article in articles}
    embedded = []
    for passage in passages:
        body = plain(texts[passage.source][passage.start : passage.end])
        title = titles[passage.source]
        embedded.append(f"{title}\n{body}" if title and not body.startswith(title) else body)
    return embedded


def _short_title(title: str, rules: PassageRules, count: CountTokens) -> str:
    if not title:
        return title
    pieces = _PIECE.findall(title)
    kept, used = 0, 0
    for tokens in count(pieces):
        if used + tokens > rules.title_tokens:
            break
        kept, used = kept + 1, used + tokens
    return "".join(pieces[:kept])


def _spans(
    text: str, sentences: Sequence[Sentence], limit: int, count: CountTokens
) -> Iterator[tuple[int, int]]:
    """Runs of sentences that fit, each as full as it gets before the end of a paragraph."""
    first, last, used = 0, 0, 0
    for start, end, size in _units(text, sentences, limit, count):
        opens_paragraph = "\n" in text[last:start]
        if used and (used + size > limit or (opens_paragraph and used >= limit * _FULL_ENOUGH)):
            yield first, last
            used = 0
        if size > limit:
            yield from _pieces(text, start, end, limit, count)
        else:
            first = first if used else start
            used += size
        last = end
    if used:
        yield first, last


def _units(
    text: str, sentences: Sequence[Sentence], limit: int, count: CountTokens
) -> Iterator[tuple[int, int, int]]:
    """What should not be parted, with its tokens: a sentence, and the headings it stands under."""
    # Counted as the model will read them: plain letters may make more word pieces.
    sizes = count([plain(text[sentence.start : sentence.end]) for sentence in sentences])
    held: list[tuple[Sentence, int]] = []
    for sentence, size in zip(sentences, sizes, strict=True):
        while held and sum(tokens for _, tokens in held) + size > limit:
            heading, tokens = held.pop(0)
            yield heading.start, heading.end, tokens
        held.append((sentence, size))
        if not sentence.is_heading:
            yield held[0][0].start, sentence.end, sum(tokens for _, tokens in held)
            held = []
    if held:
        yield held[0][0].start, held[-1][0].end, sum(tokens for _, tokens in held)


def _pieces(
    text: str, start: int, end: int, limit: int, count: CountTokens
) -> Iterator[tuple[int, int]]:
    """A sentence longer than the limit in parts that fit, cut between words where it has any."""
    spans = [(start + part.start(), start + part.end()) for part in _PIECE.finditer(text[start:end])]
    # No word of this many letters can have more tokens than letters.
    step = max(limit // 2, 1)
    spans = [(at, min(at + step, stop)) for begin, stop in spans for at in range(begin, stop, step)]
    sizes = count([plain(text[begin:stop]) for begin, stop in spans])
    first, last, used = start, start, 0
    for (begin, stop), size in zip(spans, sizes, strict=True):
        if used + size > limit and last > first:
            yield first, last
            first, used = begin + len(text[begin:stop]) - len(text[begin:stop].lstrip()), 0
        used, last = used + size, stop
    yield first, last
