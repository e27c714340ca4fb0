"""A page is fetched from public addresses alone, within bounds, and each refusal says what to do."""

import datetime
import ipaddress
import ssl
import time
from collections.abc import Iterator, Sequence
from pathlib import Path

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID

from rag.core.errors import FetchError
from rag.desk import fetching
from rag.desk.addresses import is_public
from rag.desk.fetching import Fetched, fetch_page
from tests.web_pages import ARTICLE, Pages, serve_pages


@pytest.fixture(scope="module")
def pages() -> Iterator[Pages]:
    with serve_pages() as pages:
        yield pages


@pytest.fixture(autouse=True)
def nothing_asked(pages: Pages) -> None:
    pages.asked.clear()
    pages.headers.clear()


def fetch(pages: Pages, path: str, seconds: float = 10.0) -> Fetched:
    """A page of the local server, which the settings name."""
    return fetch_page(pages.url(path), [pages.host], total_seconds=seconds)


def no_one(host: str, port: int) -> Sequence[str]:
    raise AssertionError(f"{host} was looked up")


def test_a_page_comes_as_its_bytes_with_its_address_and_kind(pages: Pages) -> None:
    assert fetch(pages, "/sund#top") == Fetched(pages.url("/sund"), ARTICLE.encode(), ".html")
    assert pages.asked == ["GET /sund"]


@pytest.mark.parametrize(
    ("path", "kind"), [("/text", ".txt"), ("/pdf", ".pdf"), ("/markdown", ".md"), ("/packed", ".txt")]
)
def test_the_kind_is_what_the_server_states(pages: Pages, path: str, kind: str) -> None:
    assert fetch(pages, path).kind == kind


def test_a_page_packed_in_several_members_is_unpacked_whole(pages: Pages) -> None:
    assert fetch(pages, "/packed-in-parts").content == b"The light burns again.\n"
    with pytest.raises(FetchError, match="broke off before its end"):
        fetch(pages, "/packed-in-parts-and-cut")
    with pytest.raises(FetchError, match="cannot be unpacked"):
        fetch(pages, "/packed-and-more")


@pytest.mark.parametrize("path", ["/bomb-in-parts", "/empty-parts"])
def test_a_bomb_of_several_members_is_bounded(pages: Pages, path: str) -> None:
    with pytest.raises(FetchError, match="has more than 10 MB"):
        fetch(pages, path)


def test_a_packed_page_is_unpacked(pages: Pages) -> None:
    assert fetch(pages, "/packed").content == b" " * 2**10


def test_a_redirect_is_followed_and_the_page_has_the_address_where_it_was_found(pages: Pages) -> None:
    assert fetch(pages, "/moved").url == pages.url("/sund")
    assert pages.asked == ["GET /moved", "GET /sund"]


def test_nothing_is_sent_along(pages: Pages, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("HTTP_PROXY", "http://127.0.0.1:1")
    monkeypatch.setenv("ALL_PROXY", "http://127.0.0.1:1")
    fetch(pages, "/packed")
    fetch(pages, "/moved")
    assert all(
        headers.keys() == {"host", "accept", "accept-encoding", "user-agent", "connection"}
        for headers in pages.headers
    )
    assert pages.headers[0]["host"] == pages.host


@pytest.mark.parametrize(
    "address",
    [
        *("127.0.0.1", "127.255.0.3", "0.0.0.0", "10.0.0.7", "172.16.0.1", "192.168.1.1"),
        *("169.254.169.254", "100.64.0.1", "192.0.2.1", "198.18.0.1", "224.0.0.251", "255.255.255.255"),
        *("::1", "::", "fe80::1", "fe80::1%eth0", "fc00::1", "ff02::1", "2001:db8::1"),
        *("::ffff:127.0.0.1", "::ffff:10.0.0.7", "64:ff9b::7f00:1", "2002:7f00:1::", "::127.0.0.1"),
        *("2001:0:0a00:1::80ff:fffe", "not an address", ""),
        # Of one site or its translator, translated by another one, tunneled within a site.
        *("fec0::1", "feff::1", "64:ff9b:1::5db8:d70e", "64:ff9b:1:ffff::7f00:1"),
        *("::ffff:0:127.0.0.1", "::ffff:0:a9fe:a9fe", "::5efe:127.0.0.1", "::5efe:10.0.0.7"),
        *("2001:470::5efe:7f00:1", "2001:470::200:5efe:7f00:1", "2001:470::300:5efe:a9fe:a9fe"),
    ],
)
def test_an_address_of_this_machine_or_its_network_is_not_public(address: str) -> None:
    assert not is_public(address)


@pytest.mark.parametrize(
    "address",
    [
        *("93.184.215.14", "2606:4700::6810:85e5", "::ffff:93.184.215.14", "::ffff:0:93.184.215.14"),
        *("2001:470::5efe:93.184.215.14", "2001:470::5eff:7f00:1", "2001:470:0:5efe:7f00:1:7f00:1"),
    ],
)
def test_an_address_of_the_open_internet_is_public(address: str) -> None:
    assert is_public(address)


@pytest.mark.parametrize(
    "url",
    [
        *("http://127.0.0.1/", "http://localhost/", "http://[::1]/", "http://[::ffff:127.0.0.1]/"),
        *("http://2130706433/", "http://0x7f.1/", "http://0x7f000001/", "http://017700000001/"),
        *(
            "http://127.1/",
            "http://10.0.0.7/x",
            "https://192.168.1.1/",
            "http://169.254.169.254/latest/",
        ),
        *("http://0.0.0.0/", "http://0/", "http://[fe80::1]/"),
    ],
)
def test_a_private_address_is_refused_however_it_is_spelled(url: str) -> None:
    with pytest.raises(FetchError, match=r"is not fetched: .* is no public address .* save it"):
        fetch_page(url)


def test_a_host_that_stands_for_a_private_address_is_refused(pages: Pages) -> None:
    for found in (["127.0.0.1"], ["93.184.215.14", "10.0.0.7"], ["::1"], ["169.254.169.254"]):
        with pytest.raises(FetchError, match="is no public address"):
            fetch_page(f"http://news.example:{pages.port}/sund", resolve=lambda *_, found=found: found)
    assert pages.asked == []


def test_a_host_is_looked_up_once_and_the_connection_goes_where_it_was_found(
    pages: Pages, monkeypatch: pytest.MonkeyPatch
) -> None:
    # The local server plays a public one: only the check is told so, and only of its address.
    monkeypatch.setattr(fetching, "is_public", lambda address: address == "127.0.0.1")
    looked_up: list[tuple[str, int]] = []

    def rebinding(host: str, port: int) -> list[str]:
        looked_up.append((host, port))
        return ["127.0.0.1"] if len(looked_up) == 1 else ["10.0.0.7"]

    page = fetch_page(f"http://news.example:{pages.port}/sund", resolve=rebinding)
    assert page.url == f"http://news.example:{pages.port}/sund"
    assert looked_up == [("news.example", pages.port)]
    assert pages.headers[0]["host"] == f"news.example:{pages.port}"
    with pytest.raises(FetchError, match=r"10\.0\.0\.7 is no public address"):
        fetch_page(f"http://news.example:{pages.port}/sund", resolve=rebinding)


def test_the_next_address_is_tried_when_one_does_not_answer(
    pages: Pages, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(fetching, "is_public", lambda address: True)
    found = ["::1", "127.0.0.1"]
    page = fetch_page(f"http://news.example:{pages.port}/sund", resolve=lambda *_: found)
    assert page.content == ARTICLE.encode()


@pytest.mark.parametrize("path", ["/inside", "/inside-by-number", "/metadata"])
def test_a_redirect_to_a_private_address_is_refused(pages: Pages, path: str) -> None:
    with pytest.raises(FetchError, match=r"is not fetched: .* is no public address"):
        fetch(pages, path)
    assert pages.asked == [f"GET {path}"]


def test_what_may_be_fetched_although_private_is_that_port_alone(pages: Pages) -> None:
    with pytest.raises(FetchError, match="is no public address"):
        fetch_page(pages.url("/sund"), [f"127.0.0.1:{pages.port + 1}"], resolve=lambda *_: ["127.0.0.1"])
    assert pages.asked == []


@pytest.mark.parametrize(
    ("path", "told"),
    [
        ("/to-file", r"leads on to another address\. 'file:/etc/passwd' is no web address"),
        ("/to-name", r"leads on to another address\. .* a name or a password in it"),
        ("/to-no-name", r"leads on to another address\. .* no web address"),
        ("/ring", "leads on more than 5 times"),
        ("/picture", "is image/png, and not text, Markdown, HTML"),
        ("/untyped", "is of no stated type"),
        ("/gone", "answers 404 Not Found"),
        ("/bomb", "has more than 10 MB"),
        ("/endless", "has more than 10 MB"),
        ("/twice", "comes packed as gzip, gzip"),
        ("/cut", "broke off before its end"),
        ("/not-packed", "cannot be unpacked"),
    ],
)
def test_what_cannot_be_taken_is_told_with_the_reason(pages: Pages, path: str, told: str) -> None:
    with pytest.raises(FetchError, match=told):
        fetch(pages, path)


def test_a_ring_of_redirects_is_left_after_five(pages: Pages) -> None:
    with pytest.raises(FetchError):
        fetch(pages, "/ring")
    assert pages.asked == ["GET /ring"] * 6


@pytest.mark.parametrize("path", ["/drip", "/drip-head"])
def test_a_page_that_drips_is_left_when_the_time_is_over(pages: Pages, path: str) -> None:
    started = time.monotonic()
    with pytest.raises(FetchError, match=r"did not come within 0\.5 seconds"):
        fetch(pages, path, seconds=0.5)
    assert time.monotonic() - started < 3


def test_a_look_up_that_hangs_is_left_when_the_time_is_over() -> None:
    def hang(host: str, port: int) -> list[str]:
        time.sleep(3)
        return ["127.0.0.1"]

    started = time.monotonic()
    with pytest.raises(FetchError, match=r"did not come within 0\.2 seconds"):
        fetch_page("http://news.example/", resolve=hang, total_seconds=0.2)
    assert time.monotonic() - started < 2


@pytest.mark.parametrize(
    ("url", "told"),
    [
        ("file:///etc/passwd", "must begin with http:// or https://"),
        ("ftp://example.org/a", "must begin with http:// or https://"),
        ("javascript:alert(1)", "must begin with http:// or https://"),
        ("example.org/article", "must begin with http:// or https://"),
        ("http://", "must begin with http:// or https://"),
        ("", "must begin with http:// or https://"),
        ("http://0177.0.0.1/", "is no web address"),
        ("http://exa mple.org/", "is no web address"),
        ("http://[::1/", "is no web address"),
        ("http://xn--a/", "is no web address"),
        ("http://xn--0/", "is no web address"),
        ("http://example.org:99999/", "is no web address"),
        ("https://user:secret@example.org/", "a name or a password"),
        ("https://user@example.org/", "a name or a password"),
    ],
)
def test_what_is_no_address_of_a_page_is_told_before_anything_is_looked_up(url: str, told: str) -> None:
    with pytest.raises(FetchError, match=told) as error:
        fetch_page(url, resolve=no_one)
    assert "secret" not in str(error.value)


def test_a_host_that_is_not_known_and_a_port_where_nobody_listens_are_told() -> None:
    def unknown(host: str, port: int) -> list[str]:
        raise OSError("Name or service not known")

    with pytest.raises(FetchError, match=r"There is no host news\.example"):
        fetch_page("http://news.example/", resolve=unknown)
    with pytest.raises(FetchError, match="cannot be reached"):
        fetch_page("http://127.0.0.1:9/", ["127.0.0.1:9"])


def _certificate(folder: Path, name: str) -> Path:
    key = ec.generate_private_key(ec.SECP256R1())
    subject = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, name)])
    now = datetime.datetime.now(datetime.UTC)
    names = [x509.DNSName(name), x509.IPAddress(ipaddress.ip_address("10.9.9.9"))]
    certificate = (
        x509.CertificateBuilder(subject, subject, key.public_key(), x509.random_serial_number())
        .not_valid_before(now - datetime.timedelta(days=1))
        .not_valid_after(now + datetime.timedelta(days=1))
        .add_extension(x509.SubjectAlternativeName(names), critical=False)
        .sign(key, hashes.SHA256())
    )
    path = folder / f"{name}.pem"
    path.write_bytes(
        key.private_bytes(
            serialization.Encoding.PEM,
            serialization.PrivateFormat.PKCS8,
            serialization.NoEncryption(),
        )
        + certificate.public_bytes(serialization.Encoding.PEM)
    )
    return path


def test_a_certificate_is_checked_against_the_name_and_not_against_the_address(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(fetching, "is_public", lambda address: True)
    path = _certificate(tmp_path, "news.example")
    serving = ssl.create_default_context(ssl.Purpose.CLIENT_AUTH)
    serving.load_cert_chain(path)
    trusting = ssl.create_default_context(cafile=path)
    with serve_pages(tls=serving) as pages:

        def fetch_from(host: str, tls: ssl.SSLContext | None) -> Fetched:
            url = f"https://{host}:{pages.port}/sund"
            return fetch_page(url, resolve=lambda *_: ["127.0.0.1"], tls=tls)

        assert fetch_from("news.example", trusting).content == ARTICLE.encode()
        assert pages.named == ["news.example"]
        for host, tls in (("other.example", trusting), ("news.example", None)):
            with pytest.raises(FetchError, match=r"cannot be reached: .*certificate verify failed"):
                fetch_from(host, tls)
        assert pages.asked == ["GET /sund"]
