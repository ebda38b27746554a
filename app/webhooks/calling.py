"""Calling somebody else's server without being led back into our own network.

The name is looked up once, every address it has must be public, and the connection goes to the
address that was checked (a second look-up could answer otherwise); the certificate is still checked
against the name. Redirects are not followed, and little of an answer is read.
"""

import asyncio
import socket
import ssl
from collections.abc import Callable, Mapping
from typing import Any
from urllib.parse import urlsplit

from app.webhooks.models import Went
from app.webhooks.rules import is_public

TIMEOUT_S = 10
MOST_OF_AN_ANSWER = 1024


class Caller:
    """`allowed` and `port` are only ever another server's in tests, which have none on the internet;
    `trust` is their certificate."""

    def __init__(
        self,
        *,
        allowed: Callable[[str], bool] = is_public,
        port: int = 443,
        trust: ssl.SSLContext | None = None,
    ) -> None:
        self._allowed = allowed
        self._port = port
        self._trust = trust

    async def post(self, url: str, body: bytes, headers: Mapping[str, str]) -> Went:
        import httpx  # a web process, which never calls anybody, starts faster without

        try:
            host = urlsplit(url).hostname or ""
            async with asyncio.timeout(TIMEOUT_S):
                address = await self._look_up(host)
                if address is None:
                    return Went(False, "its name leads to an address that is not public")
                return await self._call(httpx, url, host, address, body, headers)
        except (httpx.HTTPError, httpx.InvalidURL, OSError, ValueError) as error:
            # ValueError: a name that is none. One address must not keep the others waiting.
            return Went(False, type(error).__name__)

    async def _look_up(self, host: str) -> str | None:
        """The address to call; None when even one of its addresses is not to be called."""
        loop = asyncio.get_running_loop()
        found = await loop.getaddrinfo(host, self._port, type=socket.SOCK_STREAM)
        addresses = [str(one[4][0]) for one in found]
        return addresses[0] if addresses and all(map(self._allowed, addresses)) else None

    async def _call(
        self, httpx: Any, url: str, host: str, address: str, body: bytes, headers: Mapping[str, str]
    ) -> Went:
        literal = f"[{address}]" if ":" in address else address
        parts = urlsplit(url)
        pinned = parts._replace(netloc=f"{literal}:{self._port}").geturl()
        client = httpx.AsyncClient(
            timeout=TIMEOUT_S,
            follow_redirects=False,
            trust_env=False,
            verify=self._trust or ssl.create_default_context(),
        )
        async with (
            client,
            client.stream(
                "POST",
                pinned,
                content=body,
                headers={**headers, "Host": host},
                extensions={"sni_hostname": host},
            ) as answer,
        ):
            said = b""
            async for part in answer.aiter_raw():
                said += part
                if len(said) >= MOST_OF_AN_ANSWER:
                    break
        taken = 200 <= answer.status_code < 300
        return Went(taken, "" if taken else f"HTTP {answer.status_code} {_printable(said)}")


def _printable(said: bytes) -> str:
    text = said[:200].decode("ascii", "replace")
    return "".join(letter if letter.isprintable() else " " for letter in text).strip()
