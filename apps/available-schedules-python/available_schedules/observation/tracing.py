from collections.abc import Iterable

from opentelemetry.baggage.propagation import W3CBaggagePropagator
from opentelemetry.propagators.composite import CompositePropagator
from opentelemetry.propagators.textmap import Getter, TextMapPropagator
from opentelemetry.sdk.resources import SERVICE_NAME, OTELResourceDetector, Resource
from opentelemetry.sdk.trace import ReadableSpan, SpanProcessor, TracerProvider
from opentelemetry.sdk.trace.id_generator import RandomIdGenerator
from opentelemetry.sdk.trace.sampling import (
    ALWAYS_OFF,
    ALWAYS_ON,
    DEFAULT_OFF,
    DEFAULT_ON,
    ParentBased,
    Sampler,
    TraceIdRatioBased,
)
from opentelemetry.trace import SpanKind
from opentelemetry.trace.propagation.tracecontext import TraceContextTextMapPropagator
from starlette.types import Scope

from ..process.trace_settings import TraceSettings
from .identity import take_request_id
from .request_span import RequestSpan, request_attributes, span_name
from .span_export import SpanExport
from .span_outcomes import SpanOutcomes

_Headers = Iterable[tuple[bytes, bytes]]

_PROPAGATORS: dict[str, type[TextMapPropagator]] = {
    "tracecontext": TraceContextTextMapPropagator,
    "baggage": W3CBaggagePropagator,
}


class Tracing:
    """Begins the one span of each request, and exports those that are sampled and have ended.

    It is not made known to OpenTelemetry's global state, so no library adds spans of its own."""

    def __init__(self, settings: TraceSettings, outcomes: SpanOutcomes, service: str) -> None:
        self._outcomes = outcomes
        self._export: SpanExport | None = None
        self._propagator = CompositePropagator([_PROPAGATORS[name]() for name in settings.propagators])
        provider = TracerProvider(
            sampler=_sampler(settings),
            resource=_resource(service),
            shutdown_on_exit=False,
            id_generator=_Ids(),
        )
        provider.add_span_processor(_EndedSpans(outcomes))
        if settings.collector_url is not None:
            self._export = SpanExport(settings, settings.collector_url, outcomes)
            provider.add_span_processor(self._export)
        self._tracer = provider.get_tracer("available_schedules")

    def begin(self, scope: Scope, method: str, route: str | None) -> RequestSpan:
        """Begins the span of a request: in the trace of its caller if it names one, else in a new one.

        `method` is bounded, `route` None if unmatched."""
        request_id = take_request_id(scope["headers"])
        span = self._tracer.start_span(
            span_name(method, route),
            context=self._propagator.extract(scope["headers"], getter=_HEADERS),
            kind=SpanKind.SERVER,
            attributes=request_attributes(scope, method, route, request_id),
        )
        return RequestSpan(span, request_id)

    def close(self, within_seconds: float) -> int:
        """Exports the spans that still wait, for at most so long; how many of them were lost."""
        if self._export is None:
            return 0
        waiting = self._outcomes.ended - self._outcomes.exported - self._outcomes.dropped
        exported = self._outcomes.exported
        self._export.close(within_seconds)
        return waiting - (self._outcomes.exported - exported)


class _EndedSpans(SpanProcessor):
    def __init__(self, outcomes: SpanOutcomes) -> None:
        self._outcomes = outcomes

    def on_end(self, span: ReadableSpan) -> None:
        if span.context and span.context.trace_flags.sampled:
            self._outcomes.add(ended=1)


class _Ids(RandomIdGenerator):
    """The SDK's own random ids without the flag that tells so: a new trace has the flags that the
    contract says, 01 or 00."""

    def is_trace_id_random(self) -> bool:
        return False


class _HeadersGetter(Getter[_Headers]):
    """Reads the headers of a request as the server has them, with names in lower case."""

    def get(self, carrier: _Headers, key: str) -> list[str] | None:
        name = key.encode("ascii")
        values = [value.decode("latin-1") for given, value in carrier if given == name]
        # Two that contradict each other name no caller.
        if not values or (key == "traceparent" and len(values) > 1):
            return None
        return values

    def keys(self, carrier: _Headers) -> list[str]:
        return [name.decode("latin-1") for name, _ in carrier]


_HEADERS = _HeadersGetter()


def _sampler(settings: TraceSettings) -> Sampler:
    by_ratio = TraceIdRatioBased(settings.sampler_ratio)
    samplers = {
        "always_on": ALWAYS_ON,
        "always_off": ALWAYS_OFF,
        "parentbased_always_on": DEFAULT_ON,
        "parentbased_always_off": DEFAULT_OFF,
        "traceidratio": by_ratio,
        "parentbased_traceidratio": ParentBased(by_ratio),
    }
    return samplers[settings.sampler]


def _resource(service: str) -> Resource:
    """Whose spans they are: by OTEL_SERVICE_NAME and OTEL_RESOURCE_ATTRIBUTES, `service` if they do not say."""
    named = OTELResourceDetector().detect().attributes.get(SERVICE_NAME)
    return Resource.create({SERVICE_NAME: named or service})
