import asyncio
from collections.abc import Callable, Collection
from contextlib import suppress
from time import perf_counter

from starlette.types import ASGIApp, Message, Receive, Scope, Send

from ..answers.problem import not_served, problem
from ..fault_switch.switch import FaultSwitch, Injection
from ..process.drain import Drain
from .identity import Identity
from .metrics import Metrics, method_label
from .request_log import AnsweredRequest, write_log_line
from .tracing import Tracing

UNMATCHED = "<unmatched>"


class ObservedTraffic:
    """Wraps the app: injects what the fault switch decides, and counts, logs and traces each request once.

    `unobserved` are the paths of probes and scrapes, of which none of that is done."""

    def __init__(
        self,
        app: ASGIApp,
        routes: Collection[str],
        unobserved: Collection[str],
        metrics: Metrics,
        tracing: Tracing,
        faults: FaultSwitch,
        drain: Drain,
    ) -> None:
        self._app = app
        self._routes = routes
        self._unobserved = unobserved
        self._metrics = metrics
        self._tracing = tracing
        self._faults = faults
        self._drain = drain

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http" or scope["path"] in self._unobserved:
            await self._app(scope, receive, send)
            return
        # Only the end of a process cancels, when its time is over and the connection has been cut.
        with self._drain.request(), suppress(asyncio.CancelledError):
            await self._observe(scope, receive, send)

    async def _observe(self, scope: Scope, receive: Receive, send: Send) -> None:
        arrived = perf_counter()
        route = scope["path"] if scope["path"] in self._routes else UNMATCHED
        method = method_label(scope["method"])
        span = self._tracing.begin(scope, method, None if route == UNMATCHED else route)
        injection = self._faults.take(route) or Injection()

        def record(status: int) -> None:
            request = AnsweredRequest(
                method=method,
                route=route,
                path=scope["path"],
                query=scope["query_string"].decode("ascii", "replace"),
                status=injection.logged_status or status,
                duration_seconds=round(perf_counter() - arrived, 6),
                identity=span.identity,
            )
            span.end(status)
            self._metrics.observe(method, route, status, request.duration_seconds, span.identity)
            write_log_line(request)

        if injection.latency_ms:
            await asyncio.sleep(injection.latency_ms / 1000)
        app = self._app
        if injection.status is not None:
            app = problem(injection.status, "injected by the fault switch")
        elif route == UNMATCHED:
            # The app's router would take a path that ends in a line break for the one without.
            app = not_served()
        await app(scope, receive, _recorded_before_sent(send, record, span.identity))


def _recorded_before_sent(send: Send, record: Callable[[int], None], identity: Identity) -> Send:
    """Holds the head of the answer back until the body is there, records, and sends both: a client that has
    seen the whole answer, which for HEAD is the head alone, finds it counted and logged, and its span ended."""
    head: Message = {}

    async def send_recorded(message: Message) -> None:
        nonlocal head
        if message["type"] == "http.response.start":
            head = {**message, "headers": [*message["headers"], *identity.headers()]}
            return
        if message.get("more_body"):
            raise RuntimeError("an observed answer must have its body in one piece")
        record(head["status"])
        await send(head)
        await send(message)

    return send_recorded
