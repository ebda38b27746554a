"""What each promise of the database is about, in words."""

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


def in_words(name: str, language: Language) -> str:
    """What has no words of its own is shown by its name."""
    return translate(language, WORDS[name]) if name in WORDS else name
