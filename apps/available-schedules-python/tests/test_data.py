import copy
import json
from collections.abc import Callable
from datetime import datetime, timedelta
from itertools import pairwise
from pathlib import Path
from typing import Any

import pytest

from available_schedules.schedule.data import WEEKDAYS, DataFileError, load_schedules
from tests.running_app import CONTRACT_FOLDER

DATA_FILE = CONTRACT_FOLDER / "schedules.json"
DATA = json.loads(DATA_FILE.read_text("utf-8"))


def test_the_contracts_file_is_accepted() -> None:
    schedules = load_schedules(DATA_FILE)
    assert len(schedules.units) == 3
    assert len(schedules.professionals) == 5


def test_nobody_works_in_two_places_at_once() -> None:
    for professional in load_schedules(DATA_FILE).professionals:
        rows = sorted(professional.hours, key=lambda row: (WEEKDAYS.index(row.weekday), row.opens))
        assert rows
        for earlier, later in pairwise(rows):
            assert earlier.weekday != later.weekday or earlier.closes <= later.opens, professional.id


def test_every_booking_is_within_working_hours_and_overlaps_no_other() -> None:
    for professional in load_schedules(DATA_FILE).professionals:
        assert professional.bookings
        for booking in professional.bookings:
            assert any(
                row.unit_id == booking.unit_id
                and row.weekday == WEEKDAYS[booking.start.weekday()]
                and row.opens <= f"{booking.start:%H:%M}" < f"{booking.end:%H:%M}" <= row.closes
                for row in professional.hours
            ), (professional.id, booking)
        ordered = sorted(professional.bookings, key=lambda booking: booking.start)
        for earlier, later in pairwise(ordered):
            assert earlier.end <= later.start, professional.id


def test_a_time_that_is_skipped_is_counted_on_from_before_the_change() -> None:
    schedules = load_schedules(DATA_FILE)
    skipped = schedules.instant(datetime(2026, 3, 29, 1, 30))
    assert skipped == schedules.instant(datetime(2026, 3, 29, 0, 30)) + timedelta(hours=1)


def test_a_time_that_occurs_twice_is_the_first() -> None:
    schedules = load_schedules(DATA_FILE)
    twice = schedules.instant(datetime(2026, 10, 25, 1, 30))
    assert twice == schedules.instant(datetime(2026, 10, 25, 0, 30)) + timedelta(hours=1)


def wrong(change: Callable[[dict[str, Any]], Any]) -> str:
    data = copy.deepcopy(DATA)
    change(data)
    return json.dumps(data)


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("{", "the whole file: Invalid JSON"),
        ("{}", "clinic: Field required"),
        (wrong(lambda data: data.update(surprise=1)), "surprise: Extra inputs"),
        (wrong(lambda data: data["units"][1].update(id="baixa")), "units lists baixa twice"),
        (
            wrong(lambda data: data["professionals"][1].update(id="ana-duarte")),
            "professionals lists ana-duarte twice",
        ),
        (wrong(lambda data: data["units"].pop(0)), "the unit baixa is named but not listed in units"),
        (wrong(lambda data: data.update(valid_from="2028-01-01")), "valid_from must not be after"),
        (wrong(lambda data: data.update(valid_from="2026-02-30")), "valid_from: "),
        (wrong(lambda data: data["clinic"].update(timezone="Europe/Nowhere")), "clinic.timezone: "),
        (wrong(lambda data: data["clinic"].update(timezone="../../etc/passwd")), "clinic.timezone: "),
        (
            wrong(lambda data: data["professionals"][2]["hours"][0].update(until="09:00")),
            "professionals.2.hours.0: Value error, from must be before until",
        ),
        (
            wrong(lambda data: data["professionals"][0]["hours"][0].update({"from": "9:00"})),
            "professionals.0.hours.0.from: ",
        ),
        (
            wrong(lambda data: data["professionals"][0].update(slot_minutes=0)),
            "professionals.0.slot_minutes: ",
        ),
        (
            wrong(lambda data: data["professionals"][0]["bookings"][3].update(start="2026-11-23T24:61")),
            "professionals.0.bookings.3.start: ",
        ),
    ],
)
def test_refuses_a_file_and_says_where_it_is_wrong(tmp_path: Path, text: str, said: str) -> None:
    path = tmp_path / "schedules.json"
    path.write_text(text, "utf-8")
    with pytest.raises(DataFileError) as refused:
        load_schedules(path)
    assert str(path) in str(refused.value)
    assert said in str(refused.value)


def test_says_which_file_is_not_there(tmp_path: Path) -> None:
    with pytest.raises(DataFileError, match=r"nothing\.json cannot be read: No such file"):
        load_schedules(tmp_path / "nothing.json")
