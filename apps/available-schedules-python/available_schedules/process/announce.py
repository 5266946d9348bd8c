import sys


def announce(line: str) -> None:
    """Says something of the process itself, on standard error: standard output is for request lines alone."""
    print(f"available-schedules-python: {line}", file=sys.stderr, flush=True)
