from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from .data import WEEKDAYS, Interval, Professional, Schedules


@dataclass(frozen=True, slots=True)
class Slot:
    """A free slot; start and end carry the clinic's offset from UTC at that moment."""

    start: datetime
    end: datetime
    unit_id: str


def free_slots(
    schedules: Schedules, professional: Professional, first: date, last: date, unit_id: str | None
) -> list[Slot]:
    """The slots not booked from `first` to `last`, both days included, by start and unit."""
    length = timedelta(minutes=professional.slot_minutes)
    booked = schedules.booked[professional.id]
    free = [
        (slot, open_unit)
        for opening, open_unit in _openings(schedules, professional, first, last, unit_id)
        for slot in _cut(opening, length)
        if not any(_overlap(slot, booking) for booking in booked)
    ]
    free.sort(key=lambda found: (found[0].start, found[1]))
    zone = schedules.zone
    return [Slot(slot.start.astimezone(zone), slot.end.astimezone(zone), unit) for slot, unit in free]


def _openings(
    schedules: Schedules, professional: Professional, first: date, last: date, unit_id: str | None
) -> Iterator[tuple[Interval, str]]:
    for ordinal in range(first.toordinal(), last.toordinal() + 1):
        day = date.fromordinal(ordinal)
        weekday = WEEKDAYS[day.weekday()]
        for hours in professional.hours:
            elsewhere = unit_id is not None and hours.unit_id != unit_id
            if hours.weekday != weekday or elsewhere or (day, hours.unit_id) in schedules.closed:
                continue
            opens = schedules.instant(datetime.fromisoformat(f"{day}T{hours.opens}"))
            closes = schedules.instant(datetime.fromisoformat(f"{day}T{hours.closes}"))
            yield Interval(opens, closes), hours.unit_id


def _cut(opening: Interval, length: timedelta) -> Iterator[Interval]:
    start = opening.start
    while start + length <= opening.end:
        yield Interval(start, start + length)
        start += length


def _overlap(one: Interval, other: Interval) -> bool:
    return one.start < other.end and other.start < one.end
