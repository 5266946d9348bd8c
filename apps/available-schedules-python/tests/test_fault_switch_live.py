"""The fault switch against the running app: what the client saw, what was counted, what was logged."""

import json
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from tests.running_app import ROUTE, TOKEN, RunningApp, running_app


def statuses(app: RunningApp, times: int) -> list[int]:
    with ThreadPoolExecutor(16) as pool:
        return list(pool.map(lambda _: app.request().status, range(times)))


def test_a_count_is_exact_under_concurrent_requests(fresh_app: RunningApp) -> None:
    fault = fresh_app.start_fault(status=500, count=23)
    seen = statuses(fresh_app, 200)
    assert seen.count(500) == 23
    assert seen.count(200) == 177
    assert fresh_app.requests_total()["GET", ROUTE, "500"] == 23
    assert fresh_app.requests_total()["GET", ROUTE, "200"] == 177
    logged = [json.loads(line)["status"] for line in fresh_app.new_log_lines()]
    assert (logged.count(500), logged.count(200), len(logged)) == (23, 177, 200)
    report = fresh_app.end_fault(fault)
    assert (report["state"], report["matched"], report["injected"]) == ("spent", 23, 23)


def test_the_report_of_an_ended_fault_is_what_the_clients_saw(app: RunningApp) -> None:
    fault = app.start_fault(status=502, rate=0.25)
    seen = statuses(app, 40)
    report = app.end_fault(fault)
    assert (report["state"], report["matched"], report["injected"]) == ("ended", 40, 10)
    assert seen.count(502) == 10
    assert report["created_at"] < report["last_injected_at"] < report["expires_at"]
    assert app.request().status == 200


def test_an_injected_answer_is_a_problem_that_says_so(app: RunningApp) -> None:
    fault = app.start_fault(status=503, count=1)
    answer = app.request("/v1/appoints/available-schedule?what=ever", "POST")
    assert answer.status == 503
    assert answer.headers["content-type"] == "application/problem+json"
    assert answer.body == (
        b'{"type":"about:blank","title":"Service Unavailable","status":503,'
        b'"detail":"injected by the fault switch"}'
    )
    assert app.end_fault(fault)["injected"] == 1


def test_latency_alone_delays_the_usual_answer(app: RunningApp) -> None:
    usual = app.request()
    app.new_log_lines()
    fault = app.start_fault(latency_ms=150, count=1)
    assert app.request().body == usual.body
    [line] = app.new_log_lines()
    assert json.loads(line)["duration_seconds"] >= 0.15
    assert app.end_fault(fault)["state"] == "spent"


def test_a_slow_request_does_not_hold_up_the_others(app: RunningApp) -> None:
    fault = app.start_fault(latency_ms=1000, count=1)
    with ThreadPoolExecutor(1) as pool:
        slow = pool.submit(app.request)
        while app.fault("GET", f"/faults/{fault['id']}").json()["injected"] == 0:
            assert not slow.done()
        assert app.request().status == 200
        assert not slow.done()
        assert slow.result().status == 200
    app.new_log_lines()


def test_the_log_line_lies_when_told_to_and_the_counter_does_not(app: RunningApp) -> None:
    fault = app.start_fault(status=500, count=1, logged_status=200)
    before = app.requests_total()["GET", ROUTE, "500"]
    assert app.request().status == 500
    [line] = app.new_log_lines()
    assert (json.loads(line)["status"], json.loads(line)["level"]) == (200, "info")
    assert app.requests_total()["GET", ROUTE, "500"] == before + 1
    app.end_fault(fault)


def test_a_report_can_be_read_alone_and_in_the_list(app: RunningApp) -> None:
    fault = app.start_fault(status=500, rate=1)
    assert fault["state"] == "active"
    assert list(fault) == [
        *("id", "route", "status", "latency_ms", "count", "rate", "logged_status", "state"),
        *("matched", "injected", "created_at", "expires_at", "last_injected_at"),
    ]
    assert app.fault("GET", f"/faults/{fault['id']}").json() == fault
    assert app.fault("GET", "/faults").json()["faults"][-1] == fault
    app.end_fault(fault)


@pytest.mark.parametrize("method", ["GET", "DELETE"])
def test_does_not_know_an_id_that_it_never_gave(app: RunningApp, method: str) -> None:
    answer = app.fault(method, "/faults/0123456789abcdef")
    assert answer.status == 404
    assert answer.json()["detail"] == "no fault has this id"


@pytest.mark.parametrize("token", [None, "", "0123456789abcdeX", TOKEN + "0", TOKEN[:-1]])
@pytest.mark.parametrize(("method", "path"), [("GET", "/faults"), ("POST", "/faults"), ("GET", "/x")])
def test_refuses_every_call_without_the_token(
    app: RunningApp, token: str | None, method: str, path: str
) -> None:
    before = app.fault("GET", "/faults").json()
    body = {"route": ROUTE, "status": 500, "expires_in_ms": 60000}
    answer = app.fault(method, path, body, token)
    assert answer.status == 401
    assert answer.headers["www-authenticate"] == "Bearer"
    assert answer.body == (
        b'{"type":"about:blank","title":"Unauthorized","status":401,"detail":"a valid token is required"}'
    )
    assert app.fault("GET", "/faults").json() == before


@pytest.mark.parametrize(
    ("method", "path", "allow"), [("PUT", "/faults", "GET, POST"), ("POST", "/faults/x", "DELETE, GET")]
)
def test_says_which_methods_it_answers(app: RunningApp, method: str, path: str, allow: str) -> None:
    answer = app.fault(method, path)
    assert (answer.status, answer.headers["allow"]) == (405, allow)


def test_is_not_served_on_the_apps_own_address(app: RunningApp) -> None:
    answer = app.request("/faults", headers={"Authorization": f"Bearer {TOKEN}"})
    assert answer.status == 404
    assert b"nothing is served" in answer.body


def test_is_off_unless_its_address_is_set(tmp_path: Path) -> None:
    with running_app(tmp_path, FAULT_SWITCH_ADDRESS="") as app:
        assert app.request().status == 200
        with pytest.raises(ConnectionRefusedError):
            app.fault("GET", "/faults")
