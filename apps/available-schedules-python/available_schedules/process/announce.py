import sys

SERVICE = "available-schedules-python"


def announce(line: str) -> None:
    """Says something of the process itself, on standard error: standard output is for request lines alone."""
    print(f"{SERVICE}: {line}", file=sys.stderr, flush=True)
