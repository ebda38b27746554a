"""The OpenAPI document, completed with what every answer of this shop has in common.

The framework describes each handler; refusals, command ids, closed objects and examples are the
same everywhere, so they are added here, once.
"""

from collections.abc import Iterator, Mapping
from typing import Any

import msgspec

from app.http import examples
from app.http.problems import CODES, MEDIA_TYPE, SENTENCES, Problem

Json = dict[str, Any]

OWN_ADDRESSES = ("/api/", "/health/", "/files/", "/metrics", "/01/", "/.well-known/")
"""Pages are for people; the document is for programs."""
INSTANCE = "urn:uuid:01890a5d-ac96-774b-bcce-b302099a8057"

ALWAYS = (400, 429, 503)
WITH_A_NAME_IN_THE_PATH = (404,)
OF_CHANGES = (403, 409, 413, 415, 422)
OF_STAFF = (401, 403)

COMMAND_ID: Json = {
    "name": "Idempotency-Key",
    "in": "header",
    "required": False,
    "description": "A new UUID for every change, the same one for every repeat of it: it acts once "
    "and is answered alike. Required unless the body carries the id of its command.",
    "schema": {"type": "string", "format": "uuid"},
    "example": "01890a5d-ac96-774b-bcce-b302099a8057",
}

DESCRIPTION = """\
Refusals are problem documents (RFC 9457) with a stable `code` and one sentence for a person, in
the language of `Accept-Language`. Every answer carries `X-Request-Id`, which finds it in the log.
JSON is read strictly as UTF-8 `application/json`; of a name that stands twice the last one counts.
Money is an integer of the smallest unit of its currency; times are UTC."""


def complete(document: Json, permissions: Mapping[str, str]) -> Json:
    """The document of the framework, ready to be published; changes and returns it."""
    document["info"]["description"] = DESCRIPTION
    document["paths"] = {
        path: item
        for path, item in sorted(document["paths"].items())
        if path.startswith(OWN_ADDRESSES)
    }
    components = document.setdefault("components", {})
    schemas = components.setdefault("schemas", {})
    schemas["Problem"] = _problem_schema()
    components["responses"] = {CODES[status]: _refusal(status) for status in CODES}
    _close_objects(schemas)
    for method, path, operation in operations(document):
        needed = permissions.get(f"{method.upper()} {path}", "everyone")
        _complete_operation(method, path, operation, schemas, needed)
    return document


def operations(document: Json) -> Iterator[tuple[str, str, Json]]:
    for path, item in document["paths"].items():
        for method in ("get", "put", "post", "delete", "patch"):
            if method in item:
                yield method, path, item[method]


def _complete_operation(
    method: str, path: str, operation: Json, schemas: Json, needed: str
) -> None:
    operation.setdefault("tags", [_tag_of(path)])
    if sentence := operation.get("description", "").split(". ")[0].split("\n\n")[0]:
        operation["summary"] = " ".join(sentence.split()).rstrip(".")
    changes = method != "get" and path.startswith("/api/")
    if changes:
        operation.setdefault("parameters", []).append(COMMAND_ID)
    statuses = {
        *ALWAYS,
        *(WITH_A_NAME_IN_THE_PATH if "{" in path else ()),
        *(OF_CHANGES if changes else ()),
        *(OF_STAFF if needed != "everyone" else ()),
    }
    if needed != "everyone":
        operation["description"] = f"{operation.get('description', '')}\n\nFor: {needed}.".strip()
    responses = operation.setdefault("responses", {})
    for status in sorted(statuses):
        responses[str(status)] = {"$ref": f"#/components/responses/{CODES[status]}"}
    for part in [operation.get("requestBody"), *responses.values()]:
        for media in (part or {}).get("content", {}).values():
            if "schema" in media and "example" not in media:
                media["example"] = examples.of(media["schema"], schemas)


def _tag_of(path: str) -> str:
    parts = [part for part in path.removeprefix("/api/v1").split("/") if part]
    return parts[0] if parts else "shop"


def _refusal(status: int) -> Json:
    sentence = SENTENCES.get(status, SENTENCES[400])
    example = Problem(CODES[status], status, sentence, CODES[status], INSTANCE)
    response: Json = {
        "description": sentence,
        "content": {
            MEDIA_TYPE: {
                "schema": {"$ref": "#/components/schemas/Problem"},
                "example": msgspec.to_builtins(example),
            }
        },
    }
    if status in (429, 503):
        response["headers"] = {
            "Retry-After": {"description": "Seconds to wait.", "schema": {"type": "integer"}}
        }
    return response


def _problem_schema() -> Json:
    return {
        "title": "Problem",
        "description": "RFC 9457. `state` is the current state of the thing, with a conflict.",
        "type": "object",
        "required": ["title", "status", "detail", "code", "instance"],
        "properties": {
            "type": {"type": "string", "default": "about:blank"},
            "title": {"type": "string"},
            "status": {"type": "integer"},
            "detail": {"type": "string", "description": "One sentence a person can act on."},
            "code": {"type": "string", "description": "Stable; for programs."},
            "instance": {"type": "string", "format": "uri"},
            "state": {},
            "errors": {
                "type": "array",
                "items": {
                    "type": "object",
                    "properties": {"field": {"type": "string"}, "message": {"type": "string"}},
                },
            },
        },
    }


def _close_objects(schemas: Json) -> None:
    """Structs that refuse unknown fields say so."""
    closed = {
        kind.__name__
        for kind in _structs(msgspec.Struct)
        if kind.__struct_config__.forbid_unknown_fields
    }
    for name, schema in schemas.items():
        if schema.get("title", name) in closed or name.rpartition("_")[2] in closed:
            schema["additionalProperties"] = False


def _structs(kind: type[msgspec.Struct]) -> Iterator[type[msgspec.Struct]]:
    for inner in kind.__subclasses__():
        yield inner
        yield from _structs(inner)
