import json
from collections.abc import Callable, Collection
from dataclasses import dataclass
from typing import Any

STATUSES = (500, 502, 503, 504)
LARGEST_BODY_BYTES = 16384


@dataclass(frozen=True, slots=True)
class FieldError:
    """One refused field of a request to the fault switch; None is the whole body."""

    field: str | None
    code: str
    detail: str

    def document(self) -> dict[str, str | None]:
        return {"field": self.field, "code": self.code, "detail": self.detail}


@dataclass(frozen=True, slots=True)
class FaultRequest:
    """What is to fail: see ../contract/fault-switch.yaml. None is what was not given."""

    route: str
    expires_in_ms: int
    status: int | None = None
    latency_ms: int | None = None
    count: int | None = None
    rate: float | None = None
    logged_status: int | None = None


class _Refused(Exception):
    def __init__(self, code: str, detail: str) -> None:
        self.code = code
        self.detail = detail


def parse_fault(body: bytes, routes: Collection[str]) -> FaultRequest | list[FieldError]:
    """Reads a request to start a fault: the fault, or all errors in the contract's order."""
    given = _json_object(body)
    if given is None:
        detail = f"the body must be a JSON object of at most {LARGEST_BODY_BYTES} bytes"
        return [FieldError(None, "not_json", detail)]
    given = {name: value for name, value in given.items() if value is not None}
    parsers: dict[str, Callable[[Any], Any]] = {
        "route": lambda value: _route(value, routes),
        "status": lambda value: _status(value, given),
        "latency_ms": _optional_integer(1, 60000),
        "count": _optional_integer(1, 100000),
        "rate": lambda value: _rate(value, given),
        "expires_in_ms": lambda value: _integer(_required(value), 1, 600000),
        "logged_status": _optional_integer(100, 599),
    }
    fields: dict[str, Any] = {}
    errors: list[FieldError] = []
    for name, parse in parsers.items():
        try:
            fields[name] = parse(given.get(name))
        except _Refused as refused:
            errors.append(FieldError(name, refused.code, refused.detail))
    unknown = sorted(name for name in given if name not in parsers)
    errors += [FieldError(name, "unknown", "is not a field of a fault") for name in unknown]
    return errors or FaultRequest(**fields)


def _json_object(body: bytes) -> dict[str, Any] | None:
    if len(body) > LARGEST_BODY_BYTES:
        return None
    try:
        value = json.loads(body.decode("utf-8"), parse_constant=_refuse_constant)
    except (ValueError, RecursionError):
        return None
    return value if isinstance(value, dict) else None


def _refuse_constant(name: str) -> None:
    raise ValueError(f"{name} is not JSON")


def _required(value: Any) -> Any:
    if value is None:
        raise _Refused("missing", "is required")
    return value


def _route(value: Any, routes: Collection[str]) -> str:
    route = _required(value)
    if not isinstance(route, str) or route not in routes:
        listed = ", ".join(sorted(routes))
        raise _Refused("not_served", f"must be one of the app's routes: {listed}")
    return route


def _status(value: Any, given: dict[str, Any]) -> int | None:
    if value is None:
        if "latency_ms" not in given:
            raise _Refused("missing", "is required unless latency_ms is given")
        return None
    if type(value) is not int or value not in STATUSES:
        raise _Refused("not_allowed", "must be one of 500, 502, 503, 504")
    return value


def _integer(value: Any, lowest: int, highest: int) -> int:
    # A bool is an int to Python, not to JSON.
    if type(value) is not int or not lowest <= value <= highest:
        raise _Refused("out_of_range", f"must be an integer from {lowest} to {highest}")
    return value


def _optional_integer(lowest: int, highest: int) -> Callable[[Any], int | None]:
    return lambda value: None if value is None else _integer(value, lowest, highest)


def _rate(value: Any, given: dict[str, Any]) -> float | None:
    if value is None:
        return None
    if isinstance(value, bool) or not isinstance(value, int | float) or not 0 < value <= 1:
        raise _Refused("out_of_range", "must be a number above 0 and at most 1")
    if "count" in given:
        raise _Refused("conflict", "must not be given together with count")
    return value
