"""Somebody else's server: real HTTPS on this machine, that can be told to fail."""

import asyncio
import ssl

from app.serving.certificate import certificate_for


class Receiver:
    def __init__(self, folder):
        self._certificate, self._key = certificate_for("localhost", folder / "tls")
        self.heard, self.answers, self.location = [], [], ""

    async def open(self):
        own = ssl.create_default_context(ssl.Purpose.CLIENT_AUTH)
        own.load_cert_chain(self._certificate, self._key)
        self._server = await asyncio.start_server(self._answer, "127.0.0.1", 0, ssl=own)
        self.port = self._server.sockets[0].getsockname()[1]
        self.trust = ssl.create_default_context(cafile=str(self._certificate))
        return self

    def close(self):
        self._server.close()

    async def _answer(self, reader, writer):
        try:
            head = (await reader.readuntil(b"\r\n\r\n")).decode().split("\r\n")
            headers = {
                name.lower(): value
                for name, _, value in (line.partition(": ") for line in head[1:])
            }
            body = await reader.readexactly(int(headers["content-length"]))
            status = self.answers.pop(0) if self.answers else 200
            if status == 200:
                self.heard.append((head[0], headers, body))
            more = f"Location: {self.location}\r\n" if self.location else ""
            said = "x" * 5000 if status == 500 else "ok"
            writer.write(
                f"HTTP/1.1 {status} Said\r\nContent-Length: {len(said)}\r\n{more}\r\n{said}".encode()
            )
            await writer.drain()
        except (asyncio.IncompleteReadError, OSError):
            pass
        finally:
            writer.close()
