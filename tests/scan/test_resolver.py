"""The shop as a resolver of GS1 Digital Links: what programs are told, and phones never notice."""

import re

import pytest

from app.scan import linksets
from app.scan.models import Code
from qr_walls import digital_link, gtin
from tests.cart.builders import print_label, put_on_shelf

HTML = {"Accept": "text/html", "Accept-Language": "en"}
LINKSET = {"Accept": "application/linkset+json", "Accept-Language": "en"}
VOC = "https://ref.gs1.org/voc/"

# What GS1's own schema of a linkset demands of addresses, languages and media types.
ADDRESS = re.compile(r"https?://[a-zA-Z0-9./]+")
HREFLANG = re.compile(r"\w{2}(-\w{2})?")


@pytest.fixture
async def milk(db):
    id, number = await put_on_shelf(db, price=250)
    token, _ = await print_label(db, id, number)
    return id, number, token


async def test_a_linkset_lists_every_link_of_the_printed_number(shop, db, milk):
    id, number, token = milk

    by_header = await shop.get(f"/{token}/01/{number}", headers=LINKSET)
    by_query = await shop.get(f"/{token}/01/{number}?linkType=linkset", headers=HTML)
    everything = await shop.get(f"/{token.lower()}/01/{number}?linkType=all")

    assert by_header.status_code == by_query.status_code == everything.status_code == 200
    assert by_header.headers["content-type"].startswith("application/linkset+json")
    assert by_header.json() == by_query.json()
    [context] = everything.json()["linkset"]
    assert context["anchor"] == f"http://shop.test/01/{number}"
    assert context[f"{VOC}defaultLink"][0]["href"] == f"http://shop.test/{token}/01/{number}"
    assert context[f"{VOC}pip"][0]["href"] == f"http://shop.test/products/{id}"
    assert context[f"{VOC}masterData"][0]["type"] == "application/json"
    assert f"{VOC}nutritionalInfo" not in context  # nothing is known of that
    for relation in set(context) - {"anchor", "description"}:
        for target in context[relation]:
            assert ADDRESS.match(target["href"])
            assert target["title"]
            assert all(HREFLANG.fullmatch(one) for one in target.get("hreflang", []))


async def test_every_link_leads_to_something(shop, milk):
    _, number, token = milk
    [context] = (await shop.get(f"/{token}/01/{number}", headers=LINKSET)).json()["linkset"]

    for relation in set(context) - {"anchor", "description"}:
        for target in context[relation]:
            answer = await shop.get(target["href"], headers={"Accept": target["type"]})
            assert answer.status_code == 200
            assert answer.headers["content-type"].startswith(target["type"])


@pytest.mark.parametrize("name", ["gs1:pip", "pip", f"{VOC}pip", "https://gs1.org/voc/pip"])
async def test_a_link_type_redirects_for_now_and_passes_the_question_on(shop, milk, name):
    id, number, token = milk
    asked = {"linkType": name, "17": "261231", "w": "a b"}

    answer = await shop.get(f"/{token}/01/{number}", params=asked, headers=HTML)

    assert answer.status_code == 307
    assert answer.headers["location"] == f"http://shop.test/products/{id}?17=261231&w=a+b"
    assert answer.headers["cache-control"] == "public, max-age=60"
    assert {"accept", "accept-language"} <= set(answer.headers["vary"].lower().split(", "))
    assert 'rel="linkset"' in answer.headers["link"]


async def test_the_default_link_is_the_page_on_the_wall(shop, milk):
    _, number, token = milk

    answer = await shop.get(f"/{token}/01/{number}?linkType=gs1:defaultLink", headers=HTML)

    assert answer.status_code == 307
    assert answer.headers["location"] == f"http://shop.test/{token}/01/{number}"


async def test_a_phone_gets_the_page_as_ever_with_the_way_to_the_links(shop, milk):
    _, number, token = milk

    page = await shop.get(f"/{token}/01/{number}", headers=HTML)
    plain = await shop.get(f"/01/{number}", headers={"Accept": "*/*"})

    assert page.status_code == plain.status_code == 200
    assert f"Milk {number}" in page.text
    same = digital_link.canonical(digital_link.DigitalLink(number))
    link = page.headers["link"]
    assert f'<http://shop.test/{token}/01/{number}?linkType=linkset>; rel="linkset"' in link
    assert f'<{same}>; rel="owl:sameAs"' in link
    assert "accept" in page.headers["vary"].lower().split(", ")
    [linkset] = re.findall(r'<([^>]+)>; rel="linkset"', link)
    assert (await shop.get(linkset)).status_code == 200


async def test_the_resolver_answers_for_what_was_printed_not_for_what_is_sold_now(shop, db, milk):
    _, number, token = milk
    oats, _ = await put_on_shelf(db)
    await db.execute("SELECT set_config('session_replication_role', 'replica', false)")
    await db.execute("UPDATE walls.labels SET product_id = $1 WHERE token = $2", oats, token)
    await db.execute("SELECT set_config('session_replication_role', 'origin', false)")

    [context] = (await shop.get(f"/{token}/01/{number}", headers=LINKSET)).json()["linkset"]

    assert context["anchor"].endswith(number)
    assert context["description"] == f"Milk {number}"


async def test_a_number_without_a_label_resolves_too(shop, milk):
    id, number, _ = milk

    links = await shop.get(f"/01/{number}", headers=LINKSET)
    slash = await shop.get(f"/01/{number}/", headers=LINKSET)
    pip = await shop.get(f"/01/{number}?linkType=gs1:pip")

    assert links.json() == slash.json()
    assert pip.headers["location"] == f"http://shop.test/products/{id}"


async def test_a_lot_or_a_serial_leads_to_its_product(shop, milk):
    id, number, _ = milk
    serial = f"/01/{number}/10/ABC%2F1/21/12345"

    page = await shop.get(f"{serial}?17=261231", headers=HTML)
    links = await shop.get(serial, headers=LINKSET)
    pip = await shop.get(f"{serial}?linkType=gs1:pip")

    assert page.status_code == 307
    assert page.headers["location"] == f"http://shop.test/01/{number}?17=261231"
    assert f'<https://id.gs1.org{serial}>; rel="owl:sameAs"' in page.headers["link"]
    assert links.status_code == 200
    assert links.json()["linkset"][0]["anchor"] == f"http://shop.test/01/{number}"
    assert pip.headers["location"] == f"http://shop.test/products/{id}"


MALFORMED = [
    "/01/{number}/10",
    "/01/{number}/21/A/10/B",
    "/01/{number}/89/ABC",
    "/01/{number}/10/{long}",
    "/01/{number}?linkType=all&17=261399",
    "/01/{number}?linkType=all&10=A",
    "/01/{thirteen}?linkType=all",
    "/01/{wrong}?linkType=all",
    "/01/letters?linkType=all",
    "/{token}/01/{wrong}?linkType=all",
    "/short/01/{number}?linkType=all",
]


@pytest.mark.parametrize("path", MALFORMED)
async def test_a_malformed_address_is_refused_with_a_reason(shop, milk, path):
    _, number, token = milk
    wrong = number[:-1] + str((int(number[-1]) + 1) % 10)
    made = path.format(number=number, token=token, wrong=wrong, thirteen=number[1:], long="A" * 21)

    answer = await shop.get(made, headers=LINKSET)

    assert answer.status_code == 400
    assert answer.headers["content-type"].startswith("application/problem+json")
    assert answer.json()["detail"]


async def test_what_is_unknown_or_retired_is_said_by_the_status_too(shop, db, milk):
    id, number, token = milk
    retired, _ = await print_label(db, id, number, state="retired")
    nobody = gtin.demo(999_999_999)

    for headers in (HTML, LINKSET):
        for address, status in [
            (f"/01/{nobody}", 404),
            (f"/0000000/01/{number}", 404),
            (f"/{retired}/01/{number}", 410),
            (f"/{token}/01/{number}?linkType=gs1:recipeInfo", 404),
            (f"/01/{nobody}?linkType=all", 404),
            (f"/{retired}/01/{number}?linkType=all", 410),
        ]:
            if headers is LINKSET or "?" in address:
                answer = await shop.get(address, headers=headers)
                assert (answer.status_code, address) == (status, address)
                assert answer.headers["cache-control"] == "private, no-store"
                assert "link" not in answer.headers


async def test_asking_changes_nothing(shop, db, milk):
    _, number, token = milk
    shop.app.state.scans._sums.clear()

    for address in (f"/{token}/01/{number}?linkType=all", f"/{token}/01/{number}?linkType=pip"):
        got, head = await shop.get(address), await shop.head(address)
        assert (got.status_code, got.headers.get("location")) == (
            head.status_code,
            head.headers.get("location"),
        )
        assert head.content == b""
        assert "set-cookie" not in got.headers

    assert shop.app.state.scans._sums == {}
    assert await db.fetchval("SELECT count(*) FROM cart.carts") == 0


async def test_the_shop_says_what_it_resolves(shop):
    answer = await shop.get("/.well-known/gs1resolver")

    assert answer.headers["content-type"].startswith("application/json")
    assert answer.headers["access-control-allow-origin"] == "*"
    described = answer.json()
    assert described["resolverRoot"] == "http://shop.test"
    assert described["supportedPrimaryKeys"] == ["01"]
    assert described["supportedLinkType"] == [{"namespace": VOC, "prefix": "gs1:"}]


def test_numbers_of_one_shop_alone_are_never_called_the_worlds():
    own, worlds = gtin.read("2012345678903"), gtin.demo(7)

    assert "owl:sameAs" not in said_of(own)
    assert "owl:sameAs" in said_of(worlds)


def said_of(number):
    link = digital_link.DigitalLink(number)
    return linksets.link_header(Code(gtin=number), link, "http://shop.test")


@pytest.mark.parametrize(
    ("link_type", "accept", "wanted"),
    [
        ("", "text/html", ""),
        ("", "*/*", ""),
        ("", "text/html, application/linkset+json;q=0.5", "linkset"),
        ("", "application/linkset+json;q=0, text/html", ""),
        ("", "APPLICATION/LINKSET+JSON", "linkset"),
        ("all", "text/html", "linkset"),
        ("gs1:pip", "application/linkset+json", "pip"),
        ("schema:url", "", "schema:url"),
    ],
)
def test_what_is_asked_for_decides_not_who_asks(link_type, accept, wanted):
    assert linksets.wanted(link_type, accept) == wanted
