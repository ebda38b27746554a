"""Events reach other people's servers: signed, in order, again and again, and nowhere else."""

import base64
import hashlib
import hmac
from datetime import UTC, datetime, timedelta

import msgspec
import pytest

from app import webhooks
from app.db import begin, new_id
from app.errors import Conflict, Unprocessable
from app.jobs import Event
from app.webhooks.actions import hand_out, send_due
from app.webhooks.calling import Caller
from app.webhooks.rules import check_url, is_public, open_sealed, wait_after
from tests.webhooks.receiver import Receiver

SECRET = "a secret of the tests that is long enough"
URL = "https://localhost/hook"


@pytest.fixture
async def receiver(tmp_path):
    receiver = await Receiver(tmp_path).open()
    yield receiver
    receiver.close()


@pytest.fixture
def caller(receiver):
    here = {"127.0.0.1", "::1"}
    return Caller(allowed=here.__contains__, port=receiver.port, trust=receiver.trust)


@pytest.fixture
async def endpoint(pool):
    async with begin(pool) as db:
        return await webhooks.add(db, URL, ["OrderPlaced", "OrderConfirmed"], SECRET)


async def happened(pool, *kinds, aggregate=None):
    aggregate = aggregate or new_id()
    async with begin(pool) as db:
        for number, kind in enumerate(kinds, 1):
            event = Event(aggregate, number, "order", kind, {"cart": "c"}, datetime.now(UTC))
            await hand_out(db, event)
            await hand_out(db, event)
    return aggregate


async def send_all(pool, caller):
    while await send_due(pool, SECRET, caller):
        pass


async def test_who_wants_to_hear_hears_once_in_order_and_signed(pool, receiver, caller, endpoint):
    order = await happened(pool, "OrderPlaced", "OrderConfirmed", "OrderPacked")

    await send_all(pool, caller)

    bodies = [msgspec.json.decode(body) for _, _, body in receiver.heard]
    assert [body["type"] for body in bodies] == ["OrderPlaced", "OrderConfirmed"]
    assert bodies[0]["data"] == {"cart": "c", "order": str(order), "number": 1}
    _, headers, body = receiver.heard[0]
    assert headers["host"] == "localhost"
    assert verified(endpoint[1], headers, body)
    assert not verified(endpoint[1], headers, body + b" ")


async def test_an_address_whose_secret_cannot_be_read_keeps_no_other_waiting(
    pool, receiver, caller, endpoint
):
    async with begin(pool) as db:
        await webhooks.add(db, URL + "/old", ["OrderPlaced"], "what PERRON_SECRET was a year ago")
    await happened(pool, "OrderPlaced")

    await send_all(pool, caller)

    assert len(receiver.heard) == 1
    said = await pool.fetchval("SELECT answer FROM webhooks.messages WHERE state = 'waiting'")
    assert "give this address a new secret" in said


async def test_while_secrets_are_changed_both_are_good(pool, receiver, caller, endpoint):
    id, old = endpoint
    async with begin(pool) as db:
        new = await webhooks.renew_secret(db, id, SECRET)
    await happened(pool, "OrderPlaced")

    await send_all(pool, caller)

    _, headers, body = receiver.heard[0]
    assert verified(old, headers, body)
    assert verified(new, headers, body)
    kept = await pool.fetchrow("SELECT secret, old_secret FROM webhooks.endpoints")
    assert old.encode() not in kept["old_secret"]
    assert open_sealed(kept["secret"], SECRET) == base64.b64decode(new.removeprefix("whsec_"))


async def test_one_that_is_not_taken_holds_up_its_own_order_alone(pool, receiver, caller, endpoint):
    receiver.answers = [500]
    await happened(pool, "OrderPlaced", "OrderConfirmed")
    await send_all(pool, caller)
    await happened(pool, "OrderPlaced")
    await send_all(pool, caller)
    assert len(receiver.heard) == 1

    await pool.execute("UPDATE webhooks.messages SET due_at = now() WHERE state = 'waiting'")
    await send_all(pool, caller)

    kinds = [msgspec.json.decode(body)["type"] for _, _, body in receiver.heard]
    assert kinds == ["OrderPlaced", "OrderPlaced", "OrderConfirmed"]
    assert len({headers["webhook-id"] for _, headers, _ in receiver.heard}) == 3


async def test_after_three_days_it_is_parked_and_can_be_sent_again(
    pool, receiver, caller, endpoint
):
    receiver.answers = [500]
    order = await happened(pool, "OrderPlaced", "OrderConfirmed")
    await pool.execute(
        "UPDATE webhooks.messages SET first_failed_at = $1, attempts = 20 WHERE number = 1",
        datetime.now(UTC) - timedelta(hours=73),
    )
    await send_all(pool, caller)

    async with begin(pool) as db:
        [parked] = await webhooks.parked(db, 10)
        assert (parked.aggregate, parked.number) == (order, 1)
        assert parked.answer.startswith("HTTP 500 xxx")
        assert await webhooks.replay(db, endpoint[0], order, 1)
        assert not await webhooks.replay(db, endpoint[0], order, 1)
    await send_all(pool, caller)
    assert len(receiver.heard) == 2


async def test_a_redirect_is_not_followed(pool, receiver, caller, endpoint):
    receiver.answers, receiver.location = [302], "https://localhost/elsewhere"
    await happened(pool, "OrderPlaced")

    await send_all(pool, caller)

    assert receiver.heard == []
    [one] = await pool.fetch("SELECT state, answer FROM webhooks.messages")
    assert (one["state"], one["answer"][:8]) == ("waiting", "HTTP 302")


async def test_our_own_network_is_never_called(pool, receiver, endpoint):
    await happened(pool, "OrderPlaced")

    await send_all(pool, Caller(port=receiver.port, trust=receiver.trust))

    assert receiver.heard == []
    assert "not public" in await pool.fetchval("SELECT answer FROM webhooks.messages")


async def test_a_server_with_another_name_is_not_believed(pool, receiver, caller, endpoint):
    await pool.execute("UPDATE webhooks.endpoints SET url = 'https://ip6-localhost/hook'")
    await happened(pool, "OrderPlaced")

    await send_all(pool, caller)

    assert receiver.heard == []


async def test_an_address_is_added_once_and_forgotten_when_removed(pool, endpoint):
    async with begin(pool) as db:
        with pytest.raises(Conflict):
            async with db.transaction():
                await webhooks.add(db, URL, ["*"], SECRET)
        await webhooks.remove(db, endpoint[0])
        assert await webhooks.endpoints(db) == []
        again, _ = await webhooks.add(db, URL, ["*"], SECRET)
    await happened(pool, "SaleStopped")

    async with begin(pool) as db:
        [one] = await webhooks.endpoints(db)
    assert (one.id, one.waiting) == (again, 1)


@pytest.mark.parametrize(
    "address",
    [
        "127.0.0.1", "10.1.2.3", "172.16.0.1", "192.168.1.1", "169.254.169.254", "100.64.0.1",
        "0.0.0.0", "224.0.0.1", "255.255.255.255", "::", "::1", "fe80::1%eth0", "fc00::1", "ff02::1",
        "fec0::1", "::ffff:10.0.0.1", "2002:7f00:1::", "64:ff9b::a00:1", "192.0.2.1", "198.18.0.1", "nonsense",
    ],
)  # fmt: skip
def test_what_is_not_somebody_elses_public_server(address):
    assert not is_public(address)


def test_what_is():
    assert is_public("93.184.216.34")
    assert is_public("2606:2800:220:1:248:1893:25c8:1946")
    assert is_public("::ffff:93.184.216.34")


@pytest.mark.parametrize(
    "url",
    [
        "http://example.org/", "https://example.org:8443/", "https://me:pw@example.org/", "ftp://x",
        "https://", "https://example.org:99999/", "//example.org", "https://e.org/#x", "https://[::1",
        "https://a..b/", "https://e.org/a b", "https://e.org/\x7f", f"https://{'a' * 64}.org/",
    ],
)  # fmt: skip
def test_addresses_we_do_not_call(url):
    with pytest.raises(Unprocessable):
        check_url(url)


@pytest.mark.parametrize("url", ["https://a..b/", "https://127.0.0.1/\x7f", "https://[::1/"])
async def test_an_address_that_cannot_even_be_tried_has_failed_and_keeps_nobody_waiting(
    url, caller
):
    """As it may have been taken in by an earlier version."""
    went = await caller.post(url, b"{}", {})

    assert not went.taken
    assert went.words


def test_tries_spread_over_three_days():
    waits = [wait_after(n, 0.5) for n in range(20)]

    assert waits == sorted(waits)
    assert waits[0] == timedelta(seconds=5)
    assert sum(waits[:17], timedelta()) > timedelta(hours=60)


def verified(secret, headers, body):
    """As the receivers of Standard Webhooks do it."""
    key = base64.b64decode(secret.removeprefix("whsec_"))
    text = f"{headers['webhook-id']}.{headers['webhook-timestamp']}.".encode() + body
    wanted = base64.b64encode(hmac.digest(key, text, hashlib.sha256)).decode()
    return f"v1,{wanted}" in headers["webhook-signature"].split(" ")
