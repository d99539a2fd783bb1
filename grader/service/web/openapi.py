"""The description of the API: OpenAPI 3.1, made of the operations that are really served.

Source of the format: https://spec.openapis.org/oas/v3.1.0
"""

import re
from collections.abc import Sequence
from typing import Any, Final

import msgspec

from grader.service.web.described import Operation
from grader.service.web.shapes import Refusal
from grader.version import __version__

_PLACE: Final = re.compile(r"\{(\w+)\}")
_REFERENCE: Final = "#/components/schemas/{name}"
_ALWAYS: Final[dict[int, Any]] = {
    400: Refusal,
    401: Refusal,
    429: Refusal,
    500: Refusal,
    503: Refusal,
}
_SAID: Final = {
    200: "Done",
    202: "Saved; it is going to be graded",
    400: "Not understood",
    401: "No valid token or key",
    403: "Not allowed",
    404: "Not there, or not yours",
    409: "Something else was first",
    410: "No more",
    413: "Too large",
    429: "Too much in one minute",
    500: "A fault of the service",
    503: "Not at the moment",
}
_FILE: Final = {"type": "string", "format": "binary"}


def description(operations: Sequence[Operation]) -> dict[str, Any]:
    """Return the description of operations."""
    kinds = _kinds(operations)
    schemas, components = msgspec.json.schema_components(
        kinds, ref_template=_REFERENCE
    )
    schema_of = dict(zip(kinds, schemas, strict=True))
    paths: dict[str, dict[str, Any]] = {}
    for each in operations:
        described = _described(each, schema_of)
        paths.setdefault(each.path, {})[each.method.lower()] = described
    return {
        "openapi": "3.1.0",
        "info": {
            "title": "The grader that says why",
            "version": __version__,
            "description": "Times are seconds since 1970 in UTC. An error is one sentence for "
            "the person, in `error`.",
        },
        "paths": paths,
        "components": {
            "schemas": components,
            "securitySchemes": {
                "page": {
                    "type": "http",
                    "scheme": "bearer",
                    "description": "The token that POST /session/enter returns.",
                },
                "key": {
                    "type": "http",
                    "scheme": "bearer",
                    "description": "The key that `grader serve api-key` prints.",
                },
                "hub": {
                    "type": "apiKey",
                    "in": "header",
                    "name": "Authorization",
                    "description": "`token` and the JUPYTERHUB_API_TOKEN of a user's server.",
                },
            },
        },
    }


def _kinds(operations: Sequence[Operation]) -> list[Any]:
    kinds = [Refusal]
    for each in operations:
        kinds += [kind for kind in each.gives.values() if kind is not None]
        kinds += [each.takes] if each.takes is not None else []
    return list(dict.fromkeys(kinds))


def _described(
    operation: Operation, schema_of: dict[Any, dict[str, Any]]
) -> dict[str, Any]:
    parameters = [
        {
            "name": name,
            "in": "path",
            "required": True,
            "schema": {"type": "string"},
        }
        for name in _PLACE.findall(operation.path)
    ]
    parameters += [
        {
            "name": name,
            "in": "header",
            "required": name in operation.headers,
            "schema": {"type": "string"},
        }
        for name in (*operation.headers, *operation.optional_headers)
    ]
    if operation.raw_file:
        parameters.append(
            {
                "name": "name",
                "in": "query",
                "description": "What the file is called: .py or .ipynb.",
                "schema": {"type": "string", "default": "submission.py"},
            }
        )
    answers = {**_ALWAYS, **operation.gives}
    described: dict[str, Any] = {
        "operationId": operation.handler.__name__,
        "summary": operation.summary,
        "parameters": parameters,
        "security": [{operation.shown: []}],
        "responses": {
            str(status): _answer(status, answers[status], schema_of)
            for status in sorted(answers)
        },
    }
    content = _content(operation, schema_of)
    if content:
        described["requestBody"] = {"required": True, "content": content}
    return described


def _answer(
    status: int, kind: object, schema_of: dict[Any, dict[str, Any]]
) -> dict[str, Any]:
    answer: dict[str, Any] = {"description": _SAID[status]}
    if kind is None:
        answer["content"] = {"application/octet-stream": {"schema": _FILE}}
    else:
        answer["content"] = {"application/json": {"schema": schema_of[kind]}}
    return answer


def _content(
    operation: Operation, schema_of: dict[Any, dict[str, Any]]
) -> dict[str, Any]:
    content: dict[str, Any] = {}
    if operation.takes is not None:
        content["application/json"] = {"schema": schema_of[operation.takes]}
    if operation.file is not None:
        fields: dict[str, Any] = {
            name: {"type": "string"} for name in operation.file
        }
        content["multipart/form-data"] = {
            "schema": {
                "type": "object",
                "properties": {**fields, "file": _FILE},
                "required": ["file"],
            }
        }
    if operation.raw_file:
        content["application/octet-stream"] = {"schema": _FILE}
    return content
