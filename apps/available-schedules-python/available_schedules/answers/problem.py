from collections.abc import Mapping, Sequence
from http import HTTPStatus
from typing import Any

from starlette.responses import Response

from .json_text import compact


def problem(
    status: int,
    detail: str,
    errors: Sequence[Mapping[str, Any]] | None = None,
    headers: Mapping[str, str] | None = None,
) -> Response:
    """An RFC 9457 problem document; `errors` names each part of the request that was refused."""
    document: dict[str, Any] = {
        "type": "about:blank",
        "title": HTTPStatus(status).phrase,
        "status": status,
        "detail": detail,
    }
    if errors is not None:
        document["errors"] = list(errors)
    return Response(
        compact(document), status, media_type="application/problem+json", headers=dict(headers or {})
    )


def not_served() -> Response:
    """404 for a path that is no route."""
    return problem(404, "nothing is served at this path")


def method_not_allowed(*allowed: str) -> Response:
    """405 for a route that answers only the methods `allowed`, which are given sorted."""
    return problem(405, f"this path answers {' and '.join(allowed)}", headers={"Allow": ", ".join(allowed)})
