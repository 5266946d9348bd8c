import logging
from collections.abc import Callable
from time import monotonic

SAY_AGAIN_AFTER_SECONDS = 60.0


class SdkNotices(logging.Handler):
    """Passes on what OpenTelemetry warns of, one line each, and each of its parts only now and then: a
    collector that cannot be reached, or a client's bad header, would have it say the same all the time."""

    def __init__(self, say: Callable[[str], None], seconds: Callable[[], float] = monotonic) -> None:
        super().__init__(logging.WARNING)
        self._say = say
        self._seconds = seconds
        self._last_said: dict[str, float] = {}

    def install(self) -> None:
        """From now on this is the only place where the SDK's warnings go."""
        logger = logging.getLogger("opentelemetry")
        logger.addHandler(self)
        logger.propagate = False

    def emit(self, record: logging.LogRecord) -> None:
        now = self._seconds()
        last = self._last_said.get(record.name)
        if last is None or now - last >= SAY_AGAIN_AFTER_SECONDS:
            self._last_said[record.name] = now
            self._say(f"traces: {' '.join(record.getMessage().split())}")
