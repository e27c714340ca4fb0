"""A web page by its address, fetched once and on request. The door to the web for articles.

Whoever gives the address may be misled or mislead: only http and https are spoken, only with public
addresses, and what comes is bounded in time and size. A host is looked up here, each of its addresses
is checked, and the connection goes to the checked address itself, so that a second look-up cannot
lead elsewhere. Nothing is sent along: no cookies, no credentials, no proxy of the environment.
"""

import asyncio
import socket
import ssl
import zlib
from collections.abc import Callable, Collection, Coroutine, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass

import httpx

from rag.core.errors import FetchError
from rag.desk.addresses import is_public
from rag.loading.formats import FORMATS, format_sent, labels

MOST_BYTES = 10 * 2**20
MOST_REDIRECTS = 5
TOTAL_SECONDS = 20.0
CONNECT_SECONDS = 8.0
_REDIRECTS = (301, 302, 303, 307, 308)
_BY_HAND = "Open it in a browser, save it, and add the file."
# A host and a port to the IP addresses they stand for; raises OSError for none.
Resolve = Callable[[str, int], Sequence[str]]


@dataclass(frozen=True, slots=True)
class Fetched:
    """A page as it came. `url` is where it was found in the end, `kind` the ending its file takes."""

    url: str
    content: bytes
    kind: str


def look_up(host: str, port: int) -> list[str]:
    """The addresses of a host, as the system knows them."""
    found = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)
    return list(dict.fromkeys(str(entry[4][0]) for entry in found))


def fetch_page(
    url: str,
    private: Collection[str] = (),
    resolve: Resolve = look_up,
    tls: ssl.SSLContext | None = None,
    total_seconds: float = TOTAL_SECONDS,
) -> Fetched:
    """The page at an address, or at the one that it leads on to.

    `private` names what may be fetched although it is not public, as host:port. Must not be called
    inside a running event loop. Raises FetchError, with what to do.
    """
    return asyncio.run(_within(_follow(url, private, resolve, tls), total_seconds))


async def _within(fetching: Coroutine[None, None, Fetched], seconds: float) -> Fetched:
    try:
        async with asyncio.timeout(seconds):
            return await fetching
    except TimeoutError as error:
        raise FetchError(
            f"The page did not come within {seconds:g} seconds. Try again later. {_BY_HAND}"
        ) from error


async def _follow(
    address: str, private: Collection[str], resolve: Resolve, tls: ssl.SSLContext | None
) -> Fetched:
    url = _read_address(address.strip())
    verify = tls or httpx.create_ssl_context(trust_env=False)
    for _ in range(MOST_REDIRECTS + 1):
        came = await _fetch(url, private, resolve, verify)
        if isinstance(came, Fetched):
            return came
        try:
            url = _read_address(str(url.join(came)))
        except (FetchError, httpx.InvalidURL, ValueError) as error:
            raise FetchError(f"{_shown(url)} leads on to another address. {error}") from error
    raise FetchError(f"{_shown(url)} leads on more than {MOST_REDIRECTS} times. {_BY_HAND}")


def _read_address(address: str) -> httpx.URL:
    try:
        url = httpx.URL(address)
        host = url.host  # decoded only now: a name that begins with xn-- may be none
    except (httpx.InvalidURL, ValueError) as error:
        raise FetchError(f"{address[:200]!r} is no web address: {error}.") from error
    if url.scheme not in ("http", "https") or not host:
        raise FetchError(
            f"{address[:200]!r} is no web address that can be fetched: it must begin with http:// or "
            "https:// and name a host. A file on this machine is added by dragging it in."
        )
    if "%" in host or not 0 < (url.port or 80) < 65536:
        raise FetchError(f"{address[:200]!r} is no web address: its host or its port cannot be one.")
    if url.userinfo:
        raise FetchError(
            "The address has a name or a password in it, which is not sent anywhere. Give it without. "
            + _BY_HAND
        )
    return url.copy_with(fragment=None)


async def _fetch(
    url: httpx.URL, private: Collection[str], resolve: Resolve, verify: ssl.SSLContext
) -> Fetched | str:
    """The page at an address, or the address that it leads on to."""
    addresses = await _addresses(url, private, resolve)
    for place, address in enumerate(addresses, 1):
        try:
            return await _fetch_from(url, address, verify)
        except (httpx.ConnectError, httpx.ConnectTimeout) as error:
            if place == len(addresses):
                raise FetchError(
                    f"{_shown(url)} cannot be reached: {_told(error)}. Check it, or try again later."
                ) from error
        except UnicodeError as error:  # the client reads where a redirect leads as well
            raise FetchError(
                f"{_shown(url)} leads on to another address. It is no web address: {error}."
            ) from error
        except httpx.HTTPError as error:
            raise FetchError(
                f"{_shown(url)} broke off: {_told(error)}. Try again. {_BY_HAND}"
            ) from error
    raise FetchError(f"{url.host} has no address. Check how it is written.")


async def _addresses(url: httpx.URL, private: Collection[str], resolve: Resolve) -> Sequence[str]:
    """Where the host is, each address checked. Raises FetchError when one of them is not public."""
    port = url.port or (443 if url.scheme == "https" else 80)
    # A look-up cannot be called off; nobody waits for one that takes too long.
    aside = ThreadPoolExecutor(1, thread_name_prefix="look-up")
    try:
        host = url.raw_host.decode("ascii")
        found = await asyncio.wrap_future(aside.submit(resolve, host, port))
    except (OSError, UnicodeError) as error:
        raise FetchError(
            f"There is no host {url.host}, or it cannot be looked up: {_told(error)}. Check how it is "
            f"written, and whether this machine is online."
        ) from error
    finally:
        aside.shutdown(wait=False)
    if f"{url.host}:{port}" not in private:
        for address in found:
            if not is_public(address):
                raise FetchError(
                    f"{_shown(url)} is not fetched: {address} is no public address but one of this "
                    f"machine or of its own network. {_BY_HAND}"
                )
    return found


async def _fetch_from(url: httpx.URL, address: str, verify: ssl.SSLContext) -> Fetched | str:
    # A client of its own for every step: nothing is kept from one to the next.
    async with httpx.AsyncClient(
        trust_env=False, follow_redirects=False, verify=verify, timeout=CONNECT_SECONDS
    ) as client:
        request = client.build_request(
            "GET",
            url.copy_with(host=address.partition("%")[0]),
            headers={
                "Host": url.netloc.decode("ascii"),
                "Accept": ", ".join(mime_type for known in FORMATS for mime_type in known.mime_types),
                "Accept-Encoding": "gzip",
                "User-Agent": "Sourceline",
                "Connection": "close",
            },
            # The certificate is checked against the name, not against the address.
            extensions={"sni_hostname": url.raw_host.decode("ascii")},
        )
        response = await client.send(request, stream=True)
        try:
            if response.status_code in _REDIRECTS and "location" in response.headers:
                return response.headers["location"]
            kind = _kind(url, response)
            return Fetched(str(url), await _content(url, response), kind)
        finally:
            await response.aclose()


def _kind(url: httpx.URL, response: httpx.Response) -> str:
    if response.status_code != 200:
        raise FetchError(
            f"{_shown(url)} answers {response.status_code} {response.reason_phrase}. Check the address. "
            + _BY_HAND
        )
    stated = response.headers.get("content-type", "").partition(";")[0].strip().lower()
    known = format_sent(stated)
    if known is None:
        raise FetchError(
            f"{_shown(url)} is {stated[:80] or 'of no stated type'}, and not {labels()}. "
            "Give the address of the article itself, or save it and add it."
        )
    return known.endings[0]


async def _content(url: httpx.URL, response: httpx.Response) -> bytes:
    """The body, unpacked here: a library would unpack a whole piece before its size is known."""
    coding = response.headers.get("content-encoding", "identity").strip().lower()
    if coding not in ("identity", "", "gzip", "x-gzip"):
        raise FetchError(
            f"{_shown(url)} comes packed as {coding[:40]}, which cannot be opened. {_BY_HAND}"
        )
    unpacker = _Unpacker() if coding.endswith("gzip") else None
    content = bytearray()
    received = 0
    async for piece in response.aiter_raw():
        received += len(piece)  # bounded as well: parts without content may go on for ever
        try:
            content += unpacker.unpack(piece, MOST_BYTES + 1 - len(content)) if unpacker else piece
        except zlib.error as error:
            raise FetchError(f"{_shown(url)} cannot be unpacked: {error}. {_BY_HAND}") from error
        if max(len(content), received) > MOST_BYTES:
            raise FetchError(
                f"{_shown(url)} has more than {MOST_BYTES // 2**20} MB, and more is not fetched. "
                + _BY_HAND
            )
    if unpacker and not unpacker.is_whole:
        raise FetchError(f"{_shown(url)} broke off before its end. Try again.")
    return bytes(content)


class _Unpacker:
    """A gzip body piece by piece. It is whole with the end of a member, of which it may have several."""

    def __init__(self) -> None:
        self._member = zlib.decompressobj(16 + zlib.MAX_WBITS)

    @property
    def is_whole(self) -> bool:
        return self._member.eof

    def unpack(self, piece: bytes, most_bytes: int) -> bytes:
        """What a piece holds, cut at `most_bytes`, at least 1. Raises zlib.error for what is no gzip."""
        unpacked = bytearray()
        while len(unpacked) < most_bytes:
            if self._member.eof:
                piece = piece.lstrip(b"\0")  # zeros may fill up what is behind a member
                if piece:
                    self._member = zlib.decompressobj(16 + zlib.MAX_WBITS)
            if not piece:
                break
            unpacked += self._member.decompress(piece, most_bytes - len(unpacked))
            piece = self._member.unused_data
        return bytes(unpacked)


def _shown(url: httpx.URL) -> str:
    """An address in a message: without its query, which may hold what is private, and not too long."""
    shown = str(url.copy_with(query=None))
    return shown if len(shown) <= 120 else shown[:119] + "…"


def _told(error: Exception) -> str:
    return str(error).strip().rstrip(".") or type(error).__name__
