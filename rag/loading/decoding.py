"""Bytes of unknown encoding to text, with line ends as `\\n` and without control characters."""

import codecs
import re

from charset_normalizer import from_bytes

from rag.core.errors import ArticleError

_MARKS = (
    (codecs.BOM_UTF8, "utf-8"),
    (codecs.BOM_UTF32_LE, "utf-32-le"),  # before UTF-16, whose mark it begins with
    (codecs.BOM_UTF32_BE, "utf-32-be"),
    (codecs.BOM_UTF16_LE, "utf-16-le"),
    (codecs.BOM_UTF16_BE, "utf-16-be"),
)
_SIGNATURES = (
    (b"%PDF-", "a PDF"),
    (b"PK\x03\x04", "a zip archive or an Office document"),
    (b"\xd0\xcf\x11\xe0", "an old Office document"),
    (b"\x89PNG", "a picture"),
    (b"\xff\xd8\xff", "a picture"),
    (b"GIF8", "a picture"),
    (b"\x1f\x8b", "a compressed file"),
)
# The single-byte and East Asian encodings that news articles are found in; every further one
# that the guesser may choose from makes it wrong more often.
_CANDIDATES = [
    *("cp1252", "cp1254", "cp1250", "cp1251", "cp1253", "cp1255", "cp1256"),
    *("koi8_r", "gb18030", "big5", "shift_jis", "euc_kr"),
]
_LATIN = frozenset(("cp1252", "cp1254", "cp1250", "latin_1", "iso8859_9", "cp1257"))
_GUESSED_BYTES = 200_000
_DECLARED = re.compile(
    rb"<(?:meta[^>]{0,200}?charset\s*=|\?xml[^>]{0,100}?encoding\s*=)\s*[\"']?\s*([\w.:-]{2,40})",
    re.I,
)
_LINE_ENDS = re.compile("\r\n|[\r\x0b\x0c\x1c\x1d\x1e\x85\u2028\u2029]")
_CONTROLS = re.compile("[\x00-\x08\x0e-\x1b\x1f\x7f-\x9f\ud800-\udfff]")
_MOST_CONTROLS = 0.05


def decode(content: bytes, is_markup: bool = False) -> str:
    """The text of a file; bytes that are no text become U+FFFD. The same bytes give the same text.

    A byte order mark decides, then UTF-8, then what the markup declares, then a guess.
    Raises ArticleError for what is not text at all.
    """
    for signature, name in _SIGNATURES:
        if content.startswith(signature):
            raise ArticleError(f"This is {name} under the name of a text file. Give it its own ending.")
    text = _decoded(content, is_markup)
    controls = sum(len(run) for run in _CONTROLS.findall(text))
    if controls > _MOST_CONTROLS * len(text):
        raise ArticleError("This file is not text: it is full of control characters.")
    return clean(text)


def clean(text: str) -> str:
    """Text with line ends as `\\n`, and without control characters and lone surrogates."""
    return _CONTROLS.sub("", _LINE_ENDS.sub("\n", text.removeprefix("\ufeff")))


def _decoded(content: bytes, is_markup: bool) -> str:
    for mark, encoding in _MARKS:
        if content.startswith(mark):
            return content[len(mark) :].decode(encoding, errors="replace")
    if wide := _wide_encoding(content):
        return content.decode(wide, errors="replace")
    text = content.decode("utf-8", errors="replace")
    if _is_mostly_utf8(content, text):
        return text
    declared = _DECLARED.search(content[:4096]) if is_markup else None
    if declared and (name := _known(declared[1].decode("ascii"))):
        return content.decode(name, errors="replace")
    return content.decode(_guess(content), errors="replace")


def _wide_encoding(content: bytes) -> str | None:
    """UTF-16 without a mark: every other byte of its spaces, digits and Latin letters is zero."""
    sample = content[:4000]
    if len(sample) < 4 or len(content) % 2:
        return None
    low, high = sample[1::2].count(0), sample[0::2].count(0)
    for zeros, others, encoding in ((low, high, "utf-16-le"), (high, low, "utf-16-be")):
        if others == 0 and zeros * 20 >= len(sample):
            return encoding
    return None


def _is_mostly_utf8(content: bytes, text: str) -> bool:
    """Whether less of it is wrong than right: in legacy text next to nothing is right by chance."""
    wrong = text.count("\ufffd") - content.count("\ufffd".encode())
    right = sum(character > "\x7f" and character != "\ufffd" for character in text)
    return wrong <= 0 or 4 * right >= wrong


def _guess(content: bytes) -> str:
    best = from_bytes(content[:_GUESSED_BYTES], cp_isolation=_CANDIDATES).best()
    encoding = best.encoding if best else "cp1252"
    if encoding in _LATIN:
        return "cp1254" if _is_turkish(content) else encoding
    return encoding


def _is_turkish(content: bytes) -> bool:
    """Whether bytes that Latin encodings read differently are Turkish letters.

    ğ, ı and ş stand where Icelandic has ð, ý and þ; but Icelandic is full of á, í, ú and æ too.
    """
    turkish = sum(content.count(byte) for byte in b"\xf0\xfd\xfe\xd0\xdd\xde")
    icelandic = sum(content.count(byte) for byte in b"\xe1\xed\xfa\xe6\xf3")
    return turkish > 10 * icelandic


def _known(name: str) -> str | None:
    try:
        name = codecs.lookup(name).name
    except LookupError:
        return None
    # A web page that says Latin-1 or Turkish Latin-5 means the Windows superset of it.
    return {"iso8859-1": "cp1252", "ascii": "cp1252", "iso8859-9": "cp1254"}.get(name, name)
