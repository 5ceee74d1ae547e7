"""The OpenAPI description, corrected where FastAPI assumes its own form of errors."""

from __future__ import annotations

from typing import Any

from fastapi import FastAPI

from lhs_service.errors import PROBLEM_TYPE

_PROBLEM = {PROBLEM_TYPE: {"schema": {"$ref": "#/components/schemas/Problem"}}}
_UNUSED = ("HTTPValidationError", "ValidationError")


def install(app: FastAPI) -> None:
    """Make an app describe every refusal as problem+json, since that is what it answers."""
    describe = app.openapi

    def corrected() -> dict[str, Any]:
        if app.openapi_schema is None:
            spec = describe()
            for methods in spec["paths"].values():
                for operation in methods.values():
                    _correct(operation["responses"])
            for name in _UNUSED:
                spec["components"]["schemas"].pop(name, None)
        return describe()

    # The way FastAPI has an app's description extended.
    app.openapi = corrected  # type: ignore[method-assign]


def _correct(responses: dict[str, Any]) -> None:
    for status, response in responses.items():
        if status >= "400":
            response["content"] = _PROBLEM
            if status == "422":
                response["description"] = "Something sent is missing or unknown."
