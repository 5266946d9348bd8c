import asyncio
import json
from typing import Any

import pytest

from available_schedules.api import ROUTE, STATUSES_BY_ROUTE, UNOBSERVED, create_api
from available_schedules.fault_switch.switch import FaultSwitch
from available_schedules.observation.metrics import Metrics
from available_schedules.observation.span_outcomes import SpanOutcomes
from available_schedules.observation.tracing import Tracing
from available_schedules.observation.traffic import ObservedTraffic
from available_schedules.process.drain import Drain
from available_schedules.process.trace_settings import TraceSettings


class Exploding:
    """Data on which every look ends in an error."""

    def __getattr__(self, name: str) -> Any:
        raise RuntimeError(f"no {name} today")


def test_an_error_in_the_app_is_a_counted_logged_and_traced_500(capfd: pytest.CaptureFixture[str]) -> None:
    spans = SpanOutcomes()
    metrics, sent = Metrics(STATUSES_BY_ROUTE, spans), []
    api = create_api(Exploding(), metrics, Drain())  # type: ignore[arg-type]
    tracing = Tracing(TraceSettings(), spans, "app")
    observed = ObservedTraffic(api, {ROUTE}, UNOBSERVED, metrics, tracing, FaultSwitch(), Drain())
    scope = {"type": "http", "method": "GET", "path": ROUTE, "query_string": b"", "headers": []}

    async def receive() -> dict[str, Any]:
        return {"type": "http.request"}

    async def send(message: Any) -> None:
        sent.append(message)

    with pytest.raises(RuntimeError, match="no valid_from today"):
        asyncio.run(observed(scope, receive, send))
    assert sent[0]["status"] == 500
    assert sent[1]["body"] == (
        b'{"type":"about:blank","title":"Internal Server Error","status":500,'
        b'"detail":"the request could not be answered"}'
    )
    assert json.loads(capfd.readouterr().out)["status"] == 500
    counted = f'http_requests_total{{method="GET",route="{ROUTE}",status="500"}} 1.0'
    assert counted in metrics.exposition("")[0].decode()
    assert spans.ended == 1
