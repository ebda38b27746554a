"""A promotion as it is written on a form: what stands in the fields, and what is wrong with them."""

import re
from collections.abc import Callable, Collection, Iterable, Mapping
from datetime import UTC, datetime, time
from decimal import Decimal, InvalidOperation
from typing import Any, TypeVar, get_args
from uuid import UUID
from zoneinfo import ZoneInfo

import msgspec

from app.db import NOTHING
from app.errors import Unprocessable
from app.money import Money, minor_units
from app.pricing import (
    AmountOff,
    Bar,
    Bundle,
    BuyGet,
    Channel,
    FreeDelivery,
    Gift,
    Handover,
    MemberPrice,
    MixAndMatch,
    NForM,
    NthOff,
    Part,
    PercentOff,
    Promotion,
    Rule,
    Step,
    Tiered,
    Where,
    amounts_in,
)

Read = TypeVar("Read")
CHANNELS: tuple[Channel, ...] = get_args(Channel)
HANDOVERS: tuple[Handover, ...] = get_args(Handover)
KINDS: dict[str, type] = {
    "n-for-m": NForM,
    "percent-off": PercentOff,
    "amount-off": AmountOff,
    "nth-off": NthOff,
    "buy-get": BuyGet,
    "mix-and-match": MixAndMatch,
    "bundle": Bundle,
    "tiered": Tiered,
    "gift": Gift,
    "free-delivery": FreeDelivery,
    "member-price": MemberPrice,
}
MOST_PRODUCTS = 2_000


def N_(sentence: str) -> str:
    """Marks a sentence for the catalogues."""
    return sentence


NUMBER = N_("Write a whole number here, 1 or more.")
PERCENT = N_("Write a percentage from 1 to 100.")
AMOUNT = N_("Write an amount like 2.50.")
DAY = N_("Write a day and a time.")
HOUR = N_("Write a time like 16:00.")
UNKNOWN = N_("These numbers are not in the catalogue: {numbers}")
NO_PRODUCT = N_("Write the number of at least one product.")
TOO_MANY = N_("Name at most 2,000 products; for more there are categories and brands.")
WALL = N_("There is no wall with the short code “{wall}”. There are: {known}")
STEPS = N_("Write one step per line, like 6: 10 for ten percent from six.")
PARTS = N_("Write two to six parts, one per line, like 2 x 09521234543213.")


class Wrong(Exception):
    """A field that cannot be taken over."""

    def __init__(self, sentence: str, **values: str) -> None:
        super().__init__(sentence)
        self.sentence, self.values = sentence, values


class Draft(msgspec.Struct):
    """`promotion` is None as long as anything is `wrong`: field → sentence and its values."""

    written: Mapping[str, str]
    promotion: Promotion | None
    wrong: dict[str, tuple[str, dict[str, str]]]


class Fields:
    """The fields of one form, read one after the other; what is wrong is gathered."""

    def __init__(
        self,
        written: Mapping[str, str],
        *,
        currency: str,
        zone: ZoneInfo,
        ids: Mapping[str, UUID],
        walls: Collection[str] = (),
    ) -> None:
        self.written, self.currency, self.zone, self.ids = written, currency, zone, ids
        self.known_walls = walls
        self.wrong: dict[str, tuple[str, dict[str, str]]] = {}

    def text(self, name: str) -> str:
        return self.written.get(name, "").strip()

    def take(self, name: str, read: Callable[[str], Read], instead: Read) -> Read:
        """What `read` makes of a field; `instead`, and a sentence, when it raises Wrong."""
        try:
            return read(self.text(name))
        except Wrong as wrong:
            self.wrong[name] = wrong.sentence, wrong.values
            return instead

    def number(self, name: str, most: int = 999) -> int:
        return self.take(name, lambda text: _whole(text, most, NUMBER), 1)

    def number_or_none(self, name: str, most: int = 10**9) -> int | None:
        return self.number(name, most) if self.text(name) else None

    def percent(self, name: str) -> int:
        return self.take(name, lambda text: _whole(text, 100, PERCENT), 1)

    def amount(self, name: str, *, least: int = 1) -> Money:
        return self.take(name, lambda text: _amount(text, self.currency, least), 1)

    def moment(self, name: str) -> datetime:
        return self.take(
            name, lambda text: _moment(text, self.zone), datetime(2000, 1, 1, tzinfo=UTC)
        )

    def hour(self, name: str) -> time | None:
        return self.take(name, _hour, None)

    def products(self, name: str, *, needed: bool = False) -> frozenset[UUID]:
        return self.take(name, lambda text: self._products(text, needed=needed), frozenset())

    def ticked(self, prefix: str) -> frozenset[str]:
        """Of boxes named `channel_wall`, `channel_web`: those with a tick."""
        return frozenset(
            name.removeprefix(prefix) for name in self.written if name.startswith(prefix)
        )

    def words(self, name: str) -> frozenset[str]:
        parts = (part.strip() for part in re.split(r"[,\n]", self.text(name)))
        return frozenset(part for part in parts if part)

    def _products(self, text: str, *, needed: bool) -> frozenset[UUID]:
        numbers = numbers_in(text)
        if needed and not numbers:
            raise Wrong(NO_PRODUCT)
        if len(numbers) > MOST_PRODUCTS:
            raise Wrong(TOO_MANY)
        unknown = [number for number in numbers if number not in self.ids]
        if unknown:
            raise Wrong(UNKNOWN, numbers=", ".join(unknown[:5]))
        return frozenset(self.ids[number] for number in numbers)


def numbers_in(text: str) -> list[str]:
    """The product numbers in a text, with 14 digits."""
    return [number.rjust(14, "0") for number in re.findall(r"\b[0-9]{8,14}\b", text)]


def all_numbers(written: Mapping[str, str]) -> list[str]:
    """All that any field may name, to be looked up at once."""
    fields = ("numbers", "gets", "gift", "parts")
    return [number for name in fields for number in numbers_in(written.get(name, ""))]


def read(id: UUID, version: int, fields: Fields) -> Draft:
    """The promotion that is written, or what is wrong with it, a sentence per field."""
    name = {
        language: fields.text(f"name_{language}")[:80]
        for language in ("nl", "en", "ko")
        if fields.text(f"name_{language}")
    }
    if not name:
        fields.wrong["name_nl"] = N_("Give it a name for receipts, in one language at least."), {}
    rule = _rule(fields)
    ids = rule.product_ids if isinstance(rule, Bundle) else fields.products("numbers")
    about: dict[str, Any] = {
        "id": id,
        "name": name,
        "rule": rule,
        "product_ids": ids,
        "from_at": fields.moment("from_at"),
        "until_at": fields.moment("until_at") if fields.text("until_at") else None,
        "where": _where(fields),
        "lane": int(fields.text("lane")) if re.fullmatch("[0-9]", fields.text("lane")) else 0,
        "alone": bool(fields.text("alone")),
        "excludes": _ids(fields.ticked("exclude_")),
        "most_per_order": fields.number_or_none("most_per_order", 999),
        "most_per_customer": fields.number_or_none("most_per_customer", 10**6),
        "most_in_total": fields.number_or_none("most_in_total"),
        "version": version,
    }
    if fields.wrong:
        return Draft(fields.written, None, fields.wrong)
    try:
        promotion = Promotion(**about)
    except ValueError as error:
        where = "until_at" if "ends" in str(error) else "lane" if "top" in str(error) else "kind"
        fields.wrong[where] = str(error), {}
        return Draft(fields.written, None, fields.wrong)
    if amounts_in(promotion):
        promotion = msgspec.structs.replace(promotion, currency=fields.currency)
    return Draft(fields.written, promotion, {})


def read_bar(id: UUID, fields: Fields) -> Bar:
    """Raises Unprocessable with a sentence when it says too little."""
    name, hours = fields.text("name")[:80], (fields.hour("from_time"), fields.hour("until_time"))
    age_limit = fields.number_or_none("age_limit", 99)
    categories = fields.ticked("category_")
    if not name:
        raise Unprocessable("Give it a name.")
    if not categories and age_limit is None:
        raise Unprocessable("Say which goods: a category, or from what age on.")
    if (hours[0] is None) != (hours[1] is None):
        raise Unprocessable("Write both hours, or none.")
    if fields.wrong:
        sentence, values = next(iter(fields.wrong.values()))
        told: dict[str, Any] = dict(values)
        raise Unprocessable(sentence, **told)
    channels = frozenset(one for one in CHANNELS if one in fields.ticked("channel_"))
    return Bar(
        id=id,
        name=name,
        categories=categories,
        age_limit=age_limit,
        channels=channels,
        from_time=hours[0],
        until_time=hours[1],
    )


def _rule(fields: Fields) -> Rule:
    """An unknown kind is three for two: the choice is a list, so nobody wrote it."""
    try:
        return _rule_of(fields.text("kind"), fields)
    except ValueError as error:
        fields.wrong["kind"] = str(error), {}
        return NForM(3, 2)


def _rule_of(kind: str, fields: Fields) -> Rule:  # noqa: C901
    match kind:
        case "percent-off":
            return PercentOff(fields.percent("percent"))
        case "amount-off":
            return AmountOff(fields.amount("amount"))
        case "nth-off":
            return NthOff(max(2, fields.number("nth", 100)), fields.percent("percent"))
        case "buy-get":
            gets = fields.products("gets")
            return BuyGet(
                fields.number("buy"), fields.number("get"), fields.percent("percent"), gets
            )
        case "mix-and-match":
            return MixAndMatch(max(2, fields.number("take", 100)), fields.amount("price", least=0))
        case "bundle":
            no_parts: tuple[Part, ...] = ()
            parts = fields.take("parts", lambda text: _parts(text, fields.ids), no_parts)
            return Bundle(parts, fields.amount("price", least=0))
        case "tiered":
            by = "amount" if fields.text("by") == "amount" else "quantity"
            currency = fields.currency if by == "amount" else ""
            no_steps: tuple[Step, ...] = ()
            steps = fields.take("steps", lambda text: _steps(text, currency), no_steps)
            return Tiered("amount" if by == "amount" else "quantity", steps)
        case "gift":
            [gift, *_] = [*fields.products("gift", needed=True), NOTHING]
            return Gift(gift, fields.number("units", 20))
        case "free-delivery":
            return FreeDelivery()
        case "member-price":
            return MemberPrice(fields.amount("price", least=0))
        case _:
            return NForM(max(2, fields.number("take", 100)), fields.number("pay", 99))


def _where(fields: Fields) -> Where:
    return Where(
        brands=fields.words("brands"),
        categories=fields.ticked("category_"),
        walls=fields.take("walls", lambda _: _walls(fields), frozenset()),
        channels=frozenset(one for one in CHANNELS if one in fields.ticked("channel_")),
        handovers=frozenset(one for one in HANDOVERS if one in fields.ticked("handover_")),
        places=_ids(fields.ticked("place_")),
        groups=fields.words("groups"),
        weekdays=frozenset(int(day) for day in fields.ticked("weekday_") if day in set("1234567")),
        from_time=fields.hour("from_time"),
        until_time=fields.hour("until_time"),
        minimum_amount=fields.amount("minimum_amount") if fields.text("minimum_amount") else 0,
        minimum_quantity=fields.number_or_none("minimum_quantity", 999) or 0,
        first_order=bool(fields.text("first_order")),
        coupon=bool(fields.text("coupon")),
    )


def _walls(fields: Fields) -> frozenset[str]:
    """By their short codes; a slip of the pen would be a promotion that never counts."""
    named = fields.words("walls")
    unknown = sorted(named - set(fields.known_walls))
    if unknown:
        raise Wrong(
            WALL, wall=unknown[0][:40], known=", ".join(sorted(fields.known_walls)[:8]) or "–"
        )
    return named


def _ids(ticked: Iterable[str]) -> frozenset[UUID]:
    ids = set()
    for text in ticked:
        try:
            ids.add(UUID(text))
        except ValueError:
            continue  # no box of ours is called like that
    return frozenset(ids)


def _whole(text: str, most: int, sentence: str) -> int:
    if not re.fullmatch(r"[0-9]{1,12}", text) or not 1 <= int(text) <= most:
        raise Wrong(sentence)
    return int(text)


def _amount(text: str, currency: str, least: int) -> Money:
    try:
        amount = minor_units(Decimal(text.replace(",", ".")[:20]), currency)
    except (InvalidOperation, ValueError, OverflowError) as error:
        raise Wrong(AMOUNT) from error
    if not least <= amount <= 10**9:
        raise Wrong(AMOUNT)
    return amount


def _moment(text: str, zone: ZoneInfo) -> datetime:
    try:
        moment = datetime.fromisoformat(text)
    except ValueError as error:
        raise Wrong(DAY) from error
    if not 2000 <= moment.year <= 2200:
        raise Wrong(DAY)
    return (moment if moment.tzinfo else moment.replace(tzinfo=zone)).astimezone(UTC)


def _hour(text: str) -> time | None:
    try:
        return time.fromisoformat(text).replace(tzinfo=None) if text else None
    except ValueError as error:
        raise Wrong(HOUR) from error


def _steps(text: str, currency: str) -> tuple[Step, ...]:
    found = []
    for line in filter(None, map(str.strip, text.splitlines())):
        start, _, percent = line.partition(":")
        begins = (
            _amount(start.strip(), currency, 1) if currency else _whole(start.strip(), 999, STEPS)
        )
        found.append(Step(begins, _whole(percent.strip().rstrip("%").strip(), 100, STEPS)))
    if not 1 <= len(found) <= 10:
        raise Wrong(STEPS)
    return tuple(found)


def _parts(text: str, ids: Mapping[str, UUID]) -> tuple[Part, ...]:
    found = []
    for line in filter(None, map(str.strip, text.splitlines())):
        numbers = numbers_in(line)
        unknown = [number for number in numbers if number not in ids]
        if unknown:
            raise Wrong(UNKNOWN, numbers=", ".join(unknown[:5]))
        quantity = re.match(r"([0-9]{1,2})\s*[x×]", line)
        if not numbers or (quantity and not 1 <= int(quantity[1]) <= 20):
            raise Wrong(PARTS)
        products = frozenset(ids[number] for number in numbers)
        found.append(Part(products, int(quantity[1]) if quantity else 1))
    if not 2 <= len(found) <= 6:
        raise Wrong(PARTS)
    return tuple(found)
