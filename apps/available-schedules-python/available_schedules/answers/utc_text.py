from datetime import UTC, datetime


def utc_text(instant: datetime) -> str:
    """RFC 3339 in UTC with microseconds."""
    return instant.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%S.%fZ")
