import hmac
from collections.abc import Collection
from typing import Any

from fastapi import FastAPI, Request
from starlette.exceptions import HTTPException
from starlette.responses import Response
from starlette.types import ASGIApp, Receive, Scope, Send

from ..answers.json_text import compact
from ..answers.problem import method_not_allowed, not_served, problem
from .request import LARGEST_BODY_BYTES, parse_fault
from .switch import FaultSwitch


def create_admin(faults: FaultSwitch, routes: Collection[str], token: str) -> ASGIApp:
    """The HTTP side of the fault switch: every call needs the token."""
    admin = FastAPI(title="fault switch", openapi_url=None, redirect_slashes=False)

    @admin.post("/faults")
    async def start(request: Request) -> Response:
        asked = parse_fault(await _body(request), routes)
        if isinstance(asked, list):
            return problem(400, "the fault has errors", [error.document() for error in asked])
        report = faults.start(asked)
        location = {"Location": f"/faults/{report['id']}"}
        return Response(compact(report), 201, location, "application/json")

    @admin.get("/faults")
    async def reports() -> Response:
        return Response(compact({"faults": faults.reports()}), media_type="application/json")

    @admin.get("/faults/{fault_id}")
    async def report(fault_id: str) -> Response:
        return _report(faults.report(fault_id))

    @admin.delete("/faults/{fault_id}")
    async def end(fault_id: str) -> Response:
        return _report(faults.end(fault_id))

    @admin.exception_handler(HTTPException)
    async def refused(request: Request, exception: HTTPException) -> Response:
        if exception.status_code == 405:
            allowed = ("GET", "POST") if request.url.path == "/faults" else ("DELETE", "GET")
            return method_not_allowed(*allowed)
        return not_served()

    return _TokenRequired(admin, token)


class _TokenRequired:
    def __init__(self, app: ASGIApp, token: str) -> None:
        self._app = app
        self._expected = f"Bearer {token}".encode()

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        given = [value for name, value in scope["headers"] if name == b"authorization"]
        if len(given) == 1 and hmac.compare_digest(given[0], self._expected):
            await self._app(scope, receive, send)
            return
        refusal = problem(401, "a valid token is required", headers={"WWW-Authenticate": "Bearer"})
        await refusal(scope, receive, send)


async def _body(request: Request) -> bytes:
    """The body, read only as far as is needed to see that it is too long."""
    body = b""
    async for chunk in request.stream():
        body += chunk
        if len(body) > LARGEST_BODY_BYTES:
            break
    return body


def _report(report: dict[str, Any] | None) -> Response:
    if report is None:
        return problem(404, "no fault has this id")
    return Response(compact(report), media_type="application/json")
