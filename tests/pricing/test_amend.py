"""What an order costs when it is changed after it was sold."""

from app.pricing import NOBODY, AmountOff, Customer, PercentOff, Setting, Where, price
from app.pricing.amending import amend
from tests.pricing.builders import JEANS, NOON, SHIRT, line, promotion


def changed(receipt, added, promotions):
    kept = {share.key: share.quantity for share in receipt.lines}
    return amend(
        receipt, kept, added, promotions, fee=0, brought=kept, free_from=None, at=NOON,
        setting=Setting(),
    )  # fmt: skip


def test_what_is_added_later_is_no_first_order_of_who_has_ordered_before():
    first = promotion(AmountOff(500), JEANS, where=Where(first_order=True))
    for_all = promotion(PercentOff(10), JEANS, id=101)
    known = Customer(orders=3)

    sold = price([line(SHIRT)], [first, for_all], customer=known, at=NOON)
    new = price([line(SHIRT)], [first], customer=NOBODY, at=NOON)

    assert changed(sold, [line(JEANS)], [first, for_all]).discount == 200
    assert changed(new, [line(JEANS)], [first]).discount == 0
