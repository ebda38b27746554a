"""One example for each shape in the OpenAPI document, made from its schema."""

from collections.abc import Mapping
from typing import Any

Json = Mapping[str, Any]

BY_FORMAT = {
    "uuid": "01890a5d-ac96-774b-bcce-b302099a8057",
    "date-time": "2026-11-22T17:30:00Z",
    "date": "2026-11-22",
    "time": "17:30:00",
    "duration": "PT1H",
    "binary": "",
}
DEEPEST = 16


def of(schema: Json, schemas: Json, depth: int = 0) -> Any:
    """A value this schema accepts; an example written beside the type comes first."""
    if depth > DEEPEST:
        return None
    if "$ref" in schema:
        return of(schemas[schema["$ref"].rpartition("/")[2]], schemas, depth + 1)
    for written in ("example", "examples", "const", "enum", "default"):
        value = schema.get(written)
        if isinstance(value, list) and value:
            return value[0]
        if value is not None and not isinstance(value, list):
            return value
    for choice in ("oneOf", "anyOf", "allOf"):
        kinds = [kind for kind in schema.get(choice, []) if kind.get("type") != "null"]
        if kinds:
            return of(kinds[0], schemas, depth + 1)
    return _by_type(schema, schemas, depth)


def _by_type(schema: Json, schemas: Json, depth: int) -> Any:
    kind = schema.get("type")
    if isinstance(kind, list):
        kind = next((word for word in kind if word != "null"), "null")
    match kind:
        case "object":
            fields = schema.get("properties", {})
            return {name: of(field, schemas, depth + 1) for name, field in fields.items()}
        case "array":
            return [of(schema.get("items", {}), schemas, depth + 1)]
        case "string":
            shortest = int(schema.get("minLength", 0))
            return str(BY_FORMAT.get(schema.get("format", ""), "text")).ljust(shortest, "x")
        case "integer" | "number":
            return max(int(schema.get("minimum", 1)), 1)
        case "boolean":
            return True
        case _:
            return None
