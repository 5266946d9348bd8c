import re
import secrets
from collections.abc import Iterable
from dataclasses import dataclass

from opentelemetry.trace import SpanContext, format_span_id, format_trace_id

_REQUEST_ID = re.compile(r"[A-Za-z0-9._-]{1,64}")


@dataclass(frozen=True, slots=True)
class Identity:
    """By what names a request is known: its own, and its place in a W3C trace.

    `sampled` tells whether its span is exported, so that it can be found by these ids."""

    request_id: str
    trace_id: str
    span_id: str
    flags: str
    sampled: bool

    @classmethod
    def of(cls, request_id: str, span: SpanContext) -> "Identity":
        """The names of a request whose span is `span`, exported or not."""
        return cls(
            request_id,
            format_trace_id(span.trace_id),
            format_span_id(span.span_id),
            f"{span.trace_flags:02x}",
            span.trace_flags.sampled,
        )

    @property
    def traceparent(self) -> str:
        return f"00-{self.trace_id}-{self.span_id}-{self.flags}"

    def headers(self) -> list[tuple[bytes, bytes]]:
        """The response headers by which a client can name the request."""
        return [
            (b"x-request-id", self.request_id.encode("ascii")),
            (b"traceparent", self.traceparent.encode("ascii")),
        ]


def take_request_id(headers: Iterable[tuple[bytes, bytes]]) -> str:
    """The request's own X-Request-Id if it is valid, else a new one."""
    values = [value for key, value in headers if key == b"x-request-id"]
    given = values[0].decode("latin-1") if len(values) == 1 else ""
    return given if _REQUEST_ID.fullmatch(given) else secrets.token_hex(16)
