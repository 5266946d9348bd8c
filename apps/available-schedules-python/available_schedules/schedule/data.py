from collections.abc import Hashable, Iterable
from dataclasses import dataclass
from datetime import UTC, date, datetime
from functools import cached_property
from pathlib import Path
from typing import Annotated, Literal
from zoneinfo import ZoneInfo

from pydantic import (
    AfterValidator,
    BaseModel,
    ConfigDict,
    Field,
    NaiveDatetime,
    ValidationError,
    model_validator,
)

WEEKDAYS = ("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday")

ID_PATTERN = r"^[a-z0-9][a-z0-9-]{0,63}$"

Id = Annotated[str, Field(pattern=ID_PATTERN)]
TimeOfDay = Annotated[str, Field(pattern="^([01][0-9]|2[0-3]):[0-5][0-9]$")]


class DataFileError(Exception):
    """The data file cannot be used; the message says where and why."""


class _Row(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True, strict=True)


class Unit(_Row):
    id: Id
    name: str


class Hours(_Row):
    """Working hours on one weekday in one unit, in local times of the clinic."""

    unit_id: Id
    weekday: Literal["monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday"]
    opens: TimeOfDay = Field(alias="from")
    closes: TimeOfDay = Field(alias="until")

    @model_validator(mode="after")
    def _in_order(self) -> "Hours":
        if self.opens >= self.closes:
            raise ValueError("from must be before until")
        return self


class Booking(_Row):
    unit_id: Id
    start: NaiveDatetime
    end: NaiveDatetime

    @model_validator(mode="after")
    def _in_order(self) -> "Booking":
        if self.start >= self.end:
            raise ValueError("start must be before end")
        return self


class Professional(_Row):
    id: Id
    name: str
    specialty: str
    slot_minutes: int = Field(ge=1, le=1440)
    hours: tuple[Hours, ...]
    bookings: tuple[Booking, ...]


class Holiday(_Row):
    """A day on which the units `unit_ids` are closed; None is all of them."""

    date: date
    name: str
    unit_ids: tuple[Id, ...] | None


def _known_timezone(name: str) -> str:
    try:
        ZoneInfo(name)
    except (KeyError, ValueError, OSError) as cause:
        raise ValueError("must be a name of the IANA time zone database") from cause
    return name


class Clinic(_Row):
    id: Id
    name: str
    timezone: Annotated[str, AfterValidator(_known_timezone)]


@dataclass(frozen=True, slots=True)
class Interval:
    """Two instants in UTC; the end is not part of it."""

    start: datetime
    end: datetime


class Schedules(_Row):
    """The whole data file."""

    clinic: Clinic
    valid_from: date
    valid_until: date
    units: tuple[Unit, ...]
    holidays: tuple[Holiday, ...]
    professionals: tuple[Professional, ...]

    @model_validator(mode="after")
    def _consistent(self) -> "Schedules":
        if self.valid_from > self.valid_until:
            raise ValueError("valid_from must not be after valid_until")
        _refuse_duplicates("units", (unit.id for unit in self.units))
        _refuse_duplicates("professionals", (professional.id for professional in self.professionals))
        for named in self._units_named():
            if named not in self.unit_ids:
                raise ValueError(f"the unit {named} is named but not listed in units")
        return self

    def _units_named(self) -> Iterable[str]:
        for holiday in self.holidays:
            yield from holiday.unit_ids or ()
        for professional in self.professionals:
            yield from (hours.unit_id for hours in professional.hours)
            yield from (booking.unit_id for booking in professional.bookings)

    @cached_property
    def unit_ids(self) -> frozenset[str]:
        return frozenset(unit.id for unit in self.units)

    @cached_property
    def professional_by_id(self) -> dict[str, Professional]:
        return {professional.id: professional for professional in self.professionals}

    @cached_property
    def zone(self) -> ZoneInfo:
        return ZoneInfo(self.clinic.timezone)

    @cached_property
    def closed(self) -> frozenset[tuple[date, str]]:
        """Every day and unit on which that unit is closed for a holiday."""
        return frozenset(
            (holiday.date, unit_id)
            for holiday in self.holidays
            for unit_id in (self.unit_ids if holiday.unit_ids is None else holiday.unit_ids)
        )

    @cached_property
    def booked(self) -> dict[str, tuple[Interval, ...]]:
        """The bookings of each professional, by their id."""
        return {
            professional.id: tuple(
                Interval(self.instant(booking.start), self.instant(booking.end))
                for booking in professional.bookings
            )
            for professional in self.professionals
        }

    def instant(self, local: datetime) -> datetime:
        """The instant of a local time; on a clock change, by the offset in force before it."""
        return local.replace(tzinfo=self.zone, fold=0).astimezone(UTC)


def _refuse_duplicates(what: str, keys: Iterable[Hashable]) -> None:
    seen: set[Hashable] = set()
    for key in keys:
        if key in seen:
            raise ValueError(f"{what} lists {key} twice")
        seen.add(key)


def load_schedules(path: Path) -> Schedules:
    """Reads the data file. Raises DataFileError with the place of the first fault in it."""
    try:
        text = path.read_bytes()
    except OSError as cause:
        raise DataFileError(f"{path} cannot be read: {cause.strerror}") from cause
    try:
        return Schedules.model_validate_json(text)
    except ValidationError as cause:
        first = cause.errors(include_url=False)[0]
        place = ".".join(str(part) for part in first["loc"]) or "the whole file"
        raise DataFileError(f"{path}: {place}: {first['msg']}") from cause
