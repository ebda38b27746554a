"""What each promise of the database is about, and each piece of work behind the scenes, in words."""

from app.languages import Language, translate


def N_(sentence: str) -> str:
    """Marks a sentence for the catalogues."""
    return sentence


WORDS = {
    "audit": N_("What staff looked at and changed is sealed"),
    "awaited": N_("What is promised of goods that still come"),
    "cart_commands": N_("Each tap in a basket counts once"),
    "cart_orders": N_("A basket becomes one order"),
    "carts": N_("Baskets and their lines"),
    "catalogue_codes": N_("Numbers on packs, each of one product"),
    "collections": N_("Orders at the collect desk"),
    "consignments": N_("Parcels with a parcel service"),
    "coupons": N_("Coupons, used as often as they may be"),
    "deliveries": N_("What was handed over, against what was packed"),
    "documents": N_("Invoices and credit notes, without gaps"),
    "doors": N_("What happened at the door"),
    "elsewhere": N_("What other places send"),
    "empties": N_("Empties and their deposit"),
    "exchanges": N_("Exchanges and their difference"),
    "gift_cards": N_("Gift cards and what is on them"),
    "goods_of_returns": N_("Goods that came back"),
    "holds": N_("Places in delivery times that are held"),
    "lines_of_holds": N_("Lines of goods that are held"),
    "order_totals": N_("Totals of orders are the sum of their lines"),
    "outbox": N_("What happened is told to whoever must know"),
    "parcels": N_("Totes and parcels, and what lies in them"),
    "parts": N_("The parts of an order, brought and collected"),
    "payments": N_("Money that came in is an order's, or on its way back"),
    "pick_ups": N_("What is kept for somebody to collect"),
    "pieces_of_returns": N_("Pieces that came back, against what was handed over"),
    "points": N_("Points and their accounts"),
    "price_history": N_("Prices, one at any time"),
    "promises": N_("Exchanges that wait for their goods"),
    "refunds_of_returns": N_("Money that goes back for returns"),
    "returns": N_("Returns, against what was bought"),
    "shelves_of_returns": N_("Returned goods that lie on shelves again"),
    "slot_plans": N_("Delivery times and their plans"),
    "slots": N_("Delivery times are not overbooked"),
    "steps": N_("Each step of a checkout is taken or undone"),
    "stock_aside": N_("Goods that are kept aside"),
    "stock_bounds": N_("Nothing is sold that is not there"),
    "stock_ledger": N_("Stock is what its movements say"),
    "stops": N_("Stops of vans, and what is in them"),
    "substitutes": N_("What was offered instead, and how it ended"),
    "tills": N_("Drawers and receipts of tills"),
    "walls": N_("Walls and their codes"),
}


WORK = {
    "a case of what nobody can send": N_("A case of what nobody can send"),
    "a van that fetches": N_("A van that fetches a return"),
    "credit notes": N_("Credit notes"),
    "invoices": N_("Invoices"),
    "mail about a part": N_("Mail about part of an order"),
    "mail about a part by carrier": N_("Mail about what a carrier brings"),
    "mail about a recall": N_("Mail about a recall"),
    "mail about a return": N_("Mail about a return"),
    "mail about a substitute": N_("Mail about something else instead"),
    "mail about an order": N_("Mail about an order"),
    "mail about another time": N_("Mail about another time"),
    "mail server": N_("Mail server"),
    "mail that it is ready": N_("Mail that it is ready to collect"),
    "money that is held": N_("Money a bank holds for us"),
    "no work for a place": N_("Work that a place need not do any more"),
    "other work for a place": N_("Changed work for a place"),
    "points": N_("Points"),
    "points of what went back": N_("Points of what went back"),
    "receipts of tills": N_("Receipts of tills"),
    "search": N_("Search"),
    "tell when the van comes": N_("When the van comes"),
    "webhooks": N_("Webhooks"),
    "what an order held": N_("What an order held"),
    "what no van fetched": N_("What no van fetched"),
    "work for a place": N_("Work for a place"),
    "better plan for a day": N_("A better plan for a day"),
    "check a catalogue file": N_("Check a catalogue file"),
    "import a catalogue file": N_("Import a catalogue file"),
    "make a print file": N_("Make a print file"),
    "print a wall": N_("Print a wall"),
    "rules for sourcing, tried": N_("Try rules for where orders come from"),
    "test payment notification": N_("Message of the test bank"),
}
"""Who listens to events, and steps, in words."""


def in_words(name: str, language: Language) -> str:
    """What has no words of its own is shown by its name."""
    return translate(language, WORDS[name]) if name in WORDS else name


def work_in_words(name: str, language: Language) -> str:
    return translate(language, WORK[name]) if name in WORK else name
