from collections.abc import Mapping
from functools import lru_cache
from urllib.parse import urlsplit

from opentelemetry.trace import Span, StatusCode
from opentelemetry.util.types import AttributeValue
from starlette.types import Scope

from .identity import Identity

OTHER_METHOD = "_OTHER"


class RequestSpan:
    """The SERVER span of one request, by the stable conventions for HTTP. It must be ended once."""

    def __init__(self, span: Span, request_id: str) -> None:
        self._span = span
        self.identity = Identity.of(request_id, span.get_span_context())

    def end(self, status: int) -> None:
        """Ends the span of a request that is answered with `status`."""
        if self._span.is_recording():
            self._span.set_attribute("http.response.status_code", status)
            if status >= 500:
                self._span.set_attribute("error.type", str(status))
                self._span.set_status(StatusCode.ERROR)
            self._span.end()


def span_name(method: str, route: str | None) -> str:
    """Of few values, whatever clients send; a method that is none of HTTP's is called HTTP."""
    method = "HTTP" if method == OTHER_METHOD else method
    return method if route is None else f"{method} {route}"


def request_attributes(
    scope: Scope, method: str, route: str | None, request_id: str
) -> dict[str, AttributeValue]:
    """What is known of a request before it is answered; `method` is bounded, `route` None if unmatched."""
    attributes: dict[str, AttributeValue] = {
        "http.request.method": method,
        "url.scheme": scope.get("scheme", "http"),
        "url.path": scope["path"],
        "http.request.header.x-request-id": (request_id,),
    }
    if route is not None:
        attributes["http.route"] = route
    if method == OTHER_METHOD:
        attributes["http.request.method_original"] = scope["method"]
    if scope["query_string"]:
        attributes["url.query"] = scope["query_string"].decode("ascii", "replace")
    for name, value in scope["headers"]:
        if name == b"host":
            attributes.update(_server(value))
            break
    return attributes


@lru_cache(maxsize=64)
def _server(host: bytes) -> Mapping[str, AttributeValue]:
    """The server's address as the client wrote it in its Host header; nothing if that is none."""
    text = host.decode("latin-1")
    try:
        url = urlsplit(f"//{text}")
        name, port = url.hostname, url.port
    except ValueError:
        return {}
    if not name or url.netloc != text or "@" in text:
        return {}
    return {"server.address": name} if port is None else {"server.address": name, "server.port": port}
