"""Nobody forgets a table: the database itself says where a person may stand.

Every table that points at a person, an order or a basket is told and forgotten, or stands in `rules` with
its reason. Then a word is written into every column of these tables that takes one; all of it must be
told, and none of it may be left, but what the books keep.
"""

from uuid import uuid4

import asyncpg
import pytest

from app import files, rights
from app.db import begin, new_id
from app.fulfilment.delivery.door.rules import door_of
from app.pricing import customer_key
from app.rights import queries, rules
from tests.checkout.stage import Stage

WORD, EMAIL = "zsófia-was-here", "zsofia@example.nl"
PERSON = {
    "name": "Zsófia Nagy", "email": EMAIL, "phone": "06 98765432", "street": "Zsófiastraat",
    "house_number": "777 z", "postcode": "3511 AB", "city": "Zsófiastad",
}  # fmt: skip
POINTS_AT_A_PERSON = {
    "email", "phone", "recipient", "customer", "customer_id", "street", "house_number", "signature",
    "order_id", "cart_id", "intent_id", "case_id", "call_id", "request_id", "return_id", "receipt_id",
    "hold_id", "holder", "about", "door", "survivor", "payment_id", "parcel_id", "stop_id", "card_id",
}  # fmt: skip
FINDS_THEM = {
    "email",
    "recipient",
    "house_number",
    "postcode",
    "country",
    "photo",
    "file",
    "sha256",
}
"""Columns by which a person, or a file, is found: left as they are, and looked for by themselves."""
TOLD = {
    *queries.BY_ORDER, *queries.BY_CART, *queries.BY_EMAIL, "messaging.messages", "contact.calls",
    "contact.notes", "fulfilment.door_notes", "pricing.customer_uses",
}  # fmt: skip
WORDS_KEPT = {
    "orders.orders": {"why_cancelled", "receipt"},
    "orders.lines": {"gtin", "name", "picture", "handover", "storage", "vat"},
    "orders.documents": {"seller", "lines", "vat"},
    "checkout.changes": {"lines", "receipt", "made_by"},
    "payments.intents": {"provider", "reference", "address"},
    "payments.captures": {"id", "provider", "reference", "capture"},
    "payments.refunds": {"reason", "reference"},
    "payments.events": {"provider", "event_id", "capture", "currency"},
    "payments.oddities": {"what", "told"},
    "pricing.redemptions": {"code"},
    "returns.requests": {"lines"},
    "returns.refunds": {"provider"},
    "fulfilment.acts": {"action", "details"},
    "fulfilment.fulfilments": {"order_number"},
    "fulfilment.picks": {"short_reason", "storage", "barcode", "names"},
    "fulfilment.parcels": {"shelf", "carrier"},
    "fulfilment.consignments": {"reference"},
    "fulfilment.carrier_facts": {"carrier", "id", "kind"},
    "fulfilment.substitutes": {"gtin", "name", "picture", "storage", "ended_by", "reason", "wish"},
    "cart.lines": {"label", "handover", "added_from"},
    "cart.coupons": {"code"},
    "tills.receipts": {"void_reason"},
}
"""Words that the shop chose, of goods and of money: the reason for their table stands in `rules.KEPT`."""


async def tables(db, kinds=("text", "jsonb")):
    rows = await db.fetch(
        """
        SELECT schema.nspname || '.' || tab.relname AS name, col.attname AS col,
               format_type(col.atttypid, NULL) AS kind, col.attgenerated <> '' AS made
          FROM pg_attribute AS col
          JOIN pg_class AS tab ON tab.oid = col.attrelid AND tab.relkind IN ('r', 'p')
          JOIN pg_namespace AS schema ON schema.oid = tab.relnamespace
         WHERE col.attnum > 0
           AND NOT col.attisdropped
           AND NOT tab.relispartition
           AND schema.nspname !~ '^(pg_|information_schema)'
        """
    )
    found = {}
    for row in rows:
        found.setdefault(row["name"], {})[row["col"]] = None if row["made"] else row["kind"]
    return found


async def test_every_table_that_points_at_a_person_is_told_or_says_why_not(db):
    pointing = {name for name, cols in (await tables(db)).items() if POINTS_AT_A_PERSON & set(cols)}

    unknown = pointing - TOLD - set(rules.NOT_TOLD) - set(rules.NOT_OF_SHOPPERS)
    gone = (set(rules.NOT_TOLD) | set(rules.KEPT) | TOLD | set(WORDS_KEPT)) - set(await tables(db))

    assert unknown == set(), "tell it in rights.queries, or say in rights.rules why not"
    assert gone == set()
    assert TOLD & set(rules.NOT_TOLD) == set()


@pytest.fixture
async def written(shop):
    """Somebody of whom there is a row in every table, each with a word in every column that takes one."""
    stage = await Stage.set_up(shop)
    buyer = await stage.buyer()
    placed = (await buyer.order(**PERSON)).json()
    await buyer.choose(placed, "pay")
    await stage.work()
    async with stage.pool.acquire() as db:
        await db.execute("UPDATE orders.orders SET state = 'delivered', delivered_at = now()")
        await db.execute("SET session_replication_role = replica")  # rows without their neighbours
        await fill(db, stage.settings.secret)
        words = {}
        for name, cols in (await tables(db)).items():
            if name in TOLD | set(rules.NOT_TOLD):
                words[name] = [
                    col for col, kind in cols.items()
                    if kind in ("text", "jsonb") and col not in FINDS_THEM
                    and await takes(db, name, col, kind)
                ]  # fmt: skip
        await db.execute("SET session_replication_role = DEFAULT")
    return stage, words


async def takes(db, name, col, kind):
    value = WORD if kind == "text" else {"said": WORD}
    try:
        async with db.transaction():
            await db.execute(f'UPDATE {name} SET "{col}" = $1', value)  # noqa: S608
    except asyncpg.PostgresError:
        return False  # it holds one of a few words, or a number
    return bool(await db.fetchval(f"SELECT EXISTS (SELECT FROM {name})"))  # noqa: S608


async def fill(db, secret):
    order, cart = await db.fetchrow("SELECT id, cart_id FROM orders.orders")
    intent = await db.fetchval("SELECT id FROM payments.intents")
    one = new_id()
    basket = await db.fetchval("SELECT id FROM cart.carts WHERE state = 'open'")
    photo = await files.keep(db, b"a photo of a door", "image/jpeg")
    door = door_of("NL", "3511AB", PERSON["house_number"])
    await db.execute("UPDATE orders.orders SET postcode = '3511AB'")
    key = customer_key(secret, EMAIL)
    for sql, *values in (
        ("INSERT INTO customers.people (id, email) VALUES ($1, $2)", one, EMAIL),
        ("INSERT INTO customers.links (email, sha256, until_at) VALUES ($1, sha256('a'), now())", EMAIL),
        ("INSERT INTO customers.sessions (token_sha256, customer_id) VALUES (sha256('b'), $1)", one),
        ("INSERT INTO customers.memberships (customer_id, name) VALUES ($1, 'regulars')", one),
        ("INSERT INTO cart.members (customer_id, cart_id) VALUES ($1, $2)", one, basket),
        ("INSERT INTO cart.merges (id, survivor, guest, customer_id, brought, parked) VALUES ($1, $2, $1, $1, '{}', '{}')", one, cart),
        ("INSERT INTO cart.line_notes (cart_id, product_id, text) VALUES ($2, $1, 'x')", one, cart),
        ("INSERT INTO orders.line_notes (order_id, product_id, text) VALUES ($2, $1, 'x')", one, order),
        ("INSERT INTO orders.notes (id, order_id, text) VALUES ($1, $2, 'x')", one, order),
        ("INSERT INTO checkout.changes (id, order_id, state, difference, lines, receipt, made_by, done_at) VALUES ($1, $2, 'made', 0, '[]', '{}', 'shopper', now())", one, order),
        ("INSERT INTO payments.gift_cards (id, code_sha256, ends_with, currency, balance, why, order_id, expires_at) VALUES ($1, sha256('c'), 'ABCD', 'EUR', 5, 'sold', $2, now())", one, order),
        ("INSERT INTO payments.oddities (id, intent_id, what, told) VALUES ($1, $1, 'amount', '{}')", intent),
        ("INSERT INTO pricing.customer_uses (promotion_id, customer, used) VALUES ($1, $2, 1)", one, key),
        ("INSERT INTO pricing.redemptions (order_id, promotion_id, customer, version, in_total) VALUES ($2, $1, $3, 1, false)", one, order, key),
        ("INSERT INTO fulfilment.stops (order_id, id, fulfilment_id, run_id, position, latitude, longitude, arrives_at, shown) VALUES ($2, $1, $1, $1, 1, 52.123456, 5.123456, now(), 'x')", one, order),
        ("INSERT INTO fulfilment.proofs (order_id, stop_id, kind, file, happened_at) VALUES ($2, $1, 'photo', $3, now())", one, order, photo),
        ("INSERT INTO fulfilment.consignments (order_id, parcel_id, fulfilment_id, carrier, track_at) VALUES ($2, $1, $1, 'post', 'https://post.example/1')", one, order),
        ("INSERT INTO fulfilment.door_notes (door, words, by) VALUES ($2, 'x', $1)", one, door),
        ("INSERT INTO returns.requests (id, order_id, cause, lines, kept, state, photo) VALUES ($1, $2, 'damaged', '[]', false, 'done', $3)", one, order, photo),
        ("INSERT INTO returns.returns (id, order_id, cause, channel, amount, currency) VALUES ($1, $2, 'damaged', 'web', 0, 'EUR')", one, order),
        ("INSERT INTO returns.photos (about, file, until) VALUES ($1, $2, now())", one, photo),
        ("INSERT INTO returns.goodwill (id, order_id, amount, reason) VALUES ($1, $2, 5, 'x')", one, order),
        ("INSERT INTO returns.collections (request_id, place_id, slot_id, starts_at, ends_at) VALUES ($1, $1, $1, now(), now() + interval '1 h')", one),
        ("INSERT INTO cases.cases (id, order_id, kind, state, words, learned, due_at, closed_at) VALUES ($1, $2, 'other', 'closed', 'x', 'x', now(), now())", one, order),
        ("INSERT INTO cases.entries (id, case_id, channel, text) VALUES ($1, $1, 'mail', 'x')", one),
        ("INSERT INTO contact.calls (id, agent_id, order_id, reason) VALUES ($1, $1, $2, 'x')", one, order),
        ("INSERT INTO contact.notes (id, call_id, text) VALUES ($1, $1, 'x')", one),
        ("INSERT INTO messaging.messages (id, about, kind, language, recipient, subject, body_text, body_html, channel) VALUES ($1, $2, 'x', 'nl', $3, 'x', 'x', '', 'sms')", one, order, PERSON["phone"]),
        ("INSERT INTO tills.receipts (id, till_id, shift_id, cart_id, order_id, state, void_reason) VALUES ($1, $1, $1, $2, $3, 'void', 'x')", one, cart, order),
    ):  # fmt: skip
        await db.execute(sql, *values)


async def test_all_that_is_written_is_told_and_nothing_is_left_but_the_books(written):
    stage, words = written
    secret, folder = stage.settings.secret, stage.settings.sms_folder
    async with begin(stage.pool) as db:
        told = await rights.tell(db, EMAIL.upper(), secret)

    untold = {
        f"{name}.{col}"
        for name, cols in words.items() if name in TOLD
        for col in cols
        if not any(WORD in str(row.get(col)) for row in told.rows.get(name, ()))
    }  # fmt: skip
    assert untold == set()
    assert sum(map(len, words.values())) > 60, "words were written"
    assert len(told.files) == 1

    command = uuid4()
    for _ in range(2):
        async with begin(stage.pool) as db:
            await rights.forget(db, EMAIL, command, secret, folder)

    async with begin(stage.pool) as db:
        left = await left_over(db)
        again = await rights.tell(db, EMAIL, secret)
        assert await files.fetch(db, next(iter(told.files))) is None
    assert left == set()
    assert again.rows == {}
    emptied = [name for name in told.rows if name not in rules.KEPT]
    async with stage.pool.acquire() as db:
        rows = {name: await db.fetchval(f"SELECT count(*) FROM {name}") for name in emptied}  # noqa: S608
    assert {name for name, count in rows.items() if count} == set()


async def left_over(db):
    """Where any word, name or address of theirs still stands and no reason is given for it."""
    needles = [
        WORD,
        EMAIL,
        *(PERSON[part] for part in ("name", "phone", "street", "house_number", "city")),
    ]
    left = set()
    for name, cols in (await tables(db)).items():
        for col, kind in cols.items():
            if kind not in ("text", "jsonb", "text[]") or col in WORDS_KEPT.get(name, ()):
                continue
            if await db.fetchval(
                f'SELECT EXISTS (SELECT FROM {name} WHERE "{col}"::text ILIKE ANY ($1))',  # noqa: S608
                [f"%{needle}%" for needle in needles],
            ):
                left.add(f"{name}.{col}")
    return {one for one in left if one.rpartition(".")[0] not in rules.NOT_TOLD}
