import logging

from available_schedules.observation.sdk_notices import SAY_AGAIN_AFTER_SECONDS, SdkNotices


def record(level: int, text: str, name: str = "opentelemetry.exporter") -> logging.LogRecord:
    return logging.LogRecord(name, level, "", 0, text, ("a\nb",), None)


def test_each_part_of_the_sdk_is_heard_only_now_and_then() -> None:
    said: list[str] = []
    now = [100.0]
    notices = SdkNotices(said.append, lambda: now[0])
    notices.handle(record(logging.WARNING, "one %s"))
    notices.handle(record(logging.ERROR, "two %s"))
    notices.handle(record(logging.WARNING, "three %s", "opentelemetry.other"))
    assert said == ["traces: one a b", "traces: three a b"]
    now[0] += SAY_AGAIN_AFTER_SECONDS
    notices.handle(record(logging.ERROR, "four %s"))
    assert said[2:] == ["traces: four a b"]


def test_only_warnings_are_heard() -> None:
    said: list[str] = []
    logger = logging.getLogger("opentelemetry_test")
    logger.addHandler(SdkNotices(said.append))
    logger.info("all is well")
    assert said == []
    logger.warning("all is not well")
    assert said == ["traces: all is not well"]
