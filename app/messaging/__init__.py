"""Mail and text messages to people: written once per event, in the transaction it follows from, and
sent afterwards.

`write` takes a `Letter` (words) and makes the mail of it. `send` hands it to the mail server of
`PERRON_SMTP_URL`; without one it stays in the outbox, where a demo shows it. `text` is for phones: a
file for each in `PERRON_SMS_FOLDER`, where a gateway finds it.
"""

from app.messaging.actions import forget_people, send, text, write
from app.messaging.queries import find, forget_addresses, newest

__all__ = ["find", "forget_addresses", "forget_people", "newest", "send", "text", "write"]
