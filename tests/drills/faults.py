"""A line that loses things: a TCP proxy between phones and the shop, with a seed, so that it can be
walked again. Research calls the three faults: an answer lost, a request cut, a piece delayed."""

import asyncio
import contextlib
import random
import socket
import struct

LOST, CUT, DELAYED = 0.10, 0.05, 0.20
LONGEST_S = 0.3


class BadLine:
    def __init__(self, port: int, *, seed: int) -> None:
        self._port = port
        self._random = random.Random(seed)
        self.mended = False
        self.lost = self.cut = self.delayed = 0

    async def open(self) -> "BadLine":
        self._server = await asyncio.start_server(self._connected, "127.0.0.1", 0)
        self.url = f"http://127.0.0.1:{self._server.sockets[0].getsockname()[1]}"
        return self

    def close(self) -> None:
        self._server.close()

    async def _connected(self, reader, writer):
        try:
            there, back = await asyncio.open_connection("127.0.0.1", self._port)
        except OSError:
            _reset(writer)
            return
        ends = (writer, back)
        with contextlib.suppress(OSError, asyncio.CancelledError):
            await asyncio.gather(
                self._carry(reader, back, ends, self._on_the_way),
                self._carry(there, writer, ends, self._on_the_way_back),
            )

    async def _carry(self, reader, writer, ends, faults):
        try:
            while piece := await reader.read(65536):
                if not self.mended and await faults(piece, ends):
                    return
                writer.write(piece)
                await writer.drain()
        finally:
            writer.close()

    async def _on_the_way(self, piece, ends) -> bool:
        if self._random.random() >= CUT:
            return False
        self.cut += 1
        ends[1].write(piece[: len(piece) // 2])
        _reset(ends[1])
        _reset(ends[0])
        return True

    async def _on_the_way_back(self, _, ends) -> bool:
        chance = self._random.random()
        if chance < LOST:  # the shop did it, and the phone never hears
            self.lost += 1
            _reset(ends[0])
            _reset(ends[1])
            return True
        if chance < LOST + DELAYED:
            self.delayed += 1
            await asyncio.sleep(self._random.random() * LONGEST_S)
        return False


def _reset(writer) -> None:
    line = writer.get_extra_info("socket")
    with contextlib.suppress(OSError):
        line.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
    writer.transport.abort()
