"""A parcel in somebody's hand. Apart from the table: van, desk and till look for one too."""

from app.db import Connection
from app.errors import NotFound
from app.fulfilment.models import Parcel
from app.fulfilment.packing import queries, rules


async def parcel(db: Connection, scanned: str) -> Parcel:
    """By what a scanner read on its label. Raises Malformed, NotFound."""
    found = await queries.by_sscc(db, rules.read_sscc(scanned))
    if found is None:
        raise NotFound("No parcel of ours has this number.")
    return found
