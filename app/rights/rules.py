"""What stays when a person is forgotten, and by which law; the rest goes."""

from collections.abc import Mapping

BOOKS = (
    "Books and invoices are kept for seven years (AWR, art. 52(4)), and so are not erased before "
    "(AVG, art. 17(3)(b))."
)
MONEY = (
    "Payments are part of the books (AWR, art. 52); they name a person by our order number alone."
)
GOODS = (
    "Which goods went out and came back is part of the books (AWR, art. 52); no person is named."
)
ALONE = "Ids and numbers that lead to nobody once the order names nobody (AVG, recital 26)."
TRAIL = "Who of the shop did what is kept so that it can be shown (AVG, art. 5(2) and 24)."
SOON = "Emptied at once, and deleted by itself within a day."

KEPT: Mapping[str, str] = {
    "orders.orders": BOOKS + " Name, address, telephone, mail and remarks are taken away.",
    "orders.lines": BOOKS,
    "orders.documents": BOOKS,
    "orders.elsewhere": GOODS,
    "payments.intents": MONEY,
    "payments.captures": MONEY,
    "payments.takings": MONEY,
    "payments.refunds": MONEY,
    "payments.events": MONEY,
    "payments.oddities": MONEY,
    "payments.gift_cards": MONEY + " The note on a card is taken away.",
    "payments.gift_ledger": MONEY,
    "payments.test_payments": MONEY,
    "payments.test_events": MONEY,
    "payments.test_refunds": MONEY,
    "returns.returns": GOODS + " What was written and photographed is taken away.",
    "returns.requests": GOODS + " What was written and photographed is taken away.",
    "returns.lines": GOODS,
    "returns.units": GOODS,
    "returns.refunds": MONEY,
    "returns.goodwill": MONEY + " What was written is taken away.",
    "returns.labels": GOODS,
    "returns.collections": GOODS,
    "returns.empties": MONEY,
    "tills.receipts": BOOKS,
    "tills.drawer": BOOKS,
    "tills.copies": BOOKS,
    "tills.exchanges": ALONE,
    "tills.overrides": BOOKS,
    "pricing.redemptions": ALONE,
    "fulfilment.fulfilments": GOODS,
    "fulfilment.picks": GOODS,
    "fulfilment.parcels": GOODS,
    "fulfilment.contents": GOODS,
    "fulfilment.refusals": GOODS,
    "fulfilment.desk_refusals": GOODS,
    "fulfilment.collections": GOODS,
    "fulfilment.substitutes": GOODS,
    "fulfilment.second_tries": ALONE,
    "fulfilment.stops": ALONE + " Where the door was is made as coarse as a kilometre.",
    "fulfilment.proofs": ALONE + " Picture and words are taken away.",
    "fulfilment.consignments": GOODS + " The carrier's page about it is taken away.",
    "fulfilment.carrier_facts": GOODS,
    "fulfilment.acts": TRAIL,
    "checkout.attempts": ALONE,
    "checkout.changes": GOODS + " What was written is taken away.",
    "sourcing.decisions": GOODS,
    "sourcing.unfilled": GOODS,
    "stock.holds": ALONE,
    "stock.ledger": GOODS,
    "stock.hold_lines": ALONE,
    "stock.awaited": ALONE,
    "slots.holds": ALONE,
    "cases.cases": ALONE + " What was written is taken away.",
    "contact.calls": TRAIL + " What the caller said is taken away.",
    "cart.carts": ALONE,
    "cart.changes": SOON,
    "cart.coupons": ALONE,
    "cart.lines": ALONE,
}
"""By table: rows stay, and why. A table of people that does not stand here is emptied of them."""

NOT_TOLD: Mapping[str, str] = {
    "cart.pairings": "Codes of minutes; nothing but a hash.",
    "cart.tokens": "What a browser is known by; only hashes of it are kept.",
    "cart.views": "Looks into a basket that end by themselves; only hashes.",
    "cart.saved": "Lines put aside, of the account's basket; told with its lines.",
    "payments.test_payments": "The books of the test provider, which is nobody.",
    "payments.test_events": "The books of the test provider, which is nobody.",
    "payments.test_refunds": "The books of the test provider, which is nobody.",
    "stock.holds": "Goods put aside for an order, told with its lines.",
    "stock.ledger": "How goods moved; told with the order's lines.",
    "stock.hold_lines": "Goods put aside for an order, told with its lines.",
    "stock.awaited": "Goods awaited for an order, told with its lines.",
    "slots.holds": "Room in a van for an order, told with its time.",
    "slots.doors": "Where a van stops best, under the hash of a door.",
    "sourcing.decisions": "How much each of our shops had; nothing of the person.",
    "sourcing.unfilled": "Which goods no shop had; told with the order's lines.",
    "checkout.attempts": "Steps on the way to an order, told with it.",
    "tills.drawer": "Coins in and out of a drawer; told with the receipt.",
    "tills.overrides": "Another price for a line; told with the order's lines.",
    "tills.exchanges": "What lay on a counter; told as a return.",
    "fulfilment.contents": "Which goods lay in which parcel; told with the picks.",
    "payments.gift_ledger": "Movements of a card; told with its payments.",
    "payments.takings": "Money on its way; told with the payments.",
    "returns.units": "Sums per line; told with the order's lines.",
    "orders.pick_ups": "Where and when a part is collected; told with the order's parts.",
    "orders.desk_holds": "Goods put aside for a desk, told with the order's lines.",
    "slots.door_times": "How long it takes at a door, under its hash.",
    "orders.elsewhere": "Which shop sent a line; told with the order's lines.",
}
"""Tables that point at a person and say nothing that is not told elsewhere."""

NOT_OF_SHOPPERS: Mapping[str, str] = {
    "stock.places": "Streets and postcodes of the shop's own places.",
    "walls.editions": "The shop's telephone number, printed on a poster.",
}
"""Tables with such columns in which no shopper stands."""
