from collections.abc import Mapping
from dataclasses import dataclass
from urllib.parse import urlsplit

from .settings_error import SettingsError

PROPAGATORS = ("tracecontext", "baggage")
SAMPLERS = ("always_on", "always_off", "parentbased_always_on", "parentbased_always_off")
RATIO_SAMPLERS = ("traceidratio", "parentbased_traceidratio")


@dataclass(frozen=True, slots=True)
class TraceSettings:
    """What the standard variables of OpenTelemetry decide; the defaults are those of its specification,
    but for the propagators. The SDK itself reads the rest, such as OTEL_SERVICE_NAME.

    `collector_url` is the base of OTLP over HTTP; None exports nothing. Without propagators the trace
    of the caller is ignored. `sampler_ratio` is of use to the ratio samplers alone."""

    collector_url: str | None = None
    propagators: tuple[str, ...] = ("tracecontext",)
    sampler: str = "parentbased_always_on"
    sampler_ratio: float = 1.0
    schedule_delay_ms: int = 5000
    max_queue_size: int = 2048
    max_export_batch_size: int = 512

    @classmethod
    def from_environment(cls, environment: Mapping[str, str]) -> "TraceSettings":
        """Reads the settings; raises SettingsError. A variable that is empty counts as unset."""
        # A disabled SDK gives every request the same ids, all zeros.
        if environment.get("OTEL_SDK_DISABLED", "").strip().lower() == "true":
            raise SettingsError(
                "OTEL_SDK_DISABLED must not be true, since log lines take their ids from the spans; "
                "set OTEL_TRACES_SAMPLER=always_off to export none"
            )
        default = cls()
        queue = _whole(environment, "OTEL_BSP_MAX_QUEUE_SIZE", default.max_queue_size)
        batch_by_default = min(default.max_export_batch_size, queue)
        batch = _whole(environment, "OTEL_BSP_MAX_EXPORT_BATCH_SIZE", batch_by_default)
        if batch > queue:
            raise SettingsError(
                f"OTEL_BSP_MAX_EXPORT_BATCH_SIZE must be at most OTEL_BSP_MAX_QUEUE_SIZE, which is {queue}, "
                f"but is {batch}"
            )
        return cls(
            collector_url=_collector_url(environment),
            propagators=_propagators(environment),
            sampler=_sampler(environment),
            sampler_ratio=_sampler_ratio(environment),
            schedule_delay_ms=_whole(environment, "OTEL_BSP_SCHEDULE_DELAY", default.schedule_delay_ms),
            max_queue_size=queue,
            max_export_batch_size=batch,
        )


def _collector_url(environment: Mapping[str, str]) -> str | None:
    name = "OTEL_EXPORTER_OTLP_ENDPOINT"
    text = environment.get(name)
    if not text:
        return None
    try:
        url = urlsplit(text)
        usable = url.scheme in ("http", "https") and url.hostname and url.port != 0
        usable = usable and not url.query and not url.fragment
    except ValueError:
        usable = False
    if not usable:
        raise SettingsError(
            f"{name} must be the http or https URL of a collector, but is {text!r}; try http://127.0.0.1:4318"
        )
    return text.rstrip("/")


def _propagators(environment: Mapping[str, str]) -> tuple[str, ...]:
    name = "OTEL_PROPAGATORS"
    text = environment.get(name)
    if not text:
        return TraceSettings().propagators
    if text == "none":
        return ()
    given = tuple(dict.fromkeys(part.strip() for part in text.split(",")))
    if not set(given) <= set(PROPAGATORS):
        raise SettingsError(
            f"{name} must be none or a list of {' and '.join(PROPAGATORS)}, but is {text!r}; try tracecontext"
        )
    return given


def _sampler(environment: Mapping[str, str]) -> str:
    name = "OTEL_TRACES_SAMPLER"
    text = environment.get(name) or TraceSettings().sampler
    known = SAMPLERS + RATIO_SAMPLERS
    if text not in known:
        raise SettingsError(f"{name} must be one of {', '.join(known)}, but is {text!r}; try {known[2]}")
    return text


def _sampler_ratio(environment: Mapping[str, str]) -> float:
    name = "OTEL_TRACES_SAMPLER_ARG"
    text = environment.get(name)
    if not text or environment.get("OTEL_TRACES_SAMPLER") not in RATIO_SAMPLERS:
        return TraceSettings().sampler_ratio
    try:
        ratio = float(text)
    except ValueError:
        ratio = -1.0
    # Written so that it also refuses what is not a number.
    if not 0 <= ratio <= 1:
        raise SettingsError(f"{name} must be a number from 0 to 1, but is {text!r}; try 0.1")
    return ratio


def _whole(environment: Mapping[str, str], name: str, default: int) -> int:
    text = environment.get(name)
    if not text:
        return default
    if not (text.isascii() and text.isdigit() and len(text) < 10 and int(text) >= 1):
        raise SettingsError(
            f"{name} must be a whole number from 1 to 999999999, but is {text!r}; try {default}"
        )
    return int(text)
