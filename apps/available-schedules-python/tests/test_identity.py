import re

import pytest

from available_schedules.observation.identity import identify
from tests.running_app import RunningApp

TRACE = "4bf92f3577b34da6a3ce929d0e0e4736"
PARENT = "00f067aa0ba902b7"


@pytest.mark.parametrize(
    ("traceparent", "flags"),
    [
        (f"00-{TRACE}-{PARENT}-01", "01"),
        (f"00-{TRACE}-{PARENT}-00", "00"),
        (f"cc-{TRACE}-{PARENT}-01-what-comes-later", "01"),
    ],
)
def test_takes_over_a_valid_trace_with_a_span_of_its_own(traceparent: str, flags: str) -> None:
    identity = identify([(b"traceparent", traceparent.encode())])
    assert identity.trace_id == TRACE
    assert identity.span_id != PARENT
    assert identity.traceparent == f"00-{TRACE}-{identity.span_id}-{flags}"


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
        f"00-{TRACE}-{PARENT}-01\n",
    ],
)
def test_starts_a_new_trace_for_an_invalid_one(traceparent: str) -> None:
    identity = identify([(b"traceparent", traceparent.encode())])
    assert identity.trace_id != TRACE
    assert re.fullmatch(r"00-[0-9a-f]{32}-[0-9a-f]{16}-00", identity.traceparent)


def test_starts_a_new_trace_for_two_that_contradict_each_other() -> None:
    header = (b"traceparent", f"00-{TRACE}-{PARENT}-01".encode())
    assert identify([header, header]).trace_id != TRACE


@pytest.mark.parametrize("request_id", ["a", "A.b_c-9", "x" * 64])
def test_takes_over_a_valid_request_id(request_id: str) -> None:
    assert identify([(b"x-request-id", request_id.encode())]).request_id == request_id


@pytest.mark.parametrize("request_id", ["", "x" * 65, "a b", "é", "a\n", '"', "a/b"])
def test_makes_a_new_request_id_for_an_invalid_one(request_id: str) -> None:
    made = identify([(b"x-request-id", request_id.encode())]).request_id
    assert re.fullmatch("[0-9a-f]{32}", made)


def test_no_two_requests_have_the_same_ids() -> None:
    made = [identify([]) for _ in range(1000)]
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
