"""The address and the key of an endpoint as a person set them: fit to be used, or refused in words."""

import ipaddress

import httpx

from rag.core.errors import LanguageModelError


def checked_url(base_url: str) -> httpx.URL:
    wanted = (
        "SOURCELINE_LLM_BASE_URL must be an address that begins with http:// or https://, such as "
        "http://localhost:11434/v1"
    )
    try:
        url = httpx.URL(base_url.strip())
    except httpx.InvalidURL:
        raise LanguageModelError(f"{wanted}.") from None
    if url.scheme not in ("http", "https") or not url.host:
        raise LanguageModelError(f"{wanted}.")
    if url.userinfo:
        raise LanguageModelError(
            f"{wanted}. A name or password has no place in it, for addresses are shown: set "
            "SOURCELINE_LLM_API_KEY."
        )
    return url.copy_with(fragment=None)


def checked_key(key: str | None) -> str | None:
    key = (key or "").strip()
    # Said here without quoting it, for libraries do quote what they cannot send.
    if not key.isascii() or not key.isprintable() or " " in key:
        raise LanguageModelError(
            "SOURCELINE_LLM_API_KEY holds a character that no key has, such as a space, a line break "
            "or an accented letter. Copy it again."
        )
    return key or None


def is_loopback(host: str) -> bool:
    try:
        address = ipaddress.ip_address(host)
    except ValueError:
        return host == "localhost" or host.endswith(".localhost")
    return address.is_loopback or address.is_unspecified
