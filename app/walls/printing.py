"""Editions become posters: drawn in a process of their own, proven, kept as files."""

from collections.abc import Awaitable, Callable, Mapping, Sequence
from datetime import date, datetime
from pathlib import Path
from random import Random
from types import MappingProxyType
from typing import NamedTuple
from uuid import UUID

import asyncpg
import msgspec

import app
from app import catalog, files, jobs
from app.catalog.models import Product
from app.db import Connection, Pool, begin
from app.walls import actions, mending, proofs, queries, rules
from app.walls.models import Edition, Light, PrintedLabel, PrintedPanel, Refusal, Wall
from app.walls.press import actions as press
from app.walls.sites import actions as sites
from qr_walls import apart
from qr_walls import model as poster
from qr_walls.errors import WallError

Progress = Callable[[int, str], Awaitable[None]]
"""Told how much is done, in percent, and what is being done: 'drawing' or 'proof'."""

_FONTS = Path(app.__file__).parent / "pages/node_modules/@expo-google-fonts"
REGULAR = (
    str(_FONTS / "noto-sans/400Regular/NotoSans_400Regular.ttf"),
    str(_FONTS / "noto-sans-kr/400Regular/NotoSansKR_400Regular.ttf"),
    str(_FONTS / "noto-sans-hebrew/400Regular/NotoSansHebrew_400Regular.ttf"),
    str(_FONTS / "noto-sans-arabic/400Regular/NotoSansArabic_400Regular.ttf"),
)
BOLD = (
    str(_FONTS / "noto-sans/700Bold/NotoSans_700Bold.ttf"),
    str(_FONTS / "noto-sans-kr/700Bold/NotoSansKR_700Bold.ttf"),
    str(_FONTS / "noto-sans-hebrew/700Bold/NotoSansHebrew_700Bold.ttf"),
    str(_FONTS / "noto-sans-arabic/700Bold/NotoSansArabic_700Bold.ttf"),
)
# Drawing takes about two thirds of the time, reading all codes again the rest.
_DRAWN_PERCENT = 65


class _Commission(NamedTuple):
    """What the other process is asked to draw, and how large the labels are that it goes over."""

    order: apart.Order
    below: Mapping[mending.Spot, Light] = MappingProxyType({})


async def print_wall(
    pool: Pool,
    code: str,
    *,
    base_url: str,
    last_day: date,
    phone: str = "",
    site: str | None = None,
    publish: bool = False,
    offers: Mapping[UUID, str] | None = None,
    random: Random | None = None,
    progress: Progress | None = None,
) -> Edition:
    """Order an edition, draw it here and now, and publish it if asked and its proof has passed:
    it hangs then, and its site is open.

    Raises Unprocessable with the reason when it cannot be drawn, Conflict when a code on it cannot
    be read. The worker does the same in steps; this is for the shell and for a first start.
    """
    async with begin(pool) as db:
        ordered = await actions.order_edition(
            db,
            code,
            base_url=base_url,
            last_day=last_day,
            phone=phone,
            site=site,
            offers=offers,
            random=random,
            draw_later=False,
        )
    await draw(pool, ordered.id, progress)
    async with begin(pool) as db:
        printed = await actions.edition(db, code, ordered.number)
        if printed.refusal is not None:
            raise rules.in_shop_words(WallError(printed.refusal.sentence, **printed.refusal.values))
        return await hang(db, code, ordered.number) if publish else printed


async def hang(db: Connection, code: str, number: int) -> Edition:
    """Publish an edition that hangs already, and open its site: all in one."""
    published = await actions.publish(db, code, number)
    here = await sites.hang_all(db, published.site)
    if here.state == "hung":
        await sites.open_site(db, here.code)
    return published


async def draw(pool: Pool, edition_id: UUID, progress: Progress | None = None) -> None:
    """Draw and prove an edition that was ordered. Done twice, the first poster stays.

    What is wrong with the plan is kept with the edition for its merchandiser; anything else is
    raised and tried again.
    """
    async with begin(pool) as db:
        commission = await _commission(db, edition_id)
    if commission is None:
        return
    try:
        drawn = await apart.draw(commission.order, progress and _in_percent(progress))
        lights = proofs.lights_of(drawn)
        proofs.check_covers(lights, commission.below)
    except WallError as error:
        async with begin(pool) as db:
            await _refuse(db, edition_id, error)
        return
    try:
        async with begin(pool) as db:
            await _keep(db, edition_id, commission.order, drawn, lights)
    except asyncpg.DiskFullError:
        async with begin(pool) as db:
            await _refuse(db, edition_id, press.no_room())


async def make_file(pool: Pool, id: UUID, progress: Progress | None = None) -> None:
    """Draw and prove a file that was ordered of an edition, for a print shop or as tiles."""
    await press.make(pool, id, _ordered, (REGULAR, BOLD), progress and _in_percent(progress))


async def _commission(db: Connection, edition_id: UUID) -> _Commission | None:
    """Everything the other process has to know; None when it is drawn already."""
    found = await queries.edition_to_draw(db, edition_id)
    if found is None or found[0].printed_at is not None:
        return None
    edition, wall, plan = found
    if edition.kind == "patch":
        return await _patch(
            db, edition, wall, rules.labels_on(msgspec.convert(plan, list[PrintedPanel]))
        )
    return _Commission(await _ordered(db, edition_id))


async def _ordered(db: Connection, edition_id: UUID) -> apart.Order:
    """Of a whole wall, whether it was drawn before or not, with the catalogue's names of today."""
    found = await queries.edition_to_draw(db, edition_id)
    assert found is not None
    edition, wall, plan = found
    panels = msgspec.convert(plan, list[PrintedPanel])
    drawn = rules.as_poster(edition, wall, panels)
    return await _order(db, drawn, wall, rules.labels_on(panels), edition.created_at)


async def _patch(
    db: Connection, edition: Edition, wall: Wall, stickers: Sequence[PrintedLabel]
) -> _Commission:
    """The cells of the posters that hang, with what the stickers say."""
    under = await queries.under_stickers(db, edition.id)
    posters = await queries.posters(db, [one.edition_id for one in under if one.kind == "wall"])
    drawn = rules.as_poster(
        mending.as_printed(edition, posters), wall, mending.mended(stickers, posters, under)
    )
    order = await _order(db, drawn, wall, stickers, edition.created_at)
    return _Commission(
        msgspec.structs.replace(
            order, only=mending.spots(stickers), flagged=mending.flagged(under)
        ),
        mending.drawn_below(posters, under),
    )


async def _order(
    db: Connection,
    drawn: poster.Wall,
    wall: Wall,
    labels: Sequence[PrintedLabel],
    ordered_at: datetime,
) -> apart.Order:
    products = await catalog.products(
        db, list({label.product_id for label in labels}), wall.language
    )
    pictures = await _pictures(db, list(products.values()))
    categories = await catalog.category_names(db, wall.language)
    return apart.Order(
        wall=drawn,
        products=rules.on_labels(labels, wall, products, categories, pictures),
        regular=REGULAR,
        bold=BOLD,
        created_at=ordered_at,
    )


async def _pictures(db: Connection, products: Sequence[Product]) -> dict[str, bytes]:
    names = {product.picture for product in products if product.picture}
    found = {name: await files.fetch(db, name) for name in sorted(names)}
    return {name: file.body for name, file in found.items() if file is not None}


async def _keep(
    db: Connection,
    edition_id: UUID,
    order: apart.Order,
    drawn: apart.Drawn,
    lights: Sequence[Light],
) -> None:
    pdf = await files.keep(db, drawn.pdf, "application/pdf")
    png = await files.keep(db, drawn.png, "image/png")
    sheet = await files.keep(db, drawn.sheet, "application/pdf")
    proof = proofs.proof_of(drawn, sheet)
    if await queries.keep_poster(db, edition_id, pdf, png, proof, lights):
        await jobs.announce(db, aggregate="edition", id=edition_id, number=2, kind="EditionPrinted")
        if drawn.proof.passed:
            await press.poster_is_drawn(db, edition_id, order)


async def _refuse(db: Connection, edition_id: UUID, error: WallError) -> None:
    values = rules.in_shop_words(error).values
    if await queries.keep_refusal(db, edition_id, Refusal(error.sentence, dict(values))):
        await jobs.announce(db, aggregate="edition", id=edition_id, number=2, kind="EditionRefused")


def _in_percent(progress: Progress) -> apart.Progress:
    async def tell(stage: str, done: int, whole: int) -> None:
        share = done / max(whole, 1)
        percent = (
            share * _DRAWN_PERCENT
            if stage == "drawing"
            else (_DRAWN_PERCENT + share * (99 - _DRAWN_PERCENT))
        )
        await progress(int(percent), stage)

    return tell
