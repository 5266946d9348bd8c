import re
import secrets
from collections.abc import Iterable
from dataclasses import dataclass

_REQUEST_ID = re.compile(r"[A-Za-z0-9._-]{1,64}")
_TRACEPARENT = re.compile(
    r"(?P<version>[0-9a-f]{2})-(?P<trace_id>[0-9a-f]{32})-(?P<parent_id>[0-9a-f]{16})"
    r"-(?P<flags>[0-9a-f]{2})(?P<later>-.*)?"
)


@dataclass(frozen=True, slots=True)
class Identity:
    """By what names a request is known: its own, and its place in a W3C trace."""

    request_id: str
    trace_id: str
    span_id: str
    flags: str

    @property
    def traceparent(self) -> str:
        return f"00-{self.trace_id}-{self.span_id}-{self.flags}"

    def headers(self) -> list[tuple[bytes, bytes]]:
        """The response headers by which a client can name the request."""
        return [
            (b"x-request-id", self.request_id.encode("ascii")),
            (b"traceparent", self.traceparent.encode("ascii")),
        ]


def identify(headers: Iterable[tuple[bytes, bytes]]) -> Identity:
    """Takes over a valid X-Request-Id and traceparent; what is missing or invalid is made anew."""
    request_id = _only(headers, b"x-request-id")
    if not _REQUEST_ID.fullmatch(request_id):
        request_id = secrets.token_hex(16)
    trace_id, flags = _trace(_only(headers, b"traceparent"))
    return Identity(request_id, trace_id, secrets.token_hex(8), flags)


def _only(headers: Iterable[tuple[bytes, bytes]], name: bytes) -> str:
    values = [value for key, value in headers if key == name]
    return values[0].decode("latin-1") if len(values) == 1 else ""


def _trace(traceparent: str) -> tuple[str, str]:
    found = _TRACEPARENT.fullmatch(traceparent)
    # A later version may append fields, version 00 may not; ff and all-zero ids are never valid.
    if (
        not found
        or found["version"] == "ff"
        or (found["version"] == "00" and found["later"])
        or found["trace_id"] == "0" * 32
        or found["parent_id"] == "0" * 16
    ):
        return secrets.token_hex(16), "00"
    return found["trace_id"], found["flags"]
