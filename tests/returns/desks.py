"""The forms of pages that take something back, filled in as their buttons would."""

import re

from tests.staff_desk import employ


def form_of(page):
    """What a page of an offer would send."""
    form = page[page.rindex('name="amount"') - 2000 :]
    return dict(re.findall(r'type="hidden" name="([\w-]+)" value="([^"]*)"', form))


def seen(page):
    return page.replace("\xa0", " ")


async def signed_in(sold, *roles):
    """A browser of somebody who works here."""
    client = sold.stage.browser()
    token, _ = await employ(sold.pool, *roles)
    client.cookies.set("staff", token)
    client.headers["Accept"] = "text/html"
    return client


async def mails(sold):
    await sold.stage.work()
    rows = await sold.pool.fetch("SELECT kind, body_text FROM messaging.messages ORDER BY id")
    return {row["kind"]: row["body_text"].replace("\xa0", " ") for row in rows}
