"""How far it really is, by a routing server of one's own: OSRM or Valhalla. One that is slow, broken
or talks nonsense is not asked for a while, and what is usual counts instead."""

import asyncio
import math
import time
from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING, Any, TypeAlias, assert_never

import msgspec

from app.logs import log
from app.routing import roads as straight
from app.routing.models import Matrix, Roads, Spot

if TYPE_CHECKING:
    import httpx

TIMEOUT_S = 5.0
TRIES = 3
"""Failures one after the other until a server is left alone ..."""
REST_S = 60.0
"""... for so long; then it is asked once more."""
AT_ONCE = 50
"""Sources and targets in a question: both servers refuse more than a hundred places by default."""
LARGEST_ANSWER = 16 * 1024 * 1024
FARTHEST = 10_000_000
"""Metres or seconds; no van is away for longer."""


class Osrm(msgspec.Struct, frozen=True):
    """`GET /table/v1/driving/…` of osrm-routed 5 (Project OSRM, HTTP API)."""

    url: str


class Valhalla(msgspec.Struct, frozen=True):
    """`POST /sources_to_targets` of Valhalla 3 (Time-Distance Matrix service)."""

    url: str


Server: TypeAlias = Osrm | Valhalla
Cell: TypeAlias = float | None
Rows: TypeAlias = list[list[Cell]]


class Nonsense(Exception):
    """An answer that is no table of distances."""


class Circuit:
    """Whether a server may be asked: closed after success, open after TRIES failures for REST_S."""

    def __init__(self, now: Callable[[], float] = time.monotonic) -> None:
        self._now, self._failures, self._opened_at = now, 0, 0.0

    @property
    def closed(self) -> bool:
        return self._failures < TRIES or self._now() - self._opened_at >= REST_S

    def note(self, *, answered: bool) -> None:
        self._failures = 0 if answered else self._failures + 1
        self._opened_at = self._now()


class Maps:
    """The servers of a shop, in the order they are asked; remembers which of them are ill. Without
    any, every way is reckoned."""

    def __init__(
        self,
        *servers: Server,
        timeout_s: float = TIMEOUT_S,
        now: Callable[[], float] = time.monotonic,
    ) -> None:
        self._timeout_s = timeout_s
        self._servers = [(server, Circuit(now)) for server in servers]

    @classmethod
    def at(cls, osrm_url: str, valhalla_url: str) -> "Maps":
        servers: list[Server] = [Osrm(osrm_url)] if osrm_url else []
        return cls(*servers, *([Valhalla(valhalla_url)] if valhalla_url else []))

    async def measure(self, spots: Sequence[Spot], roads: Roads) -> Matrix | None:
        """Metres and seconds from each spot to each, with the start of every drive; None when no
        server answers. Where a server knows no way, it is reckoned by `roads`."""
        import httpx  # a process that never asks starts faster without

        for server, circuit in self._servers:
            if not circuit.closed:
                continue
            try:
                async with asyncio.timeout(self._timeout_s * (1 + len(spots) / AT_ONCE)):
                    far, took = await self._table(server, spots)
            except (Nonsense, OSError, TimeoutError, httpx.HTTPError, httpx.InvalidURL) as error:
                circuit.note(answered=False)
                log.warning(
                    "a routing server failed", server=kind(server), error=type(error).__name__
                )
            else:
                circuit.note(answered=True)
                return _matrix(spots, roads, far, took)
        return None

    async def _table(self, server: Server, spots: Sequence[Spot]) -> tuple[Rows, Rows]:
        import httpx

        places = [degrees(spot) for spot in spots]
        blocks = [range(n, min(n + AT_ONCE, len(places))) for n in range(0, len(places), AT_ONCE)]
        far: Rows = [[None] * len(places) for _ in places]
        took: Rows = [[None] * len(places) for _ in places]
        async with httpx.AsyncClient(timeout=self._timeout_s) as client:
            for sources in blocks:
                for targets in blocks:
                    block = await _ask(client, server, places, sources, targets)
                    for row, metres, seconds in zip(sources, *block, strict=True):
                        far[row][targets.start : targets.stop] = metres
                        took[row][targets.start : targets.stop] = seconds
        return far, took


def kind(server: Server) -> str:
    return type(server).__name__.lower()


def degrees(spot: Spot) -> tuple[float, float]:
    """Latitude and longitude of a spot on the globe."""
    x, y, z = spot
    return math.degrees(math.atan2(z, math.hypot(x, y))), math.degrees(math.atan2(y, x))


async def _ask(
    client: "httpx.AsyncClient",
    server: Server,
    places: Sequence[tuple[float, float]],
    sources: range,
    targets: range,
) -> tuple[Rows, Rows]:
    match server:
        case Osrm(url):
            found = await _osrm(client, url, places, sources, targets)
        case Valhalla(url):
            found = await _valhalla(client, url, places, sources, targets)
        case _:
            assert_never(server)
    for rows in found:
        _check(rows, len(sources), len(targets))
    return found


async def _osrm(
    client: "httpx.AsyncClient",
    url: str,
    places: Sequence[tuple[float, float]],
    sources: range,
    targets: range,
) -> tuple[Rows, Rows]:
    asked = [places[n] for n in sources]
    first = 0
    if sources != targets:
        first = len(asked)
        asked += [places[n] for n in targets]
    way = ";".join(f"{longitude:.6f},{latitude:.6f}" for latitude, longitude in asked)
    query = {
        "annotations": "duration,distance",
        "sources": ";".join(map(str, range(len(sources)))),
        "destinations": ";".join(str(first + n) for n in range(len(targets))),
    }
    answer = await _json(client, "GET", f"{url.rstrip('/')}/table/v1/driving/{way}", params=query)
    if answer.get("code") != "Ok":
        raise Nonsense
    return answer.get("distances"), answer.get("durations")


async def _valhalla(
    client: "httpx.AsyncClient",
    url: str,
    places: Sequence[tuple[float, float]],
    sources: range,
    targets: range,
) -> tuple[Rows, Rows]:
    def located(numbers: range) -> list[dict[str, float]]:
        return [{"lat": round(places[n][0], 6), "lon": round(places[n][1], 6)} for n in numbers]

    body = {
        "sources": located(sources),
        "targets": located(targets),
        "costing": "auto",
        "units": "kilometers",
    }
    answer = await _json(client, "POST", f"{url.rstrip('/')}/sources_to_targets", json=body)
    rows = answer.get("sources_to_targets")
    try:
        far = [[_metres(cell["distance"]) for cell in row] for row in rows]
        took = [[cell["time"] for cell in row] for row in rows]
    except (KeyError, TypeError) as error:
        raise Nonsense from error
    return far, took


def _metres(kilometres: float | None) -> float | None:
    return None if kilometres is None else 1000 * kilometres


async def _json(client: "httpx.AsyncClient", method: str, url: str, **asked: Any) -> Any:
    content = bytearray()
    async with client.stream(method, url, **asked) as answer:
        if answer.status_code != 200:
            raise Nonsense
        async for part in answer.aiter_bytes():
            content += part
            if len(content) > LARGEST_ANSWER:
                raise Nonsense
    try:
        found = msgspec.json.decode(content)
    except msgspec.DecodeError as error:
        raise Nonsense from error
    if not isinstance(found, dict):
        raise Nonsense
    return found


def _check(rows: Any, height: int, width: int) -> None:
    if not isinstance(rows, list) or len(rows) != height:
        raise Nonsense
    for row in rows:
        if not isinstance(row, list) or len(row) != width or not all(map(_is_cell, row)):
            raise Nonsense


def _is_cell(cell: Any) -> bool:
    number = isinstance(cell, int | float) and not isinstance(cell, bool)
    return cell is None or (number and 0 <= cell <= FARTHEST)


def _matrix(spots: Sequence[Spot], roads: Roads, far: Rows, took: Rows) -> Matrix:
    metres, seconds = [], []
    for one, far_row, took_row in zip(spots, far, took, strict=True):
        ways, times = [], []
        for other, way, time_s in zip(spots, far_row, took_row, strict=True):
            if way is None or time_s is None:
                ways.append(straight.metres(roads, one, other))
                times.append(straight.seconds(roads, ways[-1]))
            else:
                ways.append(math.ceil(way))
                times.append(math.ceil(time_s) + roads.start_s if way else 0)
        metres.append(ways)
        seconds.append(times)
    return Matrix(metres, seconds)
