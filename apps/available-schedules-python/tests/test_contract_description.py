"""The description and the table of cases must tell the same story."""

import json
from typing import Any

import pytest
import yaml
from jsonschema import Draft202012Validator, ValidationError

from available_schedules.fault_switch.request import LARGEST_BODY_BYTES, STATUSES
from available_schedules.schedule.query import LONGEST_RANGE_DAYS
from tests.running_app import CONTRACT_FOLDER
from tests.test_contract import CASES, FAULT_CASES


def read_description(name: str) -> dict[str, Any]:
    return yaml.safe_load((CONTRACT_FOLDER / name).read_text("utf-8"))


OPENAPI = read_description("openapi.yaml")
FAULT_SWITCH = read_description("fault-switch.yaml")


def validate(description: dict[str, Any], name: str, body: str) -> None:
    schema = {"$ref": f"#/components/schemas/{name}", "components": description["components"]}
    Draft202012Validator(schema).validate(json.loads(body))


def schema_of(body: str) -> str:
    keys = json.loads(body).keys()
    if "slots" in keys:
        return "AvailableSchedule"
    return "QueryProblem" if "errors" in keys else "Problem"


@pytest.mark.parametrize("case", [case for case in CASES if case["body"]], ids=lambda case: case["claim"])
def test_every_answer_of_the_table_is_described(case: dict[str, Any]) -> None:
    assert str(case["status"]) in OPENAPI["paths"]["/appoints/available-schedule"]["get"]["responses"]
    validate(OPENAPI, schema_of(case["body"]), case["body"])


@pytest.mark.parametrize("case", FAULT_CASES, ids=lambda case: case["claim"])
def test_every_refused_fault_of_the_table_is_described(case: dict[str, Any]) -> None:
    validate(FAULT_SWITCH, "FaultProblem", case["body"])


@pytest.mark.parametrize("part", ["unit_id", "slots", "timezone"])
def test_an_answer_without_a_key_is_not_described(part: str) -> None:
    body = json.loads(CASES[0]["body"])
    del body[part]
    with pytest.raises(ValidationError, match=part):
        validate(OPENAPI, "AvailableSchedule", json.dumps(body))


def test_keys_stand_in_the_order_of_the_description() -> None:
    assert CASES
    for case in CASES:
        if case["body"]:
            described = OPENAPI["components"]["schemas"][schema_of(case["body"])]["required"]
            assert list(json.loads(case["body"])) == described


def test_the_table_has_a_case_for_every_code() -> None:
    codes = OPENAPI["components"]["schemas"]["QueryProblem"]["properties"]["errors"]["items"]["properties"]
    assert codes_in(CASES) == set(codes["code"]["enum"])
    codes = FAULT_SWITCH["components"]["schemas"]["FaultProblem"]["properties"]["errors"]["items"][
        "properties"
    ]
    assert codes_in(FAULT_CASES) == set(codes["code"]["enum"])


def test_the_table_of_codes_has_the_details_of_the_cases() -> None:
    for description, cases in ((OPENAPI, CASES), (FAULT_SWITCH, FAULT_CASES)):
        text = " ".join(description["info"]["description"].split())
        details = {error["detail"] for error in errors_in(cases)}
        # The number of the pair differs from case to case.
        details = {detail for detail in details if not detail.startswith("pair ")}
        assert details
        assert [detail for detail in details if detail not in text] == []


def test_the_limits_in_the_description_are_those_of_the_code() -> None:
    assert f"A range of {LONGEST_RANGE_DAYS} days" in OPENAPI["info"]["description"]
    assert f"at most {LARGEST_BODY_BYTES} bytes" in FAULT_SWITCH["info"]["description"]
    fault = FAULT_SWITCH["components"]["schemas"]["Fault"]["properties"]
    assert tuple(fault["status"]["enum"]) == STATUSES


def errors_in(cases: list[dict[str, Any]]) -> list[dict[str, str]]:
    bodies = [json.loads(case["body"]) for case in cases if case["body"]]
    return [error for body in bodies for error in body.get("errors", [])]


def codes_in(cases: list[dict[str, Any]]) -> set[str]:
    return {error["code"] for error in errors_in(cases)}
