from app import catalog
from app.catalog.models import Product
from app.db import Connection, Pool, begin
from app.search import queries, rules
from app.search.models import Found

AT_A_TIME = 2000
CLOSE_ONES = 12


async def find(
    db: Connection,
    words: str,
    language: str,
    *,
    category: str | None = None,
    limit: int = 24,
    page: int = 1,
) -> Found:
    """What is for sale and has all these words in its names, brand, category or numbers, in any
    language; without words, all of it. Best first, `page` counts from 1."""
    patterns, beginning = rules.patterns(words), rules.beginning(words)
    offset = (page - 1) * limit
    ids, total = await queries.with_words(db, patterns, beginning, category, limit, offset)
    close = not total and page == 1 and bool(words.strip())
    if close:
        ids = await queries.close_to(db, rules.folded(words), CLOSE_ONES)
        total = len(ids)
    products = await catalog.products(db, ids, language)
    return Found([products[id] for id in ids if id in products], total, close and bool(ids))


async def shown_by(db: Connection, language: str) -> dict[str, Product]:
    """Category → the product it is pictured by; only those in which something is for sale."""
    best = await queries.best_of_each_category(db)
    products = await catalog.products(db, list(best.values()), language)
    return {category: products[id] for category, id in best.items() if id in products}


async def refresh(pool: Pool) -> None:
    """Any number of workers may do this at once; what has not changed costs one look."""
    async with begin(pool) as db:
        await queries.forget_renamed(db)
    done = AT_A_TIME
    while done == AT_A_TIME:
        async with begin(pool) as db:
            done = await queries.write_stale(db, AT_A_TIME)
