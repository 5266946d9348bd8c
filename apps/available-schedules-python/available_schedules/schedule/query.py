import re
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, timedelta
from typing import TypeVar
from urllib.parse import unquote_to_bytes

from .data import ID_PATTERN, Schedules

LONGEST_RANGE_DAYS = 31

_T = TypeVar("_T")

_ID = re.compile(ID_PATTERN)
_DAY = re.compile(r"([0-9]{4})-([0-9]{2})-([0-9]{2})", re.ASCII)
_RAW_PIECE = re.compile(rb"(?:[!-$&-~]|%[0-9A-Fa-f]{2})*")


@dataclass(frozen=True, slots=True)
class QueryError:
    """One refused parameter; None where the query could not be taken apart into parameters."""

    parameter: str | None
    code: str
    detail: str

    def document(self) -> dict[str, str | None]:
        return {"parameter": self.parameter, "code": self.code, "detail": self.detail}


@dataclass(frozen=True, slots=True)
class ScheduleQuery:
    """A query without errors; the clinic may still not have the professional or the unit."""

    professional_id: str
    start: date
    end: date
    unit_id: str | None


class _Refused(Exception):
    def __init__(self, code: str, detail: str) -> None:
        self.code = code
        self.detail = detail


def parse_query(raw: bytes, valid_from: date, valid_until: date) -> ScheduleQuery | list[QueryError]:
    """Reads a raw query string by the contract's rules: the query, or all its errors in order."""
    pairs, malformed = _split(raw)
    if malformed:
        return malformed
    given = _Given(pairs)

    def read_day(text: str) -> date:
        return _day(text, valid_from, valid_until)

    professional_id = given.take("professional_id", _id)
    start = given.take("start", read_day)
    end = given.take("end", lambda text: _not_before(start, read_day(text)))
    unit_id = given.take("unit_id", _id, required=False)
    errors = given.errors_with_unknown()
    if errors or professional_id is None or start is None or end is None:
        return errors
    return ScheduleQuery(professional_id, start, end, unit_id)


def not_found(query: ScheduleQuery, schedules: Schedules) -> list[QueryError]:
    """What the query names and the clinic does not have, in the contract's order."""
    errors = []
    if query.professional_id not in schedules.professional_by_id:
        errors.append(QueryError("professional_id", "not_found", "is not known"))
    if query.unit_id is not None and query.unit_id not in schedules.unit_ids:
        errors.append(QueryError("unit_id", "not_found", "is not known"))
    return errors


def _split(raw: bytes) -> tuple[list[tuple[str, str]], list[QueryError]]:
    pairs: list[tuple[str, str]] = []
    malformed: list[QueryError] = []
    for number, piece in enumerate((piece for piece in raw.split(b"&") if piece), start=1):
        name, _, value = piece.partition(b"=")
        try:
            pairs.append((_decode(name), _decode(value)))
        except ValueError:
            detail = f"pair {number} of the query must be percent-encoded UTF-8"
            malformed.append(QueryError(None, "malformed_query", detail))
    return pairs, malformed


def _decode(raw: bytes) -> str:
    if not _RAW_PIECE.fullmatch(raw):
        raise ValueError("not percent-encoded")
    return unquote_to_bytes(raw.replace(b"+", b" ")).decode("utf-8")


class _Given:
    """The pairs of a query, taken out by name; collects what is wrong with them."""

    def __init__(self, pairs: list[tuple[str, str]]) -> None:
        self._values: dict[str, list[str]] = {}
        self._errors: list[QueryError] = []
        for name, value in pairs:
            self._values.setdefault(name, []).append(value)

    def take(self, name: str, parse: Callable[[str], _T], required: bool = True) -> _T | None:
        try:
            text = _single(self._values.pop(name, []), required)
            return None if text is None else parse(text)
        except _Refused as refused:
            self._errors.append(QueryError(name, refused.code, refused.detail))
            return None

    def errors_with_unknown(self) -> list[QueryError]:
        """All errors so far; the names that nobody took are unknown."""
        detail = "is not a parameter of this request"
        return self._errors + [QueryError(name, "unknown", detail) for name in self._values]


def _single(values: list[str], required: bool) -> str | None:
    if len(values) > 1:
        raise _Refused("repeated", "must be given once")
    if not values:
        if required:
            raise _Refused("missing", "is required")
        return None
    if not values[0]:
        raise _Refused("empty", "must not be empty")
    return values[0]


def _id(text: str) -> str:
    if not _ID.fullmatch(text):
        raise _Refused("not_an_id", "must be 1 to 64 of the characters a-z, 0-9 and -, and not begin with -")
    return text


def _day(text: str, valid_from: date, valid_until: date) -> date:
    parts = _DAY.fullmatch(text)
    if not parts:
        raise _Refused("not_a_date", "must be a date in the form YYYY-MM-DD")
    try:
        day = date(*(int(part) for part in parts.groups()))
    except ValueError as cause:
        raise _Refused("not_in_calendar", "must be a day that the calendar has") from cause
    if not valid_from <= day <= valid_until:
        raise _Refused("outside_period", f"must be a day from {valid_from} to {valid_until}")
    return day


def _not_before(start: date | None, end: date) -> date:
    if start is None:
        return end
    if end < start:
        raise _Refused("before_start", "must not be before start")
    if end - start >= timedelta(days=LONGEST_RANGE_DAYS):
        raise _Refused("range_too_long", f"must be at most {LONGEST_RANGE_DAYS - 1} days after start")
    return end
