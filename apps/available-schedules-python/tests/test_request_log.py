import json
import re
from typing import Any

import pytest

from tests.running_app import GOOD_QUERY, ROUTE, RunningApp, raw_exchange

FIELDS = [
    *("time", "level", "msg", "method", "route", "path", "query", "status", "duration_seconds"),
    *("request_id", "trace_id", "span_id"),
]


def only_line(app: RunningApp) -> dict[str, Any]:
    [line] = app.new_log_lines()
    return json.loads(line)


def test_writes_exactly_one_line_before_the_answer_has_arrived(app: RunningApp) -> None:
    for _ in range(20):
        app.request()
        line = only_line(app)
        assert list(line) == FIELDS
        assert re.fullmatch(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{6}Z", line["time"])
        assert (line["level"], line["msg"], line["status"]) == ("info", "request", 200)
        assert (line["method"], line["route"], line["path"]) == ("GET", ROUTE, ROUTE)
        assert line["query"] == GOOD_QUERY
        assert 0 < line["duration_seconds"] < 30


@pytest.mark.parametrize(("query", "level"), [(GOOD_QUERY, "info"), ("", "warn")])
def test_the_line_of_a_head_is_there_when_its_answer_is(app: RunningApp, query: str, level: str) -> None:
    app.request(f"{ROUTE}?{query}", "HEAD")
    line = only_line(app)
    assert (line["method"], line["level"], line["query"]) == ("HEAD", level, query)


@pytest.mark.parametrize(
    ("target", "path", "query"),
    [
        ("/%0A%22%7D%0D%00%1b%7f", '/\n"}\r\x00\x1b\x7f', ""),
        ('/"}', '/"}', ""),
        ("/%F0%9F%98%80%E2%80%A8", "/\U0001f600\u2028", ""),
        ("/%5Cn\\n", "/\\n\\n", ""),
        ("/x?a=%0A&b=\"'\\", "/x", "a=%0A&b=\"'\\"),
        ("/x??", "/x", "?"),
        ("/x?", "/x", ""),
        ("/x#y", "/x#y", ""),
    ],
)
def test_writes_one_line_of_ascii_for_a_hostile_request(
    app: RunningApp, target: str, path: str, query: str
) -> None:
    raw_exchange(app.port, f"GET {target} HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n".encode())
    line = only_line(app)
    assert (line["path"], line["query"], line["route"]) == (path, query, "<unmatched>")


def test_writes_one_line_for_bytes_that_are_no_text(app: RunningApp) -> None:
    app.request("/%FF%C3")
    assert only_line(app)["path"].startswith("/\ufffd")


@pytest.mark.parametrize(("status", "level"), [(500, "error"), (503, "error")])
def test_a_server_error_is_an_error(app: RunningApp, status: int, level: str) -> None:
    fault = app.start_fault(status=status, count=1)
    app.request()
    line = only_line(app)
    assert (line["status"], line["level"]) == (status, level)
    app.end_fault(fault)


def test_nothing_else_is_on_standard_output(fresh_app: RunningApp) -> None:
    fresh_app.request()
    fresh_app.fault("GET", "/faults")
    raw_exchange(fresh_app.port, b"this is not HTTP\r\n\r\n")
    assert fresh_app.end() == 0
    assert len(fresh_app.new_log_lines()) == 1
