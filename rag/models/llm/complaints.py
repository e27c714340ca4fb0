"""What goes wrong with a language model, in words for the person who set it up: each names the setting
to look at, and none quotes the key."""

import re
from dataclasses import dataclass, field

import httpx

from rag.core.errors import LanguageModelError, ModelTimeout

QUOTED_CHARACTERS = 300

_WINDOW_WORDS = re.compile(
    r"context (length|window|size)|context_length|n_ctx|too many tokens|prompt is too long|token limit",
    re.I,
)


@dataclass(frozen=True, slots=True)
class Complaints:
    """Makes the errors about one model at one endpoint, to be raised by whoever finds the fault."""

    model: str
    url: httpx.URL = field(repr=False)
    key: str | None = field(repr=False)

    @property
    def address(self) -> str:
        """The endpoint's address as it may be shown: a query may hold a secret."""
        return str(self.url.copy_with(query=None))

    def silent(self, seconds: float) -> ModelTimeout:
        return ModelTimeout(
            f"The language model at {self.address} said nothing for {seconds:g} "
            "seconds. Raise SOURCELINE_LLM_FIRST_TOKEN_SECONDS, or choose a faster model."
        )

    def unfinished(self, seconds: float) -> ModelTimeout:
        return ModelTimeout(
            f"The language model at {self.address} did not finish in {seconds:g} "
            "seconds. Raise SOURCELINE_LLM_TOTAL_SECONDS, or choose a faster model."
        )

    def unreachable(self, seconds: float) -> ModelTimeout:
        return ModelTimeout(
            f"No connection to {self.address} in {seconds:g} seconds. Check "
            "SOURCELINE_LLM_BASE_URL, or raise SOURCELINE_LLM_CONNECT_SECONDS."
        )

    def unusable_environment(self, error: Exception) -> LanguageModelError:
        return LanguageModelError(
            "The proxy or the certificates that the environment names (HTTPS_PROXY, ALL_PROXY, "
            f"SSL_CERT_FILE) cannot be used: {self.shown(str(error))}"
        )

    def only_reasoning(self, tokens: int) -> LanguageModelError:
        return LanguageModelError(
            f"The language model {self.model} wrote nothing but its reasoning within "
            f"{tokens} tokens. Raise SOURCELINE_LLM_REPLY_TOKENS."
        )

    def about(self, said: str) -> LanguageModelError:
        """Of an error that the server sends in place of a reply."""
        words = self.shown(said)
        if _WINDOW_WORDS.search(words):
            return self._out_of_window(words)
        return LanguageModelError(f"The language model at {self.address} failed: {words}")

    def refused(self, response: httpx.Response, body: str) -> LanguageModelError:
        """Of an answer that is no 200, with what it says for itself."""
        status = response.status_code
        words = self.shown(body or response.reason_phrase)
        if response.is_redirect:
            return LanguageModelError(
                f"{self.address} redirects to {self.shown(response.headers['Location'])}, and "
                "redirects are not followed. Set SOURCELINE_LLM_BASE_URL to the final address."
            )
        if status in (401, 403):
            lack = "refuses the key" if self.key else "wants a key"
            return LanguageModelError(
                f"The language model at {self.address} {lack} ({status}: {words}). Check "
                "SOURCELINE_LLM_API_KEY."
            )
        if status == 404:
            hint = "" if re.search(r"/v\d", self.url.path) else f" (try {self.address.rstrip('/')}/v1)"
            return LanguageModelError(
                f"The language model is not found at {self.address} (404: {words}). Check "
                f"SOURCELINE_LLM_BASE_URL{hint} and SOURCELINE_LLM_MODEL, which is {self.model}."
            )
        if _WINDOW_WORDS.search(words):
            return self._out_of_window(words)
        if status == 429:
            asked = self.shown(response.headers.get("Retry-After", ""))
            wait = f" It asks to wait: {asked} (seconds, or until then)." if asked else ""
            return LanguageModelError(
                f"The language model at {self.address} takes no more questions now (429: {words})."
                f"{wait} Try again later, or check what the account allows."
            )
        if status >= 500:
            return LanguageModelError(
                f"The language model at {self.address} fails ({status}: {words}). Try again, or look "
                "into the server's log."
            )
        return LanguageModelError(
            f"The language model at {self.address} refuses the request ({status}: {words})."
        )

    def failed(
        self, error: httpx.HTTPError, has_begun: bool, connect_seconds: float
    ) -> LanguageModelError:
        words = self.shown(str(error)) or type(error).__name__
        if isinstance(error, httpx.ConnectTimeout):
            return self.unreachable(connect_seconds)
        if isinstance(error, httpx.ProxyError):
            return LanguageModelError(
                f"The proxy on the way to {self.address} refuses ({words}). Check HTTPS_PROXY, or name "
                "the host in NO_PROXY."
            )
        if isinstance(error, httpx.ConnectError):
            return LanguageModelError(
                f"The language model at {self.address} cannot be reached ({words}). Start its server, "
                "or check SOURCELINE_LLM_BASE_URL."
            )
        if has_begun:
            return self.broken_off(words)
        return LanguageModelError(
            f"The language model at {self.address} gives no answer in HTTP ({words}). Look into the "
            "server's log, or check SOURCELINE_LLM_BASE_URL."
        )

    def something_else(self, what: str) -> LanguageModelError:
        return LanguageModelError(
            f"{self.address} speaks something else than the OpenAI protocol: {what}. Set "
            "SOURCELINE_LLM_BASE_URL to an endpoint such as http://localhost:11434/v1."
        )

    def broken_off(self, what: str) -> LanguageModelError:
        return LanguageModelError(
            f"The language model at {self.address} broke off its reply ({what}). Ask again, or look "
            "into the server's log."
        )

    def _out_of_window(self, words: str) -> LanguageModelError:
        return LanguageModelError(
            f"The language model at {self.address} cannot take in so much text ({words}). Lower "
            "SOURCELINE_LLM_WINDOW_TOKENS to what the model takes."
        )

    def too_long(self) -> LanguageModelError:
        return LanguageModelError(
            f"The language model at {self.address} does not stop writing, and was "
            "ended. Choose another SOURCELINE_LLM_MODEL."
        )

    def shown(self, words: str) -> str:
        """What a server says, fit to be shown: one short line without the key."""
        words = " ".join("".join(c if c.isprintable() else " " for c in words).split())
        if self.key:
            words = words.replace(self.key, "[the key]")
        return words if len(words) <= QUOTED_CHARACTERS else f"{words[:QUOTED_CHARACTERS]} …"
