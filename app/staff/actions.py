from collections.abc import Sequence
from uuid import UUID

from app.db import Connection, Pool, begin, new_id
from app.errors import Conflict, NotAllowed, NotFound, NotSignedIn, TooMany
from app.staff import passwords, queries, rules
from app.staff.models import Person, Role


async def sign_in(pool: Pool, login: str, password: str, address: str) -> tuple[str, Person]:
    """A fresh session token and who it is.

    An attempt counts as failed from before the password is looked at until it proved right, so
    that a crowd of guesses at once is limited as well. Raises NotSignedIn, the same for an unknown
    login and a wrong password; TooMany after too many failures of the account or the address.
    """
    login = rules.tidy_login(login)
    account, place = rules.hash_of(f"account {login}"), rules.hash_of(f"address {address}")
    await _take_attempt(pool, account, place)
    known = await queries.credentials(pool, login)
    right = await passwords.fits(password, known.password_hash if known else None)
    if known is None or not right:
        raise NotSignedIn("This name and password do not belong together.", code="wrong-password")
    person = Person(known.id, known.name, known.roles)
    token = rules.new_token()
    async with begin(pool) as db:
        await queries.forget_failures(db, account)
        await queries.give_attempt_back(db, place)
        await queries.start_session(db, rules.hash_of(token), person.id)
        await note(db, person, "sign in", str(person.id))
    return token, person


async def approve(pool: Pool, role: Role, who: str, pin: str, address: str) -> Person:
    """Somebody of this role agrees at another one's screen: by a badge, or by login and PIN. Signs
    nobody in; the act that was agreed to notes both people.

    Raises NotAllowed, the same for an unknown login, a wrong PIN and another role; TooMany after
    too many failures.
    """
    login = rules.tidy_login(who)
    account = rules.hash_of(f"approval {login}")
    place = rules.hash_of(f"approval at {address}")
    await _take_attempt(pool, account, place)
    badge = rules.badge_hash(who) if rules.is_badge(who) else b""
    known = await queries.approver(pool, login, badge)
    by_badge = known is not None and bool(known.by_badge)
    right = by_badge or await passwords.fits(pin, known.pin_hash if known else None)
    if known is None or not right or role not in known.roles:
        raise NotAllowed(
            "That is not the badge, or not the name and PIN, of somebody who may agree to this.",
            code="not-approved",
        )
    async with begin(pool) as db:
        await queries.forget_failures(db, account)
        await queries.give_attempt_back(db, place)
    return Person(known.id, known.name, known.roles)


async def _take_attempt(pool: Pool, account: bytes, place: bytes) -> None:
    fade_s = rules.FAILURES_FADE_AFTER_S
    async with begin(pool) as db:
        free = await queries.take_attempt(db, account, rules.ACCOUNT_FAILURES, fade_s)
        free = free and await queries.take_attempt(db, place, rules.ADDRESS_FAILURES, fade_s)
        if not free:
            wait_s = await queries.seconds_until_fresh(db, [account, place], fade_s)
            raise TooMany(
                "Too many tries. Please wait a quarter of an hour, "
                "or ask an operator for a new password.",
                retry_after_s=max(1, wait_s),
            )


async def sign_out(db: Connection, token: str) -> None:
    """Ends the session of this token, wherever the token may have got to."""
    person_id = await queries.end_session(db, rules.hash_of(token))
    if person_id is not None:
        await queries.write_audit(db, new_id(), person_id, "sign out", str(person_id), "")


async def hire(
    db: Connection, *, name: str, login: str, password: str, roles: Sequence[Role]
) -> UUID:
    """Raises Conflict when the login is taken, Malformed for a password that is too short."""
    rules.check_password(password)
    id = new_id()
    hashed = await passwords.hash_password(password)
    if not await queries.write_person(db, id, name, rules.tidy_login(login), hashed, roles):
        raise Conflict("Somebody has this login already: {login}", login=login, code="login-taken")
    await note(db, None, "hire", str(id))
    return id


async def change_password(db: Connection, login: str, password: str) -> None:
    """Also ends every session the person had: whoever knew the old password is out."""
    rules.check_password(password)
    hashed = await passwords.hash_password(password)
    person_id = await queries.write_password(db, rules.tidy_login(login), hashed)
    if person_id is None:
        raise NotFound("Nobody has this login: {login}", login=login)
    await queries.end_sessions_of(db, person_id)
    await queries.forget_failures(db, rules.hash_of(f"account {rules.tidy_login(login)}"))
    await note(db, None, "change password", str(person_id))


async def change_pin(db: Connection, login: str, pin: str) -> None:
    """Raises Malformed for one that is too easy, NotFound."""
    rules.check_pin(pin)
    hashed = await passwords.hash_password(pin)
    person_id = await queries.write_pin(db, rules.tidy_login(login), hashed)
    if person_id is None:
        raise NotFound("Nobody has this login: {login}", login=login)
    await queries.forget_failures(db, rules.hash_of(f"approval {rules.tidy_login(login)}"))
    await note(db, None, "change pin", str(person_id))


async def new_badge(db: Connection, login: str) -> str:
    """What the card says, told once; the card before it agrees to nothing any more. Raises
    NotFound."""
    badge = rules.new_badge()
    person_id = await queries.write_badge(db, rules.tidy_login(login), rules.badge_hash(badge))
    if person_id is None:
        raise NotFound("Nobody has this login: {login}", login=login)
    await note(db, None, "new badge", str(person_id))
    return badge


async def note(
    db: Connection, person: Person | None, act: str, subject: str, reason: str = ""
) -> None:
    """Write down what staff did, in the transaction in which they did it.

    `subject` is an id, never a name or an address; None as person is the operator at the shell.
    """
    await queries.write_audit(db, new_id(), person.id if person else None, act, subject, reason)


async def seal(pool: Pool) -> None:
    """Chain what was noted since last time, so that a change to it afterwards shows."""
    async with begin(pool) as db:
        if await queries.only_one_seals(db):
            for _ in range(1000):
                if not await queries.seal_next(db):
                    break
