"""What the merchandiser's pages of promotions show."""

from collections.abc import Mapping, Sequence
from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import UUID
from zoneinfo import ZoneInfo

import msgspec
from litestar import Request, Response

from app import catalog, pricing, staff, stock, walls
from app.db import Connection
from app.errors import NotFound, ShopError
from app.http.problems import language_of
from app.pages.merchandiser.promotions import forms
from app.pages.merchandiser.promotions.forms import Draft
from app.pages.merchandiser.promotions.writing import in_words, written
from app.pages.rendering import render
from app.pricing import Kept, Promotion

AnyRequest = Request[staff.Person, Any, Any]

HOME = "/merchandiser/promotions"
SHOWN = 300
WEEKS = 6
A_MONTH = timedelta(days=30)
NAMED = 4
"""Products of a basket that are named in a preview."""


class Bar(msgspec.Struct, frozen=True):
    """A promotion in the calendar: from which of its days to which, counted from 1."""

    first: int
    last: int
    goes_on: bool


class Preview(msgspec.Struct, frozen=True):
    """A basket to look at, in words."""

    goods: str
    before: int
    total: int
    hint: int
    money_missing: int
    more: int = 0
    """So many more products that are not named."""
    real: bool = False
    """It was sold like this last month."""


async def overview(
    request: AnyRequest, db: Connection, wrong: ShopError | None = None
) -> Response[str]:
    everything = await pricing.all_kept(db, SHOWN)
    now, zone = datetime.now(UTC), _zone(request)
    monday = datetime.now(zone).replace(hour=0, minute=0, second=0, microsecond=0)
    monday -= timedelta(days=monday.weekday())
    published = [one.promotion for one in everything if one.state == "published" and one.promotion]
    current = [one for one in published if one.until_at is None or one.until_at > now]
    days = [monday + timedelta(days=n) for n in range(7 * WEEKS)]
    bars = {one.id: bar for one in current if (bar := _bar(one, days, zone)) is not None}
    return render(
        request,
        "merchandiser/promotions/promotions.html",
        status=wrong.status if wrong else 200,
        wrong=wrong,
        kept_back=await pricing.bars(db),
        categories=await catalog.categories(db, language_of(request)),
        groups=_grouped(everything, now),
        words=_words(request, everything),
        names={one.id: name_of(one.name, language_of(request)) for one in everything},
        faults={one.id: one.fault for one in everything if one.fault}
        | await _faults(request, db, current),
        meetings=pricing.meetings(current)[:50],
        calendar=[one for one in current if one.id in bars],
        bars=bars,
        days=days,
        today=(datetime.now(zone).date() - monday.date()).days + 1,
    )


async def form_page(
    request: AnyRequest,
    db: Connection,
    id: UUID,
    *,
    draft: Draft | None = None,
    wrong: ShopError | None = None,
    status: int = 200,
    simulation: pricing.Simulation | None = None,
) -> Response[str]:
    """A known promotion, or a new one with this id. `draft`: what somebody wrote instead."""
    found = await pricing.kept(db, id)
    promotion = draft.promotion if draft else found.promotion if found else None
    fields = draft.written if draft else await _fields(request, db, promotion)
    language = language_of(request)
    others = [one for one in await pricing.all_kept(db, SHOWN) if one.id != id]
    current = [one.promotion for one in others if one.state == "published" and one.promotion]
    meeting = (
        [m for m in pricing.meetings([promotion, *current]) if m.one == id] if promotion else []
    )
    return render(
        request,
        "merchandiser/promotions/promotion.html",
        status=wrong.status if wrong else status,
        id=id,
        found=found,
        fields=fields,
        kinds=forms.KINDS,
        channels=forms.CHANNELS,
        handovers=forms.HANDOVERS,
        places=await stock.places(db),
        categories=await catalog.categories(db, language),
        others=others,
        names={one.id: name_of(one.name, language) for one in others},
        complaints=draft.wrong if draft else {},
        wrong=wrong,
        sentence=in_words(promotion, language, _currency(request)) if promotion else "",
        previews=await previews(request, db, promotion) if promotion else [],
        faults=(await _faults(request, db, [promotion])).get(id) if promotion else None,
        meetings=meeting,
        versions=await pricing.versions(db, id) if found else [],
        batches=await pricing.batches(db, id) if found else [],
        simulation=simulation,
        saved="saved" in request.query_params,
    )


async def preview_part(request: AnyRequest, db: Connection, draft: Draft) -> Response[str]:
    """The part of the page that follows the typing."""
    promotion = draft.promotion
    language = language_of(request)
    return render(
        request,
        "merchandiser/promotions/preview.html",
        complaints=draft.wrong,
        sentence=in_words(promotion, language, _currency(request)) if promotion else "",
        previews=await previews(request, db, promotion) if promotion else [],
    )


async def previews(request: AnyRequest, db: Connection, promotion: Promotion) -> list[Preview]:
    """Baskets that are made up, then some of last month."""
    now, currency = datetime.now(UTC), _currency(request)
    found = await pricing.samples(db, promotion, now, currency)
    found += await pricing.real_samples(db, promotion, now - A_MONTH, currency)
    ids = {id for sample in found for id, _ in sample.products}
    goods = await catalog.products(db, list(ids), language_of(request))
    names = {id: one.name for id, one in goods.items()}
    return [_preview(sample, names) for sample in found]


def _preview(sample: pricing.Sample, names: Mapping[UUID, str]) -> Preview:
    receipt, hint = sample.receipt, next(iter(sample.receipt.hints), None)
    wanted = {share.product_id for share in receipt.lines if share.discount}
    first = sorted(sample.products, key=lambda one: one[0] not in wanted)[:NAMED]
    return Preview(
        " + ".join(f"{n} × {names.get(id, '–')}" for id, n in first),
        sample.before if sample.real else receipt.subtotal + receipt.fee,
        receipt.total - receipt.deposits,
        hint.missing if hint and not sample.real else 0,
        hint.missing_amount if hint and not sample.real else 0,
        len(sample.products) - len(first),
        sample.real,
    )


async def read(
    request: AnyRequest, db: Connection, id: UUID, version: int, data: Mapping[str, str]
) -> Draft:
    ids = await catalog.ids_by_codes(db, forms.all_numbers(data))
    fields = forms.Fields(
        data,
        currency=_currency(request),
        zone=_zone(request),
        ids=ids,
        walls=[one.code for one in await walls.walls(db)] if data.get("walls") else (),
    )
    return forms.read(id, version, fields)


def read_bar(request: AnyRequest, id: UUID, data: Mapping[str, str]) -> pricing.Bar:
    fields = forms.Fields(data, currency=_currency(request), zone=_zone(request), ids={})
    return forms.read_bar(id, fields)


async def known(db: Connection, id: UUID) -> Kept:
    found = await pricing.kept(db, id)
    if found is None:
        raise NotFound("This promotion is not there.")
    return found


def name_of(names: Mapping[str, str], language: str) -> str:
    return names.get(language) or names.get("en") or next(iter(names.values()), "–")


async def _fields(
    request: AnyRequest, db: Connection, promotion: Promotion | None
) -> Mapping[str, str]:
    """For a new one: three for two, from tomorrow for a week."""
    if promotion is None:
        tomorrow = datetime.now(_zone(request)) + timedelta(days=1)
        week = tomorrow + timedelta(days=7)
        return {
            "kind": request.query_params.get("kind", "n-for-m")[:40],
            "take": "3",
            "pay": "2",
            "from_at": f"{tomorrow:%Y-%m-%d}T00:00",
            "until_at": f"{week:%Y-%m-%d}T00:00",
        }
    wanted = list(pricing.products_of(promotion))
    numbers = {id: one.gtin for id, one in (await catalog.products(db, wanted, "en")).items()}
    return written(promotion, _currency(request), _zone(request), numbers)


async def _faults(
    request: AnyRequest, db: Connection, promotions: Sequence[Promotion]
) -> dict[UUID, str]:
    """Why one gives nothing, or less than it seems."""
    wanted = {id for one in promotions for id in pricing.products_of(one)}
    known = (await catalog.products(db, list(wanted), "en")).keys()
    found = {one.id: pricing.faults(one, known, _currency(request)) for one in promotions}
    return {id: sentences[0] for id, sentences in found.items() if sentences}


def _grouped(everything: Sequence[Kept], now: datetime) -> dict[str, list[Kept]]:
    groups: dict[str, list[Kept]] = {"running": [], "coming": [], "draft": [], "over": []}
    for one in everything:
        over = one.state == "stopped" or (one.until_at is not None and one.until_at <= now)
        coming = one.from_at is not None and one.from_at > now
        group = "draft" if one.state == "draft" else "over" if over else "running"
        groups["coming" if group == "running" and coming else group].append(one)
    return groups


def _words(request: AnyRequest, everything: Sequence[Kept]) -> dict[UUID, str]:
    language, currency = language_of(request), _currency(request)
    return {
        one.id: in_words(one.promotion, language, currency) for one in everything if one.promotion
    }


def _bar(promotion: Promotion, days: Sequence[datetime], zone: ZoneInfo) -> Bar | None:
    first = (promotion.from_at.astimezone(zone).date() - days[0].date()).days + 1
    last = len(days)
    if promotion.until_at is not None:
        ends = promotion.until_at.astimezone(zone) - timedelta(seconds=1)
        last = (ends.date() - days[0].date()).days + 1
    if last < 1 or first > len(days):
        return None
    return Bar(max(1, first), min(last, len(days)), last > len(days) or promotion.until_at is None)


def _zone(request: AnyRequest) -> ZoneInfo:
    return ZoneInfo(request.app.state.settings.time_zone)


def _currency(request: AnyRequest) -> str:
    currency: str = request.app.state.settings.currency
    return currency
