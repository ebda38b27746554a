"""A carrier that speaks in files, as most still can: in a folder both sides reach.

`announcements/<sscc>.json` and `label-requests/<sscc>.json` are ours, written in one step, so that
nobody reads half of one. `statuses/*.json` are theirs; what was taken in moves to `statuses/read/`,
what nobody can read to `statuses/wrong/`, where a person finds it.
"""

import asyncio
import os
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from functools import partial
from pathlib import Path
from typing import TypeVar
from uuid import uuid4

import msgspec
import structlog

from app.fulfilment import packing
from app.fulfilment.carriers.models import Announced, Announcement, Fact, ReturnLabel
from app.fulfilment.carriers.port import Unreachable

MOST_AT_ONCE = 50
LARGEST_BYTES = 1_000_000
PATIENCE_S = 5.0
T = TypeVar("T")

log = structlog.get_logger()


class Told(msgspec.Struct):
    """What stands in a file of statuses."""

    facts: list[Fact]


class LabelRequest(msgspec.Struct, frozen=True, kw_only=True):
    sscc: str
    reference: str
    format: str = "A6"
    copies: int = 1


class FileCarrier:
    """One thread of its own reaches the folder: one that hangs, as a network's may, keeps nobody else
    waiting."""

    def __init__(self, folder: Path, name: str = "files") -> None:
        self.folder, self.name = folder, name
        self._told: dict[str, int] = {}
        self._hands = ThreadPoolExecutor(1, thread_name_prefix=f"carrier {name}")

    async def announce(self, parcel: Announcement) -> Announced:
        label = LabelRequest(sscc=parcel.sscc, reference=parcel.sscc)
        await self._reach(lambda: self._write("label-requests", parcel.sscc, label))
        await self._reach(lambda: self._write("announcements", parcel.sscc, parcel))
        return Announced(parcel.sscc)

    async def print_return_label(self, paper: ReturnLabel) -> bytes:
        """Drawn by us: any carrier that reads files reads an SSCC."""
        return await packing.print_return_label(
            paper.sscc, paper.code, paper.word, paper.to, paper.base_url, paper.language
        )

    async def news(self) -> Sequence[tuple[str, Sequence[Fact]]]:
        return await self._reach(lambda: list(self._read()))

    async def heard(self, mark: str) -> None:
        await self._reach(lambda: self._move(mark, "read"))

    async def forget(self, sscc: str) -> None:
        for kind in ("announcements", "label-requests"):
            path = self.folder / kind / f"{sscc}.json"
            await self._reach(partial(path.unlink, missing_ok=True))

    async def _reach(self, do: Callable[[], T]) -> T:
        """Raises Unreachable for a folder that is not there, or does not answer in time."""
        try:
            async with asyncio.timeout(PATIENCE_S):
                return await asyncio.get_running_loop().run_in_executor(self._hands, do)
        except TimeoutError as error:
            raise Unreachable(f"The folder does not answer: {self.folder}") from error
        except OSError as error:
            raise Unreachable(f"{error.strerror}: {error.filename}") from error

    def _write(self, kind: str, sscc: str, what: Announcement | LabelRequest) -> None:
        folder = self.folder / kind
        folder.mkdir(parents=True, exist_ok=True, mode=0o700)
        half = folder / f".{sscc}.{uuid4().hex}"
        try:
            half.write_bytes(msgspec.json.format(msgspec.json.encode(what), indent=2))
            half.replace(folder / f"{sscc}.json")
        finally:
            half.unlink(missing_ok=True)

    def _read(self) -> Iterator[tuple[str, Sequence[Fact]]]:
        folder = self.folder / "statuses"
        if not folder.is_dir():
            return
        names = sorted(entry.name for entry in os.scandir(folder) if _is_status(entry))
        self._told = {name: self._told.get(name, 0) for name in names}
        # What nobody could take in so far comes after what is new.
        for name in sorted(names, key=lambda name: (self._told[name], name))[:MOST_AT_ONCE]:
            self._told[name] += 1
            try:
                with (folder / name).open("rb") as file:
                    body = file.read(LARGEST_BYTES + 1)
                if len(body) > LARGEST_BYTES:
                    raise msgspec.ValidationError("larger than a megabyte")
                yield name, msgspec.json.decode(body, type=Told).facts
            except FileNotFoundError:
                continue  # another worker has taken it in meanwhile
            except (msgspec.DecodeError, UnicodeDecodeError) as error:
                log.error("a carrier's file cannot be read", file=name, why=str(error))
                self._move(name, "wrong")

    def _move(self, name: str, where: str) -> None:
        folder = self.folder / "statuses" / where
        folder.mkdir(exist_ok=True, mode=0o700)
        with suppress(FileNotFoundError):  # another worker has moved it
            (self.folder / "statuses" / name).replace(folder / name)


def _is_status(entry: os.DirEntry[str]) -> bool:
    """Ours to read: a plain file, not the half that is being written, and not a way out of here."""
    return (
        entry.name.endswith(".json")
        and not entry.name.startswith(".")
        and entry.is_file(follow_symlinks=False)
    )
