"""Lines that go another way home, are split and become one again; coupons, notes, limits."""

import pytest

from app import cart
from app.cart.models import (
    NO_EDITION,
    AttachCoupon,
    DetachCoupon,
    HandOver,
    LineKey,
    Merge,
    Note,
    Split,
)
from app.cart.rules import join
from app.db import new_id
from tests.cart.builders import add, open_cart, print_label, put_on_shelf

pytestmark = pytest.mark.usefixtures("everything_holds")


@pytest.fixture
def apply(begin):
    async def apply(*commands):
        async with begin() as db:
            return await cart.apply(db, commands)

    return apply


@pytest.fixture
async def basket(db):
    milk, number = await put_on_shelf(db, price=250)
    return await open_cart(db), milk, number


def hand_over(id, milk, version, to, **more):
    line = LineKey(milk, more.pop("handover", "delivery"), more.pop("edition_id", NO_EDITION))
    kind = Split if "quantity" in more else HandOver
    return kind(id=new_id(), cart_id=id, line=line, version=version, handover=to, **more)


async def ways(db, id):
    rows = await db.fetch(
        "SELECT handover, quantity FROM cart.lines WHERE cart_id = $1 ORDER BY handover", id
    )
    return {row["handover"]: row["quantity"] for row in rows}


async def test_a_whole_line_goes_another_way_and_joins_what_goes_that_way(db, basket, apply):
    id, milk, _ = basket
    await apply(add(id, milk, 3), add(id, milk, 2, handover="carry-out"))

    [outcome] = await apply(hand_over(id, milk, 2, "carry-out"))

    assert (outcome.refused, outcome.version, outcome.count) == (None, 3, 5)
    assert outcome.line.quantity == 5
    assert await ways(db, id) == {"carry-out": 5}


async def test_two_are_carried_out_and_one_is_sent_home(db, basket, apply):
    id, milk, _ = basket
    await apply(add(id, milk, 3, handover="carry-out"))

    split = hand_over(id, milk, 1, "delivery", handover="carry-out", quantity=1)
    outcomes = await apply(split, split)

    assert outcomes[0] == outcomes[1]
    assert await ways(db, id) == {"carry-out": 2, "delivery": 1}


async def test_all_of_a_product_becomes_one_line_again(db, basket, apply):
    id, milk, _ = basket
    for handover in ("delivery", "collect", "carry-out"):
        await apply(add(id, milk, 2, handover=handover))

    merge = Merge(id=new_id(), cart_id=id, product_id=milk, version=3, handover="collect")
    [outcome] = await apply(merge)

    assert outcome.line.quantity == 6
    assert await ways(db, id) == {"collect": 6}


async def test_a_posters_price_goes_along(db, basket, apply):
    id, milk, number = basket
    label, edition = await print_label(db, milk, number, price=200)
    await apply(add(id, label=label))

    await apply(hand_over(id, milk, 1, "collect", edition_id=edition))

    row = await db.fetchrow("SELECT * FROM cart.lines WHERE cart_id = $1", id)
    assert (row["handover"], row["printed_price"], row["label"]) == ("collect", 200, label)


async def test_what_has_changed_since_or_is_not_there_is_not_moved(db, basket, apply):
    id, milk, _ = basket
    await apply(add(id, milk, 3), add(id, milk))

    outcomes = await apply(
        hand_over(id, milk, 1, "collect"),
        hand_over(id, milk, 2, "collect", quantity=9),
        hand_over(id, milk, 2, "collect", handover="carry-out"),
        Merge(id=new_id(), cart_id=id, product_id=new_id(), version=2, handover="collect"),
    )

    assert [outcome.refused for outcome in outcomes] == ["stale"] * 4
    assert await ways(db, id) == {"delivery": 4}


async def test_a_line_never_grows_over_99_by_moving(db, basket, apply):
    id, milk, _ = basket
    await apply(add(id, milk, 60), add(id, milk, 60, handover="collect"))

    [outcome] = await apply(hand_over(id, milk, 2, "collect"))

    assert outcome.refused == "at-most-99"
    assert await ways(db, id) == {"collect": 60, "delivery": 60}


async def test_coupons_are_kept_in_order_and_once_each(db, basket, apply):
    id, _, _ = basket
    show = [AttachCoupon(id=new_id(), cart_id=id, code=code) for code in ("B-1", "A-1", "B-1")]
    await apply(*show)
    await apply(DetachCoupon(id=new_id(), cart_id=id, code="B-1"))
    await apply(AttachCoupon(id=new_id(), cart_id=id, code="C-1"))

    assert (await cart.read(db, id, "en")).coupons == ["A-1", "C-1"]


async def test_ten_coupons_are_enough(basket, apply):
    id, _, _ = basket

    outcomes = await apply(
        *(AttachCoupon(id=new_id(), cart_id=id, code=f"CODE-{n}") for n in range(11))
    )

    assert [outcome.refused for outcome in outcomes] == [None] * 10 + ["too-many-coupons"]


async def test_the_last_note_stands(db, basket, apply):
    id, _, _ = basket
    await apply(*(Note(id=new_id(), cart_id=id, text=text) for text in ("green", "ripe")))

    read = await cart.read(db, id, "en")

    assert (read.note, read.version) == ("ripe", 2)
    told = await db.fetchval("SELECT string_agg(body::text, '') FROM cart.changes")
    assert "ripe" not in told


async def test_a_word_about_one_product_stays_with_it_wherever_it_goes(db, basket, apply):
    id, milk, _ = basket
    line, wine = LineKey(milk, "delivery", NO_EDITION), (await put_on_shelf(db, price=500))[0]
    note = Note(id=new_id(), cart_id=id, text="the freshest", line=line)
    await apply(add(id, milk, 2), note)
    [twice] = await apply(note)

    await apply(hand_over(id, milk, 2, "carry-out"))
    read = await cart.read(db, id, "en")
    gone = Note(id=new_id(), cart_id=id, text="red", line=LineKey(wine, "delivery", NO_EDITION))
    [stale] = await apply(gone)
    there = LineKey(milk, "carry-out", NO_EDITION)
    [taken_away] = await apply(Note(id=new_id(), cart_id=id, text="", line=there))

    assert [(one.handover, one.note) for one in read.lines] == [("carry-out", "the freshest")]
    assert (read.version, twice.version, twice.line.quantity) == (3, 2, 2)
    assert (stale.refused, taken_away.refused) == ("stale", None)
    assert [one.note for one in (await cart.read(db, id, "en")).lines] == [""]
    told = await db.fetchval("SELECT string_agg(body::text, '') FROM cart.changes")
    assert "freshest" not in told


async def test_a_customer_has_no_more_than_the_limit_over_all_lines(db, basket, apply):
    id, milk, _ = basket
    await db.execute("UPDATE catalog.products SET most_per_basket = 4 WHERE id = $1", milk)

    outcomes = await apply(
        add(id, milk, 3),
        add(id, milk, 2, handover="collect"),
        add(id, milk, 1, handover="collect"),
        add(id, milk, 1),
        add(id, milk, -1),
        add(id, milk, 1),
    )
    [later] = await apply(add(id, milk, 1))

    assert [outcome.refused for outcome in outcomes] == [
        None,
        "limited",
        None,
        "limited",
        None,
        None,
    ]
    assert later.refused == "limited"


async def test_the_basket_says_who_must_be_at_the_door(db, basket, apply):
    id, milk, _ = basket
    beer, _ = await put_on_shelf(db)
    await db.execute("UPDATE catalog.products SET age_limit = 18 WHERE id = $1", beer)
    await apply(add(id, milk))
    before = await cart.read(db, id, "en")
    await apply(add(id, beer))

    assert (before.age_limit, (await cart.read(db, id, "en")).age_limit) == (None, 18)


async def test_an_update_does_not_disturb_what_was_sent_before_there_were_stickers(basket):
    """The mark of a plain addition is the one that is kept from before the update."""
    from app.cart.batch import fingerprint
    from app.commands import fingerprint as of_anything

    command = add(None, basket[1], id=new_id())
    asked = {
        "do": "add", "id": str(command.id), "quantity": 1, "label": "", "gtin": "",
        "product_id": str(command.product_id), "handover": "delivery",
        "edition_id": str(NO_EDITION), "seen_product": None, "seen_price": None,
        "added_from": "web",
    }  # fmt: skip

    assert fingerprint(command) == of_anything(asked)


def test_a_full_basket_takes_of_another_what_still_fits():
    a, b = (LineKey(new_id()) for _ in range(2))
    others = {LineKey(new_id()): 99 for _ in range(10)}

    joining = join({**others, a: 5}, {a: 3, b: 4}, {})

    assert (joining.brought, joining.left_out) == ({a: 3, b: 1}, 3)


def test_a_limit_holds_for_baskets_that_meet_as_well():
    milk, beer = LineKey(new_id()), LineKey(new_id())

    joining = join({milk: 3}, {milk: 3, beer: 1}, {milk.product_id: 4})

    assert (joining.after, joining.left_out) == ({milk: 4, beer: 1}, 2)
