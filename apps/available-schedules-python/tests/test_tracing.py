"""What a collector gets of the running app's requests."""

import json
import re
import secrets
from time import monotonic, time_ns
from typing import Any

import pytest
from opentelemetry.proto.trace.v1.trace_pb2 import Span, Status

from tests.otlp_receiver import Receiver, otlp_receiver, values
from tests.running_app import (
    GOOD_QUERY,
    ROUTE,
    RunningApp,
    command_with_shutdown_bound,
    exporting_to,
    raw_exchange,
    running_app,
)

PARENT = "00f067aa0ba902b7"
UNSET, ERROR = Status.STATUS_CODE_UNSET, Status.STATUS_CODE_ERROR


def only_span(app: RunningApp, collector: Receiver, target: str, method: str = "GET") -> Span:
    """The one span of a request that has a parent, after what is true of each has been looked at."""
    trace_id = secrets.token_hex(16)
    sent = {"traceparent": f"00-{trace_id}-{PARENT}-01", "X-Request-Id": f"request-{trace_id}"}
    before = time_ns()
    answer = app.request(target, method, sent)
    after = time_ns()
    [line] = app.new_log_lines()
    [span] = collector.spans(trace_id)
    assert span.kind == Span.SPAN_KIND_SERVER
    assert span.parent_span_id.hex() == PARENT
    assert answer.headers["traceparent"] == f"00-{trace_id}-{span.span_id.hex()}-01"
    logged = json.loads(line)
    assert (logged["trace_id"], logged["span_id"]) == (trace_id, span.span_id.hex())
    assert before <= span.start_time_unix_nano <= span.end_time_unix_nano <= after
    assert span.end_time_unix_nano - span.start_time_unix_nano >= (logged["duration_seconds"] - 0.005) * 1e9
    assert (len(span.events), len(span.links)) == (0, 0)
    attributes = values(span)
    assert attributes["http.request.header.x-request-id"] == [f"request-{trace_id}"]
    assert attributes["http.response.status_code"] == answer.status
    return span


def attributes(span: Span) -> dict[str, Any]:
    return {
        name: value for name, value in values(span).items() if not name.startswith("http.request.header.")
    }


@pytest.mark.parametrize(
    ("method", "query", "status"),
    [
        ("GET", GOOD_QUERY, 200),
        ("HEAD", GOOD_QUERY, 200),
        ("GET", "professional_id=%20&a=b+c", 400),
        ("GET", f"{GOOD_QUERY}&unit_id=belem", 404),
        ("POST", GOOD_QUERY, 405),
    ],
)
def test_a_request_of_a_route_is_one_span(
    traced_app: RunningApp, shared_collector: Receiver, method: str, query: str, status: int
) -> None:
    span = only_span(traced_app, shared_collector, f"{ROUTE}?{query}", method)
    assert span.name == f"{method} {ROUTE}"
    assert span.status == Status()
    assert attributes(span) == {
        "http.request.method": method,
        "http.route": ROUTE,
        "url.path": ROUTE,
        "url.query": query,
        "url.scheme": "http",
        "server.address": "127.0.0.1",
        "server.port": traced_app.port,
        "http.response.status_code": status,
    }


def test_a_query_that_is_not_there_is_no_attribute(
    traced_app: RunningApp, shared_collector: Receiver
) -> None:
    assert "url.query" not in attributes(only_span(traced_app, shared_collector, ROUTE))


def test_a_path_that_is_no_route_has_a_span_without_one(
    traced_app: RunningApp, shared_collector: Receiver
) -> None:
    span = only_span(traced_app, shared_collector, "/nothing/here%0A?x")
    assert (span.name, span.status.code) == ("GET", UNSET)
    assert attributes(span) == {
        "http.request.method": "GET",
        "url.path": "/nothing/here\n",
        "url.query": "x",
        "url.scheme": "http",
        "server.address": "127.0.0.1",
        "server.port": traced_app.port,
        "http.response.status_code": 404,
    }


@pytest.mark.parametrize(("target", "name"), [(ROUTE, f"HTTP {ROUTE}"), ("/", "HTTP")])
def test_a_client_cannot_invent_names(
    traced_app: RunningApp, shared_collector: Receiver, target: str, name: str
) -> None:
    span = only_span(traced_app, shared_collector, target, "BREW")
    assert span.name == name
    assert values(span)["http.request.method"] == "_OTHER"
    assert values(span)["http.request.method_original"] == "BREW"


@pytest.mark.parametrize("logged_status", [None, 200])
@pytest.mark.parametrize("status", [500, 503])
def test_an_injected_failure_is_one_of_the_span_whatever_the_log_line_says(
    traced_app: RunningApp, shared_collector: Receiver, status: int, logged_status: int | None
) -> None:
    fault = traced_app.start_fault(status=status, count=1, logged_status=logged_status)
    span = only_span(traced_app, shared_collector, f"{ROUTE}?{GOOD_QUERY}")
    assert traced_app.end_fault(fault)["state"] == "spent"
    assert span.name == f"GET {ROUTE}"
    assert span.status == Status(code=ERROR)
    assert attributes(span)["http.response.status_code"] == status
    assert attributes(span)["error.type"] == str(status)


def test_an_injected_delay_is_part_of_the_span(traced_app: RunningApp, shared_collector: Receiver) -> None:
    fault = traced_app.start_fault(latency_ms=150, count=1)
    span = only_span(traced_app, shared_collector, f"{ROUTE}?{GOOD_QUERY}")
    assert traced_app.end_fault(fault)["state"] == "spent"
    assert span.end_time_unix_nano - span.start_time_unix_nano >= 150e6
    assert "error.type" not in attributes(span)


@pytest.mark.parametrize(
    ("host", "address"),
    [
        ("dev.local", {"server.address": "dev.local"}),
        ("[::1]:8080", {"server.address": "::1", "server.port": 8080}),
        ("dev.local:http", {}),
        ("a@b", {}),
        ("", {}),
    ],
)
def test_the_servers_address_is_the_one_that_the_client_asked(
    traced_app: RunningApp, shared_collector: Receiver, host: str, address: dict[str, Any]
) -> None:
    trace_id = secrets.token_hex(16)
    heads = f"Host: {host}\r\ntraceparent: 00-{trace_id}-{PARENT}-01\r\nConnection: close\r\n"
    raw_exchange(traced_app.port, f"GET / HTTP/1.1\r\n{heads}\r\n".encode())
    [span] = shared_collector.spans(trace_id)
    seen = {name: value for name, value in values(span).items() if name.startswith("server.")}
    assert seen == address


def test_a_new_trace_begins_with_a_span_without_a_parent(
    traced_app: RunningApp, shared_collector: Receiver
) -> None:
    answer = traced_app.request()
    _, trace_id, span_id, flags = answer.headers["traceparent"].split("-")
    [span] = shared_collector.spans(trace_id)
    assert (span.span_id.hex(), span.parent_span_id, flags) == (span_id, b"", "01")
    assert values(span)["http.request.header.x-request-id"] == [answer.headers["x-request-id"]]


def test_only_what_is_observed_and_sampled_is_exported(tmp_path_factory: pytest.TempPathFactory) -> None:
    folder = tmp_path_factory.mktemp("sampled")
    with otlp_receiver() as collector, running_app(folder, **exporting_to(collector.url)) as app:
        for path in ("/healthz", "/readyz", "/metrics"):
            app.request(path)
        app.fault("GET", "/faults")
        trace_id = secrets.token_hex(16)
        unsampled = app.request(headers={"traceparent": f"00-{trace_id}-{PARENT}-00"})
        _, trace, span_id, flags = unsampled.headers["traceparent"].split("-")
        assert (trace, flags) == (trace_id, "00")
        assert f'"trace_id":"{trace_id}","span_id":"{span_id}"' in app.new_log_lines()[-1]
        sampled = app.request()
        # Nothing else comes after the end.
        assert app.end() == 0
        [span] = collector.spans()
        assert sampled.headers["traceparent"].split("-")[2] == span.span_id.hex()
        assert app.errors().splitlines()[1:] == []


def test_without_propagators_the_callers_trace_is_ignored(tmp_path_factory: pytest.TempPathFactory) -> None:
    folder = tmp_path_factory.mktemp("none")
    with (
        otlp_receiver() as collector,
        running_app(folder, **exporting_to(collector.url), OTEL_PROPAGATORS="none") as app,
    ):
        caller = secrets.token_hex(16)
        answer = app.request(headers={"traceparent": f"00-{caller}-{PARENT}-00"})
        _, trace_id, span_id, flags = answer.headers["traceparent"].split("-")
        assert trace_id != caller
        assert flags == "01"
        [span] = collector.spans()
        assert (span.trace_id.hex(), span.span_id.hex(), span.parent_span_id) == (trace_id, span_id, b"")
        assert f'"trace_id":"{trace_id}","span_id":"{span_id}"' in app.new_log_lines()[-1]


@pytest.mark.parametrize(
    ("given", "expected"),
    [
        ({}, {"service.name": "available-schedules-python"}),
        (
            {"OTEL_RESOURCE_ATTRIBUTES": "service.name=one,deployment.environment.name=test"},
            {"service.name": "one", "deployment.environment.name": "test"},
        ),
        (
            {"OTEL_RESOURCE_ATTRIBUTES": "service.name=one", "OTEL_SERVICE_NAME": "two"},
            {"service.name": "two"},
        ),
    ],
)
def test_tells_whose_spans_they_are_and_flushes_them_when_told_to_stop(
    tmp_path_factory: pytest.TempPathFactory, given: dict[str, str], expected: dict[str, str]
) -> None:
    folder = tmp_path_factory.mktemp("flushed")
    # Without its end, the app would export nothing for a long time.
    settings = {"OTEL_BSP_SCHEDULE_DELAY": "600000", **given}
    with (
        otlp_receiver() as collector,
        running_app(folder, OTEL_EXPORTER_OTLP_ENDPOINT=collector.url, **settings) as app,
    ):
        for _ in range(3):
            app.request()
        assert app.spans_total() == {"ended": 3, "exported": 0, "dropped": 0}
        assert app.end() == 0
        collector.spans(count=3)
        resource = collector.resource()
        assert {name: resource[name] for name in expected} == expected
        assert resource["telemetry.sdk.language"] == "python"
        assert app.errors().splitlines()[1:] == []


def test_counts_what_has_been_exported(traced_app: RunningApp, shared_collector: Receiver) -> None:
    only_span(traced_app, shared_collector, ROUTE)
    seen = traced_app.spans_total()
    deadline = monotonic() + 20
    # The collector has the span before the app has its answer.
    while seen["exported"] < seen["ended"] and monotonic() < deadline:
        seen = traced_app.spans_total()
    assert seen == {"ended": seen["ended"], "exported": seen["ended"], "dropped": 0}
    assert seen["ended"] > 0


def test_a_collector_that_is_not_there_delays_no_request_and_no_end(
    tmp_path_factory: pytest.TempPathFactory,
) -> None:
    folder = tmp_path_factory.mktemp("unreachable")
    with otlp_receiver() as gone:
        url = gone.url
    settings = exporting_to(url) | {"OTEL_BSP_MAX_QUEUE_SIZE": "4"}
    with running_app(folder, command_with_shutdown_bound(0.5), **settings) as app:
        answers = [app.request() for _ in range(20)]
        assert {answer.status for answer in answers} == {200}
        assert all(json.loads(line)["duration_seconds"] < 1 for line in app.new_log_lines())
        seen = app.spans_total()
        assert (seen["ended"], seen["exported"]) == (20, 0)
        # Some are on their way, 4 wait, and there is no room for the others.
        assert 20 - 8 <= seen["dropped"] <= 20
        started = monotonic()
        assert app.end() == 0
        assert monotonic() - started < 5
        told = app.errors().splitlines()[1:]
        assert len(told) == 2
        assert told[0].startswith("available-schedules-python: traces: Transient error ")
        assert "/v1/traces" in told[0]
        lost = re.fullmatch(
            "available-schedules-python: ([0-9]+) spans could not be exported before the end and are lost",
            told[1],
        )
        assert lost
        assert 1 <= int(lost[1]) <= 20 - seen["dropped"]


def test_a_collector_that_refuses_costs_spans_and_says_so_once(
    tmp_path_factory: pytest.TempPathFactory,
) -> None:
    folder = tmp_path_factory.mktemp("refused")
    with otlp_receiver(status=400) as collector, running_app(folder, **exporting_to(collector.url)) as app:
        deadline = monotonic() + 20
        for count in range(1, 4):
            assert app.request().status == 200
            while app.spans_total()["dropped"] < count:
                assert monotonic() < deadline
        assert app.spans_total() == {"ended": 3, "exported": 0, "dropped": 3}
        assert app.end() == 0
        [told] = app.errors().splitlines()[1:]
        assert told.startswith("available-schedules-python: traces: Failed to export spans batch code: 400")
