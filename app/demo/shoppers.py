"""Who has ordered in the demo, and what: all of them invented, like their streets."""

import msgspec

from app.languages import Language
from app.orders.models import Wish

Choice = tuple[str, int, int]
"""Shelf, place among what sells best there (from 0), and how many."""


class Shopper(msgspec.Struct, frozen=True, kw_only=True):
    name: str
    login: str
    street: str
    house_number: str
    postcode: str
    basket: tuple[Choice, ...]
    city: str = "Utrecht"
    language: Language = "nl"
    note: str = ""
    substitution: Wish = "similar"

    @property
    def email(self) -> str:
        return f"{self.login}@example.org"

    @property
    def phone(self) -> str:
        return f"06 1234 {sum(map(ord, self.login)) % 10_000:04}"


NOOR = Shopper(
    name="Noor de Wit",
    login="noor.de.wit",
    street="Wilgenkade",
    house_number="14",
    postcode="3572 PL",
    basket=(("beer-wine", 0, 6), ("snacks", 0, 2), ("cheese", 1, 1), ("dairy", 0, 3)),
    note="Bel doet het niet, graag kloppen.",
)
JISU = Shopper(
    name="김지수",
    login="kim.jisu",
    street="Tulpsingel",
    house_number="88",
    postcode="3521 AV",
    basket=(("korea", 0, 4), ("korea", 3, 2), ("vegetables", 2, 1), ("drinks", 0, 2)),
    language="ko",
)
BRAM = Shopper(
    name="Bram Visser",
    login="bram.visser",
    street="Molendreef",
    house_number="203 bis",
    postcode="3561 HC",
    basket=(("household", 0, 2), ("coffee-tea", 1, 2), ("pasta-rice", 0, 3)),
    note="Wel de stoep op, niet in de fietsenstalling zetten.",
)
AYSE = Shopper(
    name="Ayşe Kaya",
    login="ayse.kaya",
    street="Lindehof",
    house_number="5",
    postcode="3531 GB",
    basket=(("bread", 0, 2), ("dairy", 1, 3), ("fruit", 0, 1), ("vegetables", 0, 2)),
)
PARK = Shopper(
    name="박민준",
    login="park.minjun",
    street="Spoorgracht",
    house_number="41 C",
    postcode="3511 LM",
    basket=(("frozen", 0, 2), ("korea", 1, 3), ("drinks", 2, 6)),
    language="ko",
    substitution="leave-out",
)
SANNE = Shopper(
    name="Sanne van Dijk",
    login="sanne.van.dijk",
    street="Irisplein",
    house_number="9",
    postcode="3581 XT",
    basket=(("baby", 0, 2), ("fruit", 1, 2), ("meals", 0, 2), ("dairy", 2, 1)),
)
OLIVER = Shopper(
    name="Oliver Hughes",
    login="oliver.hughes",
    street="Haltestraat",
    house_number="130",
    postcode="3513 EB",
    basket=(("breakfast", 0, 1), ("coffee-tea", 0, 3), ("cold-cuts", 0, 1)),
    language="en",
)
FEMKE = Shopper(
    name="Femke Bos",
    login="femke.bos",
    street="Citroenlaan",
    house_number="27",
    postcode="3571 ZK",
    basket=(("meat", 0, 2), ("vegetables", 1, 3), ("sauces", 0, 1), ("beer-wine", 3, 2)),
)
SEOYEON = Shopper(
    name="이서연",
    login="lee.seoyeon",
    street="Vlinderkade",
    house_number="62",
    postcode="3526 KT",
    basket=(("korea", 2, 2), ("fish", 0, 1), ("sweets", 0, 2)),
    language="ko",
    substitution="leave-out",
)
THIJS = Shopper(
    name="Thijs Mulder",
    login="thijs.mulder",
    street="Zeilmakershof",
    house_number="3",
    postcode="3542 DS",
    basket=(
        ("cheese", 1, 2),
        ("dairy", 1, 2),
        ("drinks", 1, 6),
        ("snacks", 1, 4),
        ("frozen", 1, 2),
    ),
)
FATIMA = Shopper(
    name="Fatima el Idrissi",
    login="fatima.el.idrissi",
    street="Lentelaan",
    house_number="71 A",
    postcode="3564 RR",
    basket=(("tins-soups", 0, 4), ("pasta-rice", 1, 2), ("bread", 1, 1)),
)
GIJS = Shopper(
    name="Gijs Vermeulen",
    login="gijs.vermeulen",
    street="Bruggestraat",
    house_number="18",
    postcode="3431 CK",
    city="Nieuwegein",
    basket=(("pets", 0, 2), ("care", 0, 1), ("cheese", 1, 1)),
)
CHAEWON = Shopper(
    name="최채원",
    login="choi.chaewon",
    street="Roospad",
    house_number="55",
    postcode="3515 VN",
    basket=(("flowers", 0, 1), ("sweets", 1, 2)),
    language="ko",
)
LARS = Shopper(
    name="Lars Postma",
    login="lars.postma",
    street="Dorpsweg",
    house_number="3",
    postcode="9711 AA",
    city="Groningen",
    basket=(("coffee-tea", 0, 2), ("sweets", 0, 1), ("beer-wine", 0, 2)),
)
"""Lives where no van comes, and collects on his way home."""
RUBEN = Shopper(
    name="Ruben Smits",
    login="ruben.smits",
    street="Eilandweg",
    house_number="301",
    postcode="3544 NE",
    basket=(("meals", 1, 3), ("drinks", 3, 2)),
)
EMMA = Shopper(
    name="Emma Clarke",
    login="emma.clarke",
    street="Waterlinie",
    house_number="12",
    postcode="3584 BW",
    basket=(("beer-wine", 1, 1), ("cheese", 2, 1), ("bread", 2, 1)),
    language="en",
)
