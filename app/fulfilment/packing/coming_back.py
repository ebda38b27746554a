"""The label of a parcel that comes back: the number carriers scan, and where it goes."""

import asyncio
from datetime import UTC, datetime

from app.fulfilment.packing import papers, rules
from app.fulfilment.packing.papers import Label
from app.orders import faces
from app.stock.models import Place


async def print_return_label(
    sscc: str, code: str, word: str, place: Place, base_url: str, language: str
) -> bytes:
    """A PDF of one A6 page. No name and no address of the shopper stands on it: `code` says all to who
    may know it. `word` is what it is, in this language."""
    label = Label(
        sscc=sscc,
        link=rules.link(base_url, sscc),
        order_number=code,
        number=1,
        storage="ambient",
        storage_word=word,
        place=f"{place.street}, {place.postcode} {place.city}",
        window=place.name,
    )
    now = datetime.now(UTC)
    return await asyncio.to_thread(papers.print_labels, [label], faces(), language, now)
