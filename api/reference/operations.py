"""The OpenAPI document sorted for reading: groups of operations, each with what it takes, answers and refuses."""

import json
import shlex
from collections import defaultdict
from dataclasses import dataclass
from typing import Any
from urllib.parse import quote, urlencode

from markupsafe import Markup

from api.reference.schemas import Field, Schema, example_of, fields_of, kind_of

Document = dict[str, Any]

# What FastAPI says where a route says nothing.
_DESCRIBED = {"Successful Response": "Done."}


@dataclass(frozen=True)
class Example:
    title: str
    text: str


@dataclass(frozen=True)
class Answer:
    status: str
    description: str
    kind: Markup
    examples: list[Example]


@dataclass(frozen=True)
class Operation:
    """`command` is a request that can be run in a shell, with the token in `$TOKEN` and the address in `$WAYMARK`."""

    anchor: str
    method: str
    path: str
    summary: str
    description: str
    parameters: list[Field]
    body: Markup | None
    bodies: list[Example]
    answers: list[Answer]
    problems: list[Answer]
    command: str


@dataclass(frozen=True)
class NamedObject:
    """An object with its fields, or a value of a kind that has a name."""

    name: str
    description: str
    kind: Markup
    fields: list[Field]


def groups_of(document: Document, root: str) -> dict[str, list[Operation]]:
    """The operations by their first tag, in the document's order; `root` is where the API is mounted."""
    groups: dict[str, list[Operation]] = defaultdict(list)
    for path, methods in document["paths"].items():
        for method, operation in methods.items():
            described = _operation(document, root, path, method, operation)
            groups[operation.get("tags", ["Other"])[0]].append(described)
    return dict(groups)


def objects_of(document: Document) -> list[NamedObject]:
    """What requests and answers consist of, by name."""
    return [
        NamedObject(name, schema.get("description", ""), kind_of(schema), fields_of(schema))
        for name, schema in sorted(_schemas(document).items())
    ]


def _operation(document: Document, root: str, path: str, method: str, operation: dict[str, Any]) -> Operation:
    schemas = _schemas(document)
    content = operation.get("requestBody", {}).get("content", {})
    bodies = [example for each in content.values() for example in _examples(each, schemas)]
    answers = [_answer(status, answer, schemas) for status, answer in sorted(operation["responses"].items())]
    return Operation(
        anchor=operation["operationId"],
        method=method.upper(),
        path=root + path,
        summary=operation["summary"],
        description=operation.get("description", ""),
        parameters=[_parameter(each) for each in operation.get("parameters", ())],
        body=Markup(" or ").join(kind_of(each.get("schema", {})) for each in content.values()) if content else None,
        bodies=bodies,
        answers=[answer for answer in answers if answer.status < "400"],
        problems=[answer for answer in answers if answer.status >= "400"],
        command=_command(root + path, method.upper(), operation, bodies[0].text if bodies else "", schemas),
    )


def _answer(status: str, answer: dict[str, Any], schemas: dict[str, Schema]) -> Answer:
    content = answer.get("content", {})
    kinds = dict.fromkeys(kind_of(each["schema"]) for each in content.values() if each.get("schema"))
    examples = [example for each in content.values() for example in _examples(each, schemas)]
    return Answer(
        status, _DESCRIBED.get(answer["description"], answer["description"]), Markup(" or ").join(kinds), examples
    )


def _parameter(parameter: dict[str, Any]) -> Field:
    schema = parameter["schema"]
    description = parameter.get("description") or schema.get("description", "")
    kind = Markup("{}, in the {}").format(kind_of(schema), parameter["in"])
    return Field(parameter["name"], kind, parameter.get("required", False), description, schema.get("default"))


def _examples(content: dict[str, Any], schemas: dict[str, Schema]) -> list[Example]:
    schema = content.get("schema") or {}
    if "examples" in content:
        return [Example(each.get("summary", name), _text(each["value"])) for name, each in content["examples"].items()]
    if "example" in content:
        return [Example("", _text(content["example"]))]
    return [] if schema.get("format") == "binary" or not schema else [Example("", _text(example_of(schema, schemas)))]


def _text(value: Any) -> str:
    return value if isinstance(value, str) else json.dumps(value, indent=2, ensure_ascii=False)


def _command(path: str, method: str, operation: dict[str, Any], body: str, schemas: dict[str, Schema]) -> str:
    given = [each for each in operation.get("parameters", ()) if each.get("required") or each["in"] == "path"]
    values = {(each["in"], each["name"]): each.get("example", example_of(each["schema"], schemas)) for each in given}
    for (place, name), value in values.items():
        path = path.replace(f"{{{name}}}", quote(str(value))) if place == "path" else path
    query = urlencode({name: value for (place, name), value in values.items() if place == "query"})
    headers = [f"{name}: {value}" for (place, name), value in values.items() if place == "header"]
    parts = ["curl", *(["-X", method] if method != "GET" else []), '-H "Authorization: Bearer $TOKEN"']
    parts += [f"-H {shlex.quote(header)}" for header in headers]
    if body:
        compact = json.dumps(json.loads(body), ensure_ascii=False)
        parts += ["-H 'Content-Type: application/json'", f"-d {shlex.quote(compact)}"]
    return " ".join([*parts, f'"$WAYMARK{path}{"?" if query else ""}{query}"'])


def _schemas(document: Document) -> dict[str, Schema]:
    schemas: dict[str, Schema] = document.get("components", {}).get("schemas", {})
    return schemas
