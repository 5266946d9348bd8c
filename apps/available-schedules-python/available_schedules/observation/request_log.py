import os
from dataclasses import dataclass
from datetime import UTC, datetime

from ..answers.json_text import compact
from ..answers.utc_text import utc_text
from .identity import Identity


@dataclass(frozen=True, slots=True)
class AnsweredRequest:
    """What a request was and what it was answered with."""

    method: str
    route: str
    path: str
    query: str
    status: int
    duration_seconds: float
    identity: Identity


def log_line(request: AnsweredRequest, at: datetime) -> bytes:
    """The one line of a request, newline included."""
    return (
        compact(
            {
                "time": utc_text(at),
                "level": _level(request.status),
                "msg": "request",
                "method": request.method,
                "route": request.route,
                "path": request.path,
                "query": request.query,
                "status": request.status,
                "duration_seconds": request.duration_seconds,
                "request_id": request.identity.request_id,
                "trace_id": request.identity.trace_id,
                "span_id": request.identity.span_id,
            }
        )
        + b"\n"
    )


def write_log_line(request: AnsweredRequest) -> None:
    """Writes the line to standard output, past every buffer: who has the answer finds the line."""
    rest = log_line(request, datetime.now(UTC))
    while rest:
        rest = rest[os.write(1, rest) :]


def _level(status: int) -> str:
    if status >= 500:
        return "error"
    return "warn" if status >= 400 else "info"
