"""A collector that takes OTLP over HTTP, and says what it was sent."""

import contextlib
from collections.abc import Iterator
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from threading import Condition, Thread
from typing import Any

from opentelemetry.proto.collector.trace.v1.trace_service_pb2 import (
    ExportTraceServiceRequest,
    ExportTraceServiceResponse,
)
from opentelemetry.proto.common.v1.common_pb2 import AnyValue
from opentelemetry.proto.trace.v1.trace_pb2 import Span

ARRIVES_WITHIN_SECONDS = 20.0


@dataclass
class Receiver:
    port: int = 0
    status: int = 200
    _spans: list[tuple[dict[str, Any], Span]] = field(default_factory=list)
    _changed: Condition = field(default_factory=Condition)

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.port}"

    def spans(self, trace_id: str | None = None, count: int = 1) -> list[Span]:
        """The spans of a trace, or all, once there are `count`; fails if there are not in time, or more."""

        def found() -> list[Span]:
            wanted = None if trace_id is None else bytes.fromhex(trace_id)
            return [span for _, span in self._spans if wanted is None or span.trace_id == wanted]

        with self._changed:
            self._changed.wait_for(lambda: len(found()) >= count, ARRIVES_WITHIN_SECONDS)
            seen = found()
        assert len(seen) == count, f"{count} spans expected, {[span.name for span in seen]} seen"
        return seen

    def resource(self) -> dict[str, Any]:
        """The attributes of the resource that sent the last span."""
        return self._spans[-1][0]

    def take(self, body: bytes) -> None:
        sent = ExportTraceServiceRequest.FromString(body)
        with self._changed:
            for part in sent.resource_spans:
                resource = values(part.resource)
                self._spans += [(resource, span) for scope in part.scope_spans for span in scope.spans]
            self._changed.notify_all()


def values(attributed: Any) -> dict[str, Any]:
    """The attributes of a span or a resource as Python values, by their keys."""
    return {attribute.key: _value(attribute.value) for attribute in attributed.attributes}


def _value(value: AnyValue) -> Any:
    kind = value.WhichOneof("value")
    if kind == "array_value":
        return [_value(one) for one in value.array_value.values]
    return getattr(value, str(kind))


@contextlib.contextmanager
def otlp_receiver(status: int = 200) -> Iterator[Receiver]:
    """Listens on a free port; with another `status` it takes nothing and answers that."""
    receiver = Receiver(status=status)

    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"

        def do_POST(self) -> None:
            body = self.rfile.read(int(self.headers["Content-Length"]))
            answer = ExportTraceServiceResponse().SerializeToString()
            known = self.path == "/v1/traces" and self.headers["Content-Type"] == "application/x-protobuf"
            if known and receiver.status == 200:
                receiver.take(body)
            self.send_response(receiver.status if known else 404)
            self.send_header("Content-Type", "application/x-protobuf")
            self.send_header("Content-Length", str(len(answer)))
            self.end_headers()
            self.wfile.write(answer)

        def log_message(self, format: str, *args: Any) -> None:
            pass

    with ThreadingHTTPServer(("127.0.0.1", 0), Handler) as server:
        server.daemon_threads = True
        receiver.port = server.server_address[1]
        serving = Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01})
        serving.start()
        try:
            yield receiver
        finally:
            server.shutdown()
            serving.join()
