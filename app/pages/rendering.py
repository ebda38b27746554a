"""Templates in the reader's language. The template's folder is its desk."""

import json
from collections.abc import Mapping
from datetime import date, datetime, timedelta
from functools import cache
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

from babel import Locale
from babel.dates import format_date, format_time
from babel.numbers import format_decimal
from jinja2 import Environment, FileSystemLoader, StrictUndefined, pass_context
from jinja2.runtime import Context
from litestar import Response
from litestar.enums import MediaType
from markupsafe import Markup

from app import customers, languages, loyalty, money
from app.db import new_id
from app.http.problems import AnyRequest, language_of
from app.pages.assets import address_of

FOLDER = Path(__file__).parent
KOREAN = {
    "EEEE d MMMM": "M월 d일 EEEE",
    "EEE d MMM": "M월 d일 (EEE)",
    "d MMM y": "y. M. d.",
    "d MMM": "M월 d일",
}
"""How a form of a day is written in Korean: the month comes first."""


def render(
    request: AnyRequest,
    template: str,
    *,
    status: int = 200,
    headers: Mapping[str, str] | None = None,
    **context: Any,
) -> Response[str]:
    """A page, never cached by anyone but its reader. Every template knows `language`, `user`
    (staff or None), `request_path`, `command` (a fresh command id for a form), `_()` and filters.
    """
    settings = request.app.state.settings
    page = (
        _environment()
        .get_template(template)
        .render(
            language=language_of(request),
            language_names=languages.NAMES,
            user=request.scope.get("user"),
            request_path=request.url.path,
            time_zone=settings.time_zone,
            currency=settings.currency,
            demo=settings.env == "demo",
            points_rate=settings.points,
            has_account=customers.session_of(request) is not None,
            command=new_id,
            **context,
        )
    )
    return Response(
        page,
        status_code=status,
        media_type=MediaType.HTML,
        headers={"Cache-Control": "private, no-store", "Vary": "Cookie, Accept-Language"}
        | dict(headers or {}),
    )


@cache
def _environment() -> Environment:
    environment = Environment(
        loader=FileSystemLoader(FOLDER),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        auto_reload=False,
    )
    environment.globals.update(_=_say, _n=_say_number, asset=address_of, as_json=_as_json)
    environment.filters.update(
        money=_show_money,
        metres=_show_metres,
        figure=_show_figure,
        country=_show_country,
        earns=_points,
        day=_show_day,
        clock=_show_clock,
        last_day=_show_last_day,
        day_at=_show_day_at,
        clock_at=_show_clock_at,
    )
    return environment


@pass_context
def _say(context: Context, sentence: str, **values: object) -> str:
    return languages.translate(context["language"], sentence, **values)


@pass_context
def _say_number(context: Context, one: str, many: str, n: int, **values: object) -> str:
    return languages.translate_number(context["language"], one, many, n, **values)


@pass_context
def _show_money(context: Context, amount: int, currency: str | None = None) -> str:
    return money.show(amount, currency or context["currency"], context["language"])


@pass_context
def _show_figure(context: Context, figure: object) -> str:
    """`10,4` as its reader writes it; what is no number stays as it was written."""
    if isinstance(figure, int | float):
        return str(format_decimal(figure, "0.###", locale=context["language"]))
    return str(figure)


@pass_context
def _show_country(context: Context, code: str) -> str:
    """The name of a country by its two letters; anything else as it was written."""
    return str(Locale.parse(context["language"]).territories.get(code.upper(), code))


@pass_context
def _points(context: Context, paid: int, currency: str) -> int:
    """What so much money for goods earns in this shop; 0 where there are no points."""
    return loyalty.would_earn(paid, currency, context["points_rate"])


@pass_context
def _show_metres(context: Context, millimetres: float) -> str:
    """`0,83` as its reader writes it, without the unit."""
    return str(format_decimal(millimetres / 1000, "0.00", locale=context["language"]))


@pass_context
def _show_day(context: Context, at: datetime | date, form: str = "EEEE d MMMM") -> str:
    """`zaterdag 22 november`, on the clock of the shop (or of `time_zone` in the context)."""
    return _show_day_at(context, at, context["time_zone"], form)


@pass_context
def _show_day_at(
    context: Context, at: datetime | date, zone: str, form: str = "EEEE d MMMM"
) -> str:
    """The same, on the clock of a place; a day without a time is that day everywhere."""
    if context["language"] == "ko":
        form = KOREAN.get(form, form)
    local = at.astimezone(ZoneInfo(zone)) if isinstance(at, datetime) else at
    return format_date(local, form, locale=money.LOCALES[context["language"]])


@pass_context
def _show_last_day(context: Context, until: datetime) -> str:
    """The day before something ends at midnight: what people mean by `until and including`."""
    return _show_day(context, until - timedelta(seconds=1), "d MMM y")


@pass_context
def _show_clock(context: Context, at: datetime) -> str:
    return _show_clock_at(context, at, context["time_zone"])


@pass_context
def _show_clock_at(context: Context, at: datetime, zone: str) -> str:
    local = at.astimezone(ZoneInfo(zone))
    return format_time(local, "HH:mm", locale=money.LOCALES[context["language"]])


def _as_json(value: Any) -> Markup:
    """For `<script type="application/json">`: data for a module, safe inside HTML."""
    text = json.dumps(value, ensure_ascii=False, default=str)
    return Markup(text.replace("<", "\\u003c").replace(">", "\\u003e").replace("&", "\\u0026"))
