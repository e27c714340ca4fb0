"""Articles to passages: consecutive sentences that fit the embedding model's window with their title.

Knows the window only as a number of tokens and a way to count them."""

import hashlib
import re
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass

from rag.records import Article, Passage, Sentence
from rag.text import plain

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
    if not sentences:
        return
    # Counted as the model will read them: plain letters may make more word pieces.
    sizes = count([plain(text[s.start : s.end]) for s in sentences])
    first, used, headings = 0, 0, 0
    for position, (sentence, size) in enumerate(zip(sentences, sizes, strict=True)):
        if size > limit:
            if first < position:
                yield sentences[first].start, sentences[position - 1].end
            yield from _pieces(text, sentence, limit, count)
            first, used, headings = position + 1, 0, 0
            continue
        starts_paragraph = (
            position > first and "\n" in text[sentences[position - 1].end : sentence.start]
        )
        if used + size > limit or (starts_paragraph and used >= limit * _FULL_ENOUGH):
            # A heading goes with what stands under it.
            cut = position - headings if first < position - headings else position
            if first < cut:
                yield sentences[first].start, sentences[cut - 1].end
            first, used = cut, sum(sizes[cut:position])
        used += size
        headings = headings + 1 if sentence.is_heading else 0
    if first < len(sentences):
        yield sentences[first].start, sentences[-1].end


def _pieces(text: str, sentence: Sentence, limit: int, count: CountTokens) -> Iterator[tuple[int, int]]:
    """A sentence longer than the limit in parts that fit, cut between words where it has any."""
    spans = [
        (sentence.start + part.start(), sentence.start + part.end())
        for part in _PIECE.finditer(text[sentence.start : sentence.end])
    ]
    # No word of this many letters can have more tokens than letters.
    spans = [
        (at, min(at + limit // 2, end))
        for start, end in spans
        for at in range(start, end, max(limit // 2, 1))
    ]
    sizes = count([plain(text[start:end]) for start, end in spans])
    begin, last, used = spans[0][0], spans[0][0], 0
    for (start, end), size in zip(spans, sizes, strict=True):
        if used + size > limit and last > begin:
            yield begin, last
            begin, used = start + len(text[start:end]) - len(text[start:end].lstrip()), 0
        used, last = used + size, end
    yield begin, last
