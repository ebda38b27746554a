from uuid import UUID

from app import messaging
from app.customers import queries, rules
from app.customers.letters import letter_with
from app.customers.models import SignedIn
from app.db import Connection, new_id
from app.errors import Gone
from app.languages import Language
from app.settings import Settings


async def ask(
    db: Connection, settings: Settings, email: str, language: Language, goes_to: str
) -> None:
    """Mail a link that signs in. Whether the address is known makes no difference to anybody.

    The link holds for fifteen minutes and once; a newer one takes its place. Where too many were
    asked for lately nothing is sent, and the newest goes on holding.
    """
    email, token, id = rules.tidy(email), rules.new_token(), new_id()
    if not await queries.write_link(
        db, email, rules.hash_of(token), rules.LINK_HOLDS_S, rules.LINKS_AT_ONCE
    ):
        return
    await messaging.write(
        db,
        id,
        about=id,
        kind="SignIn",
        language=language,
        recipient=email,
        letter=letter_with(f"{settings.base_url}/sign-in/{token}{goes_to}", language),
    )


async def find_link(db: Connection, token: str) -> str:
    """Whose mailbox it came to. Looking uses nothing up. Raises Gone."""
    email = await queries.find_link(db, rules.hash_of(token))
    if email is None:
        raise used_up()
    return email


async def use(db: Connection, settings: Settings, token: str, command: UUID) -> SignedIn:
    """A session for who has the mailbox; the same command again gives the same. Raises Gone."""
    email = await queries.use_link(db, rules.hash_of(token), command)
    if email is None:
        raise used_up()
    customer = await queries.person(db, new_id(), email)
    session = rules.session_token(settings.secret, token, command)
    await queries.start_session(db, rules.hash_of(session), customer.id)
    return SignedIn(customer, session)


async def sign_out(db: Connection, token: str) -> None:
    await queries.end_session(db, rules.hash_of(token))


def used_up() -> Gone:
    return Gone(
        "This link has been used, is older than fifteen minutes, or a newer one was sent. "
        "Ask for a new one.",
        code="link-used",
    )
