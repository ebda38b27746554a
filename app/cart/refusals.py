"""What could not be done, as a sentence its shopper can act on."""

from typing import assert_never

import msgspec

from app.cart.models import Refusal
from app.errors import Conflict, Gone, NotFound, ShopError, Unprocessable


def in_words(refused: Refusal, state: msgspec.Struct | None = None) -> ShopError:  # noqa: C901  # one case a kind
    """`state` is what holds now, attached for a client that wants to go on from there."""
    match refused:
        case "stale":
            return Conflict(
                "This line was changed elsewhere meanwhile. You see it as it is now.",
                code=refused,
                state=state,
            )
        case "at-most-99":
            return Conflict("You can have at most 99 of one product.", code=refused, state=state)
        case "limited":
            return Conflict(
                "You have as many of this product as one customer may take.",
                code=refused,
                state=state,
            )
        case "too-many-coupons":
            return Conflict(
                "There are ten coupons in your basket. Take one out first.",
                code=refused,
                state=state,
            )
        case "basket-full":
            return Conflict("Your basket is full.", code=refused, state=state)
        case "not-for-sale":
            return Conflict("This product is not for sale now.", code=refused, state=state)
        case "unknown-product":
            return NotFound("We do not know a product with this number.", code=refused)
        case "unknown-label":
            return NotFound(
                "We do not know this code. Please check it on the poster.", code=refused
            )
        case "label-retired":
            return Gone("This poster is no longer in use.", code=refused)
        case "not-open-yet":
            return Conflict("This wall is not open yet.", code=refused, state=state)
        case "product-changed":
            return Conflict(
                "Another product stands here now. Please look before you add it.",
                code=refused,
                state=state,
            )
        case "price-changed":
            return Conflict(
                "The price on this poster no longer holds. Please look before you add it.",
                code=refused,
                state=state,
            )
        case "being-paid":
            return Conflict(
                "This basket is being paid. Finish or cancel the payment first.",
                code=refused,
                state=state,
            )
        case "id-used-otherwise":
            return Unprocessable(
                "This request id was already used for something else. Send it again with a new id.",
                code=refused,
            )
        case _:
            assert_never(refused)
