"""What the merchandiser's pages of walls show, gathered from the faces of the features."""

from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from typing import Any, NamedTuple
from uuid import UUID
from zoneinfo import ZoneInfo

from litestar import Request, Response

from app import catalog, staff, walls
from app.db import Connection
from app.errors import ShopError
from app.http.problems import language_of
from app.pages.rendering import render
from app.walls import proofs
from app.walls.models import Light, Plan, PrintedLabel, Room
from app.walls.rules import by_place, differences

AnyRequest = Request[staff.Person, Any, Any]

USUAL_PROMISE = timedelta(days=28)
CHOICES = 24  # products offered for a position at a time


async def wall_page(
    request: AnyRequest, db: Connection, code: str, wrong: ShopError | None = None
) -> Response[str]:
    """A wall as it is planned, and everything one can do with it."""
    plan = await walls.plan(db, code)
    language = language_of(request)
    editions = await walls.editions(db, plan.wall.id)
    distance = _distance(request, plan.wall.reading_distance_mm)
    zone = ZoneInfo(plan.wall.time_zone)
    return render(
        request,
        "merchandiser/walls/wall.html",
        status=wrong.status if wrong else 200,
        plan=plan,
        products=await _products(db, plan, language),
        categories=await catalog.category_names(db, language),
        editions=editions,
        waiting={edition.number for edition in editions if not edition.printed_at},
        stale=await walls.stale(db, plan.wall.id),
        sites=await walls.sites_of(db, plan.wall.id),
        profiles=await walls.profiles(db),
        distance=distance,
        room=walls.room(distance, request.app.state.settings.base_url, len(plan.positions())),
        posters_in_words=posters_in_words,
        last_day=(datetime.now(UTC).astimezone(zone) + USUAL_PROMISE).date(),
        wrong=wrong,
    )


def posters_in_words(rooms: Sequence[Room]) -> str:
    """`1 × A0, 2 × A1`: the sizes that take the fewest posters, the smallest poster first."""
    fewest = sorted(rooms, key=lambda one: (one.panels_needed or 0, one.width_mm * one.height_mm))
    return ", ".join(f"{one.panels_needed} × {one.format}" for one in fewest[:3])


async def position_page(
    request: AnyRequest,
    db: Connection,
    code: str,
    position_id: UUID,
    words: str,
    wrong: ShopError | None = None,
) -> Response[str]:
    """One place on a shelf, and products to put there."""
    plan = await walls.plan(db, code)
    position = next((one for one in plan.positions() if one.id == position_id), None)
    language = language_of(request)
    shown = await catalog.product(db, position.product_id, language) if position else None
    found = await catalog.ids_after(
        db, shown.category if shown and not words else None, words, "", CHOICES
    )
    return render(
        request,
        "merchandiser/walls/position.html",
        status=wrong.status if wrong else 200,
        plan=plan,
        position=position,
        panel=next(
            (panel for panel in plan.panels if any(position in shelf for shelf in panel.shelves)),
            None,
        ),
        shown=shown,
        words=words,
        choices=list((await catalog.products(db, [row["id"] for row in found], language)).values()),
        wrong=wrong,
    )


async def edition_page(
    request: AnyRequest, db: Connection, code: str, number: int, wrong: ShopError | None = None
) -> Response[str]:
    """One printing: its picture, its proof, and what to do with it."""
    wall = await walls.wall(db, code)
    edition = await walls.edition(db, code, number)
    printing = await walls.progress(db, edition)
    files = await walls.files_of(db, edition) if edition.kind == "wall" else []
    busy = printing.stage in ("waiting", "drawing", "proof") or any(one.busy for one in files)
    before = [
        one
        for one in await walls.editions(db, wall.id)
        if one.number < number and (one.site_id, one.kind) == (edition.site_id, "wall")
    ]
    return render(
        request,
        "merchandiser/walls/edition.html",
        status=wrong.status if wrong else 200,
        headers={"Refresh": "1"} if busy and wrong is None else {},
        wall=wall,
        edition=edition,
        printing=printing,
        files=files,
        profiles=await walls.profiles(db),
        ordered_by=next(
            (one.name for one in await staff.people(db) if one.id == edition.ordered_by), ""
        ),
        site=await walls.site(db, edition.site) if edition.site else None,
        before=before[0] if before else None,
        lit=await _lit(db, wall.id, number, language_of(request)),
        notes=proofs.in_words(edition.proof, language_of(request)) if edition.proof else [],
        wrong=wrong,
    )


class Lit(NamedTuple):
    """A code of an edition: its light, and what is printed beside it; nothing beside the list's."""

    light: Light
    label: PrintedLabel | None
    product: catalog.Product | None


async def _lit(
    db: Connection, wall_id: UUID, number: int, language: str
) -> dict[int, dict[int, list[Lit]]]:
    """Panel → shelf → codes from left to right; shelf 0 is the sign of the list."""
    labels = by_place(await walls.printed_plan(db, wall_id, number))
    ids = list({label.product_id for label in labels.values()})
    products = await catalog.products(db, ids, language)
    lit: dict[int, dict[int, list[Lit]]] = {}
    for light in await walls.lights(db, wall_id, number):
        label = labels.get(light.spot)
        one = Lit(light, label, products.get(label.product_id) if label else None)
        lit.setdefault(light.panel, {}).setdefault(light.shelf, []).append(one)
    return lit


async def compare_page(
    request: AnyRequest, db: Connection, code: str, left: int, right: int
) -> Response[str]:
    """Two editions side by side, and where they differ."""
    wall = await walls.wall(db, code)
    older, newer = await walls.edition(db, code, left), await walls.edition(db, code, right)
    changes = differences(
        await walls.printed_plan(db, wall.id, left), await walls.printed_plan(db, wall.id, right)
    )
    ids = {
        label.product_id for change in changes for label in (change.before, change.after) if label
    }
    return render(
        request,
        "merchandiser/walls/compare.html",
        wall=wall,
        older=older,
        newer=newer,
        changes=changes,
        products=await catalog.products(db, list(ids), language_of(request)),
    )


async def _products(db: Connection, plan: Plan, language: str) -> dict[UUID, catalog.Product]:
    ids: Sequence[UUID] = list({position.product_id for position in plan.positions()})
    return await catalog.products(db, ids, language)


def _distance(request: AnyRequest, usual: int) -> int:
    """What the slider says; whatever else somebody wrote there is the wall's own."""
    asked = request.query_params.get("distance", "")
    if asked.isascii() and asked.isdigit() and len(asked) < 6:
        return min(max(int(asked), 200), 3000)
    return usual
