"""What keeps baskets small."""

from app.cart import queries
from app.cart.queries import pairing
from app.db import Pool, begin


async def forget_changes(pool: Pool) -> None:
    """Steps older than a day: whoever comes back later gets the whole basket anyway."""
    async with begin(pool) as db:
        await queries.forget_changes(db)


async def forget_pairings(pool: Pool) -> None:
    """Codes, looks and shared copies whose time is over."""
    async with begin(pool) as db:
        await pairing.forget_old(db)
