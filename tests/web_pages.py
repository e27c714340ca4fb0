"""Web pages for tests of fetching: a server on 127.0.0.1 whose every answer is chosen by its path."""

import gzip
import ssl
import threading
import time
import zlib
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

ARTICLE = (
    "<!doctype html><html><head><title>The lighthouse at Sund is lit again</title>"
    '<meta property="og:site_name" content="Coast Courier">'
    '<meta property="article:published_time" content="2024-03-09"></head><body><nav>Home</nav><article>'
    "<h1>The lighthouse at Sund is lit again</h1>"
    + "<p>The lighthouse at Sund was lit again on Friday after eleven dark years. Keeper Ada "
    "Lind said that its lamp burns 400 watts and is seen from 19 miles away.</p>"
    * 1
    + "<p>The council of Sund paid for the repairs with a loan that runs until 2031.</p>"
    "</article><footer>All rights reserved</footer></body></html>"
)


@dataclass
class Pages:
    """What was asked for, as lines `METHOD path`, and the headers of each request."""

    port: int = 0
    asked: list[str] = field(default_factory=list)
    headers: list[dict[str, str]] = field(default_factory=list)
    named: list[str | None] = field(default_factory=list)

    @property
    def host(self) -> str:
        return f"127.0.0.1:{self.port}"

    def url(self, path: str) -> str:
        return f"http://{self.host}{path}"


def bomb(size_bytes: int) -> bytes:
    packer = zlib.compressobj(9, zlib.DEFLATED, 16 + zlib.MAX_WBITS)
    return packer.compress(b" " * size_bytes) + packer.flush()


@contextmanager
def serve_pages(
    pages: dict[str, Callable[[BaseHTTPRequestHandler], None]] | None = None,
    tls: ssl.SSLContext | None = None,
) -> Iterator[Pages]:
    served = Pages()
    answers = _ANSWERS | (pages or {})

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            served.asked.append(f"{self.command} {self.path}")
            served.headers.append({name.lower(): value for name, value in self.headers.items()})
            with suppress(OSError):  # the reader has hung up
                answers[self.path.partition("?")[0]](self)

        def log_message(self, *_: object) -> None:
            pass

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    if tls is not None:
        tls.sni_callback = lambda _socket, name, _context: served.named.append(name)
        server.socket = tls.wrap_socket(server.socket, server_side=True, do_handshake_on_connect=False)
    server.daemon_threads = True
    served.port = server.server_port
    thread = threading.Thread(target=server.serve_forever, args=(0.05,), daemon=True)
    thread.start()
    try:
        yield served
    finally:
        server.shutdown()
        server.server_close()
        thread.join()


def send(
    handler: BaseHTTPRequestHandler,
    body: bytes,
    kind: str | None = "text/html; charset=utf-8",
    status: int = 200,
    **headers: str,
) -> None:
    handler.send_response(status)
    if kind is not None:
        handler.send_header("Content-Type", kind)
    for name, value in headers.items():
        handler.send_header(name.replace("_", "-"), value)
    handler.send_header("Content-Length", str(len(body)))
    handler.end_headers()
    handler.wfile.write(body)


def redirect_to(address: str) -> Callable[[BaseHTTPRequestHandler], None]:
    return lambda handler: send(handler, b"", status=302, Location=address)


def _drip(handler: BaseHTTPRequestHandler) -> None:
    """A byte now and then, without an end: each is in time, the page never is."""
    handler.send_response(200)
    handler.send_header("Content-Type", "text/html")
    handler.end_headers()
    for _ in range(600):
        handler.wfile.write(b" ")
        time.sleep(0.05)


def _drip_head(handler: BaseHTTPRequestHandler) -> None:
    handler.wfile.write(b"HTTP/1.1 200 OK\r\n")
    for number in range(600):
        handler.wfile.write(f"X-{number}: 1\r\n".encode())
        time.sleep(0.05)


def _endless(handler: BaseHTTPRequestHandler) -> None:
    handler.send_response(200)
    handler.send_header("Content-Type", "text/plain")
    handler.end_headers()
    for _ in range(64):
        handler.wfile.write(b"a " * 2**19)


_ANSWERS: dict[str, Callable[[BaseHTTPRequestHandler], None]] = {
    "/sund": lambda handler: send(handler, ARTICLE.encode()),
    "/packed": lambda handler: send(
        handler, bomb(2**10), "text/plain", Content_Encoding="gzip", Set_Cookie="visit=1"
    ),
    "/moved": redirect_to("/sund"),
    "/ring": redirect_to("/ring"),
    "/inside": redirect_to("http://127.0.0.1:9/admin"),
    "/inside-by-number": redirect_to("http://2130706433:9/admin"),
    "/metadata": redirect_to("http://169.254.169.254/latest/meta-data/"),
    "/to-file": redirect_to("file:///etc/passwd"),
    "/to-name": redirect_to("http://somebody:secret@example.org/"),
    "/picture": lambda handler: send(handler, b"\x89PNG", "image/png"),
    "/untyped": lambda handler: send(handler, b"words", None),
    "/gone": lambda handler: send(handler, b"gone", status=404),
    "/bomb": lambda handler: send(handler, bomb(64 * 2**20), Content_Encoding="gzip"),
    "/twice": lambda handler: send(handler, b"x", Content_Encoding="gzip, gzip"),
    "/cut": lambda handler: send(handler, bomb(2**10)[:-9], Content_Encoding="gzip"),
    "/not-packed": lambda handler: send(handler, b"plain words", Content_Encoding="gzip"),
    "/to-no-name": redirect_to("http://xn--a/"),
    "/packed-in-parts": lambda handler: send(
        handler,
        b"".join(map(gzip.compress, (b"The light ", b"", b"burns again.\n"))) + bytes(7),
        "text/plain",
        Content_Encoding="gzip",
    ),
    "/packed-in-parts-and-cut": lambda handler: send(
        handler, gzip.compress(b"The light ") + gzip.compress(b"burns")[:-4], Content_Encoding="gzip"
    ),
    "/packed-and-more": lambda handler: send(
        handler, gzip.compress(b"The light ") + b"and more", Content_Encoding="gzip"
    ),
    "/bomb-in-parts": lambda handler: send(handler, bomb(2**20) * 64, Content_Encoding="gzip"),
    "/empty-parts": lambda handler: send(
        handler, gzip.compress(b"") * (11 * 2**20 // 20), Content_Encoding="gzip"
    ),
    "/endless": _endless,
    "/drip": _drip,
    "/drip-head": _drip_head,
    "/text": lambda handler: send(handler, b"Plain words of a page.", "TEXT/PLAIN"),
    "/pdf": lambda handler: send(handler, b"%PDF-1.7", "application/pdf"),
    "/markdown": lambda handler: send(handler, b"# Sund\n\nIt is lit.\n", "text/markdown"),
}
