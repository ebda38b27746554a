"""The OpenAPI document is complete: every operation, its refusals, examples that are accepted."""

import json
import re

import msgspec
import pytest

from app.http import schema
from app.http.bounds import Line, Name, Text
from app.main import create_app
from app.pages.schema.routes import document_of
from app.settings import Settings
from tests.http.nasty import routes
from tests.staff_desk import open_shop


@pytest.fixture(scope="module")
def app(tmp_path_factory):
    """Never opened: what it says of itself needs no database."""
    return create_app(
        Settings(
            home=tmp_path_factory.mktemp("home"),
            secret="s" * 40,
            base_url="http://shop.test",
            database_url="postgres://nowhere",
        )
    )


@pytest.fixture(scope="module")
def document(app):
    return json.loads(msgspec.json.encode(document_of(app)))


def places(document):
    return [
        (f"{method.upper()} {path}", operation)
        for method, path, operation in schema.operations(document)
    ]


def test_it_is_openapi_3_1_with_a_title_and_words(document):
    assert document["openapi"].startswith("3.1")
    assert document["info"]["title"] == "Perron"
    assert "RFC 9457" in document["info"]["description"]


def test_every_operation_says_what_it_is(document):
    silent = [
        place
        for place, operation in places(document)
        if not (operation.get("summary") and operation.get("tags") and operation.get("operationId"))
    ]

    assert silent == []


def test_every_operation_can_be_refused_with_a_problem_document(document):
    for place, operation in places(document):
        assert "503" in operation["responses"], place
        if place.startswith(("POST /api", "PUT /api", "DELETE /api", "PATCH /api")):
            assert {"400", "409", "413", "415", "422"} <= operation["responses"].keys(), place
            names = [parameter["name"] for parameter in operation["parameters"]]
            assert "Idempotency-Key" in names, place


def test_every_body_has_an_example(document):
    for place, operation in places(document):
        for part in [operation.get("requestBody"), *operation["responses"].values()]:
            for media in (part or {}).get("content", {}).values():
                assert "example" in media, place


def test_every_reference_leads_somewhere(document):
    for reference in re.findall(r'"\$ref": "([^"]+)"', json.dumps(document)):
        found = document
        for step in reference.removeprefix("#/").split("/"):
            found = found[step]
        assert found


def test_operation_ids_are_unique(document):
    ids = [operation["operationId"] for _, operation in places(document)]

    assert len(ids) == len(set(ids))


def test_the_example_of_every_request_is_one_the_shop_accepts(app, document):
    described = dict(places(document))
    for method, path, handler in routes(app):
        body = described.get(f"{method} {path}", {}).get("requestBody", {}).get("content", {})
        if "application/json" in body:
            kind = handler.parsed_fn_signature.parameters["data"].annotation
            msgspec.convert(body["application/json"]["example"], kind)


async def test_the_page_and_the_document_come_from_our_own_host_alone(database_url):
    async with open_shop(database_url) as shop:
        page = await shop.visitor.get("/schema")
        document = await shop.visitor.get("/schema/openapi.json")

    assert page.status_code == document.status_code == 200
    assert document.json()["components"]["schemas"]["Problem"]
    assert "<script" not in page.text
    assert re.findall(r'(?:src|href)="(?!/|#)', page.text) == []


@pytest.mark.parametrize("kind", [Line, Name, Text])
@pytest.mark.parametrize("text", ["a\x00b", "\x00", "a\x1b[2J", "x" * 3000, 7, None])
def test_text_with_controls_or_too_much_of_it_is_not_taken(kind, text):
    with pytest.raises(msgspec.ValidationError):
        msgspec.convert(text, kind)


@pytest.mark.parametrize(("kind", "taken"), [(Line, False), (Name, False), (Text, True)])
@pytest.mark.parametrize("text", ["two\nlines", "one\n"])
def test_only_a_text_has_lines(kind, taken, text):
    if taken:
        assert msgspec.convert(text, kind) == text
    else:
        with pytest.raises(msgspec.ValidationError):
            msgspec.convert(text, kind)
