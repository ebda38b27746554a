"""What is on offer in the demo, from yesterday for two weeks."""

from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta
from uuid import UUID, uuid5

import msgspec

from app.demo.goods import Goods
from app.demo.town import TOWN
from app.pricing import (
    AmountOff,
    FreeDelivery,
    NForM,
    NthOff,
    PercentOff,
    Promotion,
    Rule,
    Where,
)


class Offer(msgspec.Struct, frozen=True):
    code: str
    name: dict[str, str]
    rule: Rule
    shelf: str
    count: int


OFFERS_RUN = timedelta(days=14)

OFFERS = (
    Offer(
        "dairy-3-for-2",
        {"nl": "3 halen 2 betalen", "en": "3 for 2", "ko": "3개 사면 1개 무료"},
        NForM(3, 2),
        "dairy",
        6,
    ),
    Offer(
        "korea-week",
        {"nl": "25% Koreaweek", "en": "25% off, Korea week", "ko": "한국 주간 25% 할인"},
        PercentOff(25),
        "korea",
        8,
    ),
    Offer(
        "snacks-2-for-1",
        {"nl": "2 halen 1 betalen", "en": "2 for 1", "ko": "1+1"},
        NForM(2, 1),
        "snacks",
        4,
    ),
    Offer(
        "coffee-one-off",
        {"nl": "€ 1 korting", "en": "€1 off", "ko": "1유로 할인"},
        AmountOff(100),
        "coffee-tea",
        5,
    ),
    Offer(
        "cheese-second-half",
        {"nl": "2e halve prijs", "en": "Second at half price", "ko": "두 번째는 반값"},
        NthOff(2, 50),
        "cheese",
        6,
    ),
)

WELCOME_CODE = "WELKOM5"


def promotions(
    goods: Sequence[Goods], ids: Mapping[str, UUID], from_at: datetime
) -> list[Promotion]:
    return [
        Promotion(
            uuid5(TOWN, offer.code),
            offer.name,
            offer.rule,
            frozenset(ids[one.gtin] for one in _best_of(offer, goods)),
            from_at,
            from_at + OFFERS_RUN,
        )
        for offer in OFFERS
    ]


def for_orders(from_at: datetime) -> list[Promotion]:
    """What is given on a whole order: its delivery, and five euros off the first by a code."""
    return [
        Promotion(
            uuid5(TOWN, "free-delivery"),
            {
                "nl": "Gratis bezorging vanaf € 50",
                "en": "Free delivery from €50",
                "ko": "50유로부터 무료 배송",
            },
            FreeDelivery(),
            frozenset(),
            from_at,
            where=Where(minimum_amount=5000),
            currency="EUR",
        ),
        Promotion(
            uuid5(TOWN, "welcome"),
            {"nl": "€ 5 welkom", "en": "€5 welcome", "ko": "환영 5유로"},
            AmountOff(500),
            frozenset(),
            from_at,
            where=Where(coupon=True, first_order=True, minimum_amount=2500),
            lane=1,
            currency="EUR",
        ),
    ]


def _best_of(offer: Offer, goods: Sequence[Goods]) -> list[Goods]:
    on_shelf = [one for one in goods if one.shelf == offer.shelf and not one.age_limit]
    return sorted(on_shelf, key=lambda one: (-one.popularity, one.gtin))[: offer.count]
