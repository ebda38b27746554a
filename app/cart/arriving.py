"""Somebody comes with a basket from elsewhere: signed in, or from another browser of theirs."""

from typing import Any
from uuid import UUID

import msgspec
from litestar import Request
from litestar.datastructures import Cookie

from app import customers
from app.cart import joining, pairing, reading, tokens
from app.cart.joining import Joined, Occasion
from app.customers.models import Customer
from app.db import Connection

AnyRequest = Request[Any, Any, Any]


class Arrived(msgspec.Struct, frozen=True):
    customer: Customer
    joined: Joined
    cookies: list[Cookie]


async def sign_in(
    request: AnyRequest, db: Connection, link: str, command: UUID, occasion: Occasion
) -> Arrived:
    """By the token of a mailed link; the baskets become one. The same command again is the same.
    Raises Gone."""
    settings = request.app.state.settings
    signed_in = await customers.use(db, settings, link, command)
    here = tokens.of_request(request)
    guest = await reading.of_token(db, here)
    joined = await joining.join(db, signed_in.customer.id, guest, settings.currency, occasion)
    cookies = [customers.cookie(settings, signed_in.token)]
    if await reading.of_token(db, here) != joined.cart_id:
        cookies.append(tokens.cookie(settings, await tokens.give(db, joined.cart_id)))
    return Arrived(signed_in.customer, joined, cookies)


async def sign_out(request: AnyRequest, db: Connection) -> list[Cookie]:
    """The basket stays with its owner, and leaves this browser."""
    settings = request.app.state.settings
    session = customers.session_of(request)
    customer = await customers.of_request(request, db)
    cookies = [customers.cookie(settings, "")]
    if session:
        await customers.sign_out(db, session)
    token = tokens.of_request(request)
    if customer is not None and token is not None:
        await tokens.forget(db, token)
        cookies.append(tokens.cookie(settings, ""))
    return cookies


async def bring(request: AnyRequest, db: Connection, code: str) -> Cookie:
    """What was put into a basket here meanwhile comes along, unless it is a customer's. Raises
    Gone."""
    settings = request.app.state.settings
    brought = await pairing.bring(db, code)
    here = await reading.of_token(db, tokens.of_request(request))
    if here is not None and here != brought:
        customer = await customers.of_request(request, db)
        if customer is not None:
            brought = (await joining.join(db, customer.id, brought, settings.currency)).cart_id
        else:
            await joining.meet(db, here, brought)
    return tokens.cookie(settings, await tokens.give(db, brought))


async def let_see(request: AnyRequest, db: Connection, code: str) -> Cookie | None:
    """The screen that asked sees this browser's basket; whoever has none shows an empty one, for
    others to fill. Raises Gone."""
    cart_id = await reading.of_token(db, tokens.of_request(request))
    if cart_id is not None:
        await pairing.let_see(db, code, cart_id)
        return None
    settings = request.app.state.settings
    cart_id, token = await tokens.open_with(db, settings.currency)
    await pairing.let_see(db, code, cart_id)
    return tokens.cookie(settings, token)
