import json
from typing import Any

import pytest

from tests.running_app import CONTRACT_FOLDER, Answer, RunningApp

Case = dict[str, Any]


def read_cases(name: str) -> list[Case]:
    text = (CONTRACT_FOLDER / name).read_text("utf-8")
    return json.loads(text.replace("{version}", "v1"))["cases"]


CASES = read_cases("cases.json")
FAULT_CASES = read_cases("fault-switch-cases.json")


def differences(case: Case, answer: Answer) -> list[str]:
    """What of the answer is not as the case has it, in words."""
    expected = {"status": case["status"], **case.get("headers", {}), "body": case["body"]}
    seen = {**answer.headers, "status": answer.status, "body": answer.body.decode()}
    return [
        f"{part}: expected {value!r}, seen {seen.get(part)!r}"
        for part, value in expected.items()
        if seen.get(part) != value
    ]


@pytest.mark.parametrize("case", CASES, ids=lambda case: case["claim"])
def test_answers_to_the_letter(app: RunningApp, case: Case) -> None:
    target = case["path"] + (f"?{case['query']}" if case["query"] else "")
    assert differences(case, app.request(target, case.get("method", "GET"))) == []


@pytest.mark.parametrize("case", FAULT_CASES, ids=lambda case: case["claim"])
def test_refuses_a_fault_to_the_letter(app: RunningApp, case: Case) -> None:
    answer = app.fault("POST", "/faults", case["request"])
    assert differences(case, answer) == []
    assert answer.headers["content-type"] == "application/problem+json"


def test_no_refused_fault_was_started(app: RunningApp) -> None:
    before = app.fault("GET", "/faults").json()
    assert FAULT_CASES
    for case in FAULT_CASES:
        app.fault("POST", "/faults", case["request"])
    assert app.fault("GET", "/faults").json() == before


def test_sees_one_wrong_byte_a_wrong_status_and_a_missing_header() -> None:
    case = CASES[0]
    right = Answer(case["status"], case["headers"], case["body"].encode())
    assert differences(case, right) == []
    wrong = Answer(201, {}, case["body"].replace(":", ": ", 1).encode())
    assert [line.split(":")[0] for line in differences(case, wrong)] == [
        "status",
        "content-type",
        "content-length",
        "body",
    ]
