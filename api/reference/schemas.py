"""JSON Schema in words: what a value is, what an object's fields are, and an example of it."""

from dataclasses import dataclass
from typing import Any

from markupsafe import Markup

Schema = dict[str, Any]

_WORDS = {
    ("string", "date-time"): "date and time",
    ("string", "date"): "date",
    ("string", "uuid"): "UUID",
    ("string", "binary"): "file",
    ("string", ""): "text",
    ("integer", ""): "whole number",
    ("number", ""): "number",
    ("boolean", ""): "true or false",
    ("object", ""): "object",
    ("null", ""): "null",
}
_EXAMPLES = {
    ("string", "date-time"): "2026-03-02T08:30:00Z",
    ("string", "date"): "2026-03-02",
    ("string", "uuid"): "7c0a6f58-6d5d-4b8e-9d5c-2f6a1b3c4d5e",
    ("string", ""): "…",
    ("integer", ""): 1,
    ("number", ""): 1.5,
    ("boolean", ""): True,
    ("null", ""): None,
}


@dataclass(frozen=True)
class Field:
    """One field of an object, or one parameter of a request."""

    name: str
    kind: Markup
    is_required: bool
    description: str
    default: Any = None


def anchor(name: str) -> str:
    """Where on the page an object is described."""
    return f"object-{name}"


def kind_of(schema: Schema) -> Markup:
    """What a value is, with links to the objects in it."""
    if name := _referred(schema):
        return Markup('<a href="#{}">{}</a>').format(anchor(name), name)
    if either := schema.get("anyOf") or schema.get("oneOf"):
        return Markup(" or ").join(dict.fromkeys(map(kind_of, either)))
    if "const" in schema or "enum" in schema:
        return Markup(", ").join(Markup("<code>{}</code>").format(word) for word in _words_of(schema))
    if schema.get("type") == "array":
        return Markup("list of {}").format(kind_of(schema.get("items") or {}))
    return Markup(_by_kind(_WORDS, schema, "anything"))


def fields_of(schema: Schema) -> list[Field]:
    """The fields of an object, in its order."""
    required = schema.get("required", ())
    return [
        Field(name, kind_of(field), name in required, field.get("description", ""), field.get("default"))
        for name, field in schema.get("properties", {}).items()
    ]


def example_of(schema: Schema, schemas: dict[str, Schema]) -> Any:
    """The schema's own example, or one put together from those of its parts."""
    if name := _referred(schema):
        return example_of(schemas[name], schemas)
    for stated in ("example", "const", "default"):
        if schema.get(stated) is not None:
            return schema[stated]
    if listed := schema.get("examples") or schema.get("enum"):
        return listed[0]
    if either := schema.get("anyOf") or schema.get("oneOf"):
        return example_of(either[0], schemas)
    if "properties" in schema:
        return {field: example_of(part, schemas) for field, part in schema["properties"].items()}
    if schema.get("type") == "array":
        return [example_of(schema.get("items") or {}, schemas)]
    return _by_kind(_EXAMPLES, schema, {})


def _referred(schema: Schema) -> str:
    return str(schema.get("$ref", "")).rpartition("/")[2]


def _words_of(schema: Schema) -> list[Any]:
    return schema["enum"] if "enum" in schema else [schema["const"]]


def _by_kind(table: dict[tuple[str, str], Any], schema: Schema, otherwise: Any) -> Any:
    kind, written = schema.get("type", "object"), schema.get("format", "")
    return table.get((kind, written), table.get((kind, ""), otherwise))
