"""One mail per event, in the language of the order, however often the event is heard."""

import socket
from email import message_from_bytes
from email.policy import default

import msgspec
import pytest
from aiosmtpd.controller import Controller

from app import messaging, orders
from app.db import begin
from app.http.bounds import Email
from app.jobs import Event
from app.orders.jobs import mail_writer
from app.orders.letters import SUBJECTS, letter_about
from app.orders.rules import link_token
from tests.orders.test_advance import an_order


class Postbox:
    """A mail server that can be told to be full."""

    def __init__(self):
        self.mails, self.full = [], False

    async def handle_DATA(self, server, session, envelope):
        if self.full:
            return "452 Insufficient system storage"
        self.mails.append(message_from_bytes(envelope.content, policy=default))
        return "250 OK"


@pytest.fixture
def postbox():
    postbox = Postbox()
    with socket.create_server(("127.0.0.1", 0)) as free:
        port = free.getsockname()[1]
    server = Controller(postbox, hostname="127.0.0.1", port=port)
    server.start()
    postbox.url = f"smtp://127.0.0.1:{port}"
    yield postbox
    server.stop()


@pytest.fixture
async def confirmed(pool, settings):
    """An order that has just been confirmed, and the event that tells it."""
    new = an_order()
    async with begin(pool) as db:
        await orders.place(db, new, secret=settings.secret)
        await orders.confirm(db, new.id)
        happened = await db.fetchrow(
            """
            SELECT aggregate, number, aggregate_kind, kind, body, at
              FROM jobs.events WHERE aggregate = $1 AND kind = 'OrderConfirmed'
            """,
            new.id,
        )
    return Event(**happened)


async def write(pool, settings, event):
    async with begin(pool) as db:
        await mail_writer(settings)(db, event)
    return await pool.fetch("SELECT id FROM messaging.messages")


async def test_a_confirmation_carries_the_link_that_opens_the_order(pool, settings, confirmed):
    await write(pool, settings, confirmed)

    async with begin(pool) as db:
        [mail] = await messaging.newest(db)
    link = f"{settings.base_url}/orders/{link_token(settings.secret, confirmed.aggregate)}"
    assert link in mail.body_text
    assert link in mail.body_html
    assert mail.recipient == "min@example.nl"
    assert "bevestigd" in mail.subject


async def test_an_event_heard_twice_is_one_mail(pool, settings, confirmed):
    await write(pool, settings, confirmed)

    assert len(await write(pool, settings, confirmed)) == 1


async def test_a_mail_reaches_the_mail_server_once(pool, settings, confirmed, postbox):
    [row] = await write(pool, settings, confirmed)
    settings = msgspec.structs.replace(settings, smtp_url=postbox.url)

    await messaging.send(pool, row["id"], settings)
    await messaging.send(pool, row["id"], settings)

    [mail] = postbox.mails
    assert mail["To"] == "min@example.nl"
    assert str(row["id"]) in mail["Message-ID"]
    assert mail.get_body(("html",)) is not None


async def test_a_full_mail_server_is_tried_again_with_the_same_mail(
    pool, settings, confirmed, postbox
):
    [row] = await write(pool, settings, confirmed)
    settings = msgspec.structs.replace(settings, smtp_url=postbox.url)
    postbox.full = True
    with pytest.raises(Exception, match="452"):
        await messaging.send(pool, row["id"], settings)

    postbox.full = False
    await messaging.send(pool, row["id"], settings)

    assert len(postbox.mails) == 1


@pytest.mark.parametrize("language", ["nl", "en", "ko"])
async def test_every_mail_is_written_in_every_language(pool, settings, language):
    new = an_order(language=language)
    async with begin(pool) as db:
        await orders.place(db, new, secret=settings.secret)
        order = await orders.read(db, new.id)

    for kind in SUBJECTS:
        letter = letter_about(order, kind, "http://shop.test/orders/x", settings.time_zone)
        words = " ".join([letter.subject, letter.greeting, *letter.paragraphs])
        assert order.number in letter.subject
        assert "{" not in words
        assert (language == "ko") == any("가" <= sign <= "힣" for sign in words)


@pytest.mark.parametrize(
    "written",
    [
        "root,kim@example.org",
        "kim<root@example.org>",
        "all:kim@example.org;",
        "kim@example.org,root",
    ],
)
def test_what_a_mail_would_read_as_somebody_elses_address_is_none(written):
    assert msgspec.convert("kim+shop@example.org", Email) == "kim+shop@example.org"
    with pytest.raises(msgspec.ValidationError):
        msgspec.convert(written, Email)
