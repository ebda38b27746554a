import asyncio
from collections.abc import Sequence
from email.message import EmailMessage
from email.utils import formatdate, parseaddr
from typing import Any
from urllib.parse import unquote, urlsplit
from uuid import UUID

import aiosmtplib

from app import jobs
from app.db import Connection, Pool, after_commit
from app.languages import Language
from app.messaging import queries
from app.messaging.gateway import lay_down, take_away
from app.messaging.models import Letter, Message
from app.messaging.rules import as_html, as_text
from app.settings import Settings

TIMEOUT_S = 20


async def write(
    db: Connection, id: UUID, *, about: UUID, kind: str, language: Language, recipient: str,
    letter: Letter, keep: bool = True,
) -> None:  # fmt: skip
    """Write a mail in the transaction it follows from; it is sent afterwards, once. Without `keep` the
    address is forgotten then."""
    message = Message(
        id=id,
        about=about,
        kind=kind,
        language=language,
        recipient=recipient,
        subject=letter.subject,
        body_text=as_text(letter),
        body_html=as_html(letter, language),
        kept=keep,
    )
    if await queries.write(db, message):
        await jobs.announce(
            db, aggregate="message", id=id, number=1, kind="MessageWritten", body={"kind": kind}
        )


async def text(
    db: Connection, id: UUID, *, about: UUID, kind: str, language: Language, phone: str, words: str
) -> None:
    """The same to a phone, for what cannot wait: a sentence and an address to tap."""
    message = Message(
        id=id,
        about=about,
        kind=kind,
        language=language,
        recipient=phone,
        subject=words,
        body_text=words,
        body_html="",
        channel="sms",
    )
    if await queries.write(db, message):
        await jobs.announce(
            db, aggregate="message", id=id, number=1, kind="MessageWritten", body={"kind": kind}
        )


async def send(pool: Pool, id: UUID, settings: Settings) -> None:
    """Hand it to the mail server or the gateway for text messages, or leave it in the outbox where a
    shop has none.

    A mail server that does not answer raises, and it is tried again; a repeat carries the same
    Message-ID, so that mail programs show it once.
    """
    message = await queries.find(pool, id)
    if message is None or message.state == "sent" or not message.recipient:
        return
    if message.channel == "sms":
        await asyncio.to_thread(lay_down, message, settings.sms_folder)
    elif settings.smtp_url:
        await aiosmtplib.send(_mail(message, settings), **_server(settings.smtp_url))
    await queries.note_sent(pool, id)


def _mail(message: Message, settings: Settings) -> EmailMessage:
    domain = parseaddr(settings.mail_from)[1].partition("@")[2] or "localhost"
    mail = EmailMessage()
    mail["From"] = settings.mail_from
    mail["To"] = message.recipient
    mail["Subject"] = message.subject
    mail["Date"] = formatdate()
    mail["Message-ID"] = f"<{message.id}@{domain}>"
    mail["Content-Language"] = message.language
    mail["Auto-Submitted"] = "auto-generated"
    mail.set_content(message.body_text)
    mail.add_alternative(message.body_html, subtype="html")
    return mail


def _server(url: str) -> dict[str, Any]:
    """`smtp://user:password@host:587` (STARTTLS where offered) or `smtps://host:465`."""
    parts = urlsplit(url)
    tls = parts.scheme == "smtps"
    return {
        "hostname": parts.hostname,
        "port": parts.port or (465 if tls else 25),
        "username": unquote(parts.username) if parts.username else None,
        "password": unquote(parts.password) if parts.password else None,
        "use_tls": tls,
        "timeout": TIMEOUT_S,
    }


async def forget_people(db: Connection, about: Sequence[UUID], email: str, sms_folder: str) -> None:
    """Also those that a gateway has not taken yet, as soon as this is committed."""
    gone = await queries.forget_people(db, about, email)
    after_commit(db, lambda: take_away(gone, sms_folder))
