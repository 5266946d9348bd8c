from fastapi import FastAPI, Request
from fastapi.telemetry import TelemetryConfig
from starlette.exceptions import HTTPException
from starlette.responses import Response

from .answers.json_text import compact
from .answers.problem import method_not_allowed, not_served, problem
from .observation.metrics import Metrics
from .observation.traffic import UNMATCHED
from .process.drain import Drain
from .schedule.answer import answer
from .schedule.data import Schedules

ROUTE = "/v1/appoints/available-schedule"
UNOBSERVED = frozenset({"/healthz", "/readyz", "/metrics"})

# Every status that a route can answer, or be made to answer by the fault switch.
STATUSES_BY_ROUTE = {ROUTE: (200, 400, 404, 405, 500, 502, 503, 504), UNMATCHED: (404,)}

_READ = ["GET", "HEAD"]


def create_api(schedules: Schedules, metrics: Metrics, drain: Drain) -> FastAPI:
    """The app behind the ingress.

    FastAPI's own reading of parameters is not used: it cannot tell a repeated parameter from a single
    one, and the contract fixes every word of an error."""
    # Its own telemetry would end a span after the answer, and know nothing of injected faults.
    off: TelemetryConfig = {"auto_configure": False, "tracing": False, "metrics": False, "logs": False}
    api = FastAPI(title="available schedules", openapi_url=None, redirect_slashes=False, telemetry=off)

    @api.api_route(ROUTE, methods=_READ)
    async def available_schedule(request: Request) -> Response:
        return answer(request.scope["query_string"], schedules)

    @api.api_route("/healthz", methods=_READ)
    async def alive() -> Response:
        return Response(compact({"status": "alive"}), media_type="application/json")

    @api.api_route("/readyz", methods=_READ)
    async def ready() -> Response:
        if drain.stopping:
            return Response(compact({"status": "stopping"}), 503, media_type="application/json")
        return Response(compact({"status": "ready"}), media_type="application/json")

    @api.api_route("/metrics", methods=_READ)
    async def exposition(request: Request) -> Response:
        text, content_type = metrics.exposition(request.headers.get("accept", ""))
        return Response(text, headers={"Content-Type": content_type})

    @api.exception_handler(HTTPException)
    async def refused(_: Request, exception: HTTPException) -> Response:
        return method_not_allowed(*_READ) if exception.status_code == 405 else not_served()

    @api.exception_handler(Exception)
    async def failed(_: Request, __: Exception) -> Response:
        return problem(500, "the request could not be answered")

    return api
