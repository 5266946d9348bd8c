import re
from typing import Any

import pytest

from available_schedules.observation.identity import Identity, take_request_id
from available_schedules.observation.span_outcomes import SpanOutcomes
from available_schedules.observation.tracing import Tracing
from available_schedules.process.trace_settings import TraceSettings
from tests.running_app import RunningApp

TRACE = "4bf92f3577b34da6a3ce929d0e0e4736"
PARENT = "00f067aa0ba902b7"


def identify(headers: list[tuple[bytes, bytes]], **settings: Any) -> Identity:
    """The identity of a request with these headers."""
    scope = {"type": "http", "method": "GET", "path": "/", "query_string": b"", "headers": headers}
    tracing = Tracing(TraceSettings(**settings), SpanOutcomes(), "app")
    return tracing.begin(scope, "GET", None).identity


@pytest.mark.parametrize(
    ("traceparent", "flags"),
    [
        (f"00-{TRACE}-{PARENT}-01", "01"),
        (f"00-{TRACE}-{PARENT}-00", "00"),
        (f"00-{TRACE}-{PARENT}-03", "03"),
        (f"00-{TRACE}-{PARENT}-fc", "00"),
        (f"cc-{TRACE}-{PARENT}-01-what-comes-later", "01"),
    ],
)
def test_takes_over_a_valid_trace_with_a_span_of_its_own(traceparent: str, flags: str) -> None:
    identity = identify([(b"traceparent", traceparent.encode())])
    assert identity.trace_id == TRACE
    assert identity.span_id != PARENT
    assert identity.traceparent == f"00-{TRACE}-{identity.span_id}-{flags}"
    assert identity.sampled == (flags in ("01", "03"))


@pytest.mark.parametrize(
    "traceparent",
    [
        "",
        "00",
        f"00-{TRACE}-{PARENT}",
        f"00-{TRACE}-{PARENT}-01-more",
        f"ff-{TRACE}-{PARENT}-01",
        f"00-{'0' * 32}-{PARENT}-01",
        f"00-{TRACE}-{'0' * 16}-01",
        f"00-{TRACE.upper()}-{PARENT}-01",
        f"00-{TRACE[:-1]}-{PARENT}-01",
        f"00-{TRACE}-{PARENT}-0g",
        f"cc-{TRACE}-{PARENT}-01what-comes-later",
    ],
)
def test_starts_a_new_trace_for_an_invalid_one(traceparent: str) -> None:
    identity = identify([(b"traceparent", traceparent.encode())])
    assert identity.trace_id != TRACE
    assert re.fullmatch(r"00-[0-9a-f]{32}-[0-9a-f]{16}-01", identity.traceparent)


def test_starts_a_new_trace_for_two_that_contradict_each_other() -> None:
    header = (b"traceparent", f"00-{TRACE}-{PARENT}-01".encode())
    assert identify([header, header]).trace_id != TRACE


def test_starts_a_new_trace_where_the_callers_is_not_to_be_followed() -> None:
    header = (b"traceparent", f"00-{TRACE}-{PARENT}-00".encode())
    identity = identify([header], propagators=())
    assert identity.trace_id != TRACE
    assert identity.flags == "01"


@pytest.mark.parametrize(
    ("sampler", "by_parent"),
    [
        ("always_on", {None: "01", "00": "01", "01": "01"}),
        ("always_off", {None: "00", "00": "00", "01": "00"}),
        ("parentbased_always_on", {None: "01", "00": "00", "01": "01"}),
        ("parentbased_always_off", {None: "00", "00": "00", "01": "01"}),
        ("traceidratio", {None: "00", "00": "00", "01": "00"}),
        ("parentbased_traceidratio", {None: "00", "00": "00", "01": "01"}),
    ],
)
def test_the_sampler_decides_the_flags(sampler: str, by_parent: dict[str | None, str]) -> None:
    for given, flags in by_parent.items():
        headers = [] if given is None else [(b"traceparent", f"00-{TRACE}-{PARENT}-{given}".encode())]
        identity = identify(headers, sampler=sampler, sampler_ratio=0.0)
        assert (given, identity.flags, identity.sampled) == (given, flags, flags == "01")
        assert re.fullmatch("[0-9a-f]{16}", identity.span_id)
        assert int(identity.span_id, 16)


@pytest.mark.parametrize("request_id", ["a", "A.b_c-9", "x" * 64])
def test_takes_over_a_valid_request_id(request_id: str) -> None:
    assert take_request_id([(b"x-request-id", request_id.encode())]) == request_id


@pytest.mark.parametrize("request_id", ["", "x" * 65, "a b", "é", "a\n", '"', "a/b"])
def test_makes_a_new_request_id_for_an_invalid_one(request_id: str) -> None:
    made = take_request_id([(b"x-request-id", request_id.encode())])
    assert re.fullmatch("[0-9a-f]{32}", made)


def test_no_two_requests_have_the_same_ids() -> None:
    scope = {"type": "http", "method": "GET", "path": "/", "query_string": b"", "headers": []}
    tracing = Tracing(TraceSettings(), SpanOutcomes(), "app")
    made = [tracing.begin(scope, "GET", None).identity for _ in range(1000)]
    for part in ("request_id", "trace_id", "span_id"):
        assert len({getattr(identity, part) for identity in made}) == 1000


@pytest.mark.parametrize("target", ["/v1/appoints/available-schedule", "/nothing"])
def test_every_answer_carries_what_its_log_line_says(app: RunningApp, target: str) -> None:
    sent = {"X-Request-Id": "my-request", "traceparent": f"00-{TRACE}-{PARENT}-01"}
    answer = app.request(target, headers=sent)
    assert answer.headers["x-request-id"] == "my-request"
    [line] = app.new_log_lines()
    span_id = re.search('"span_id":"([0-9a-f]{16})"', line)
    assert span_id
    assert answer.headers["traceparent"] == f"00-{TRACE}-{span_id[1]}-01"
    assert f'"request_id":"my-request","trace_id":"{TRACE}"' in line
