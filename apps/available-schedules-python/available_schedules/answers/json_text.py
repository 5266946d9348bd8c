import json
from typing import Any


def compact(value: Any) -> bytes:
    """JSON as the contract writes it: no spaces, keys in their given order, ASCII only."""
    return json.dumps(value, separators=(",", ":"), allow_nan=False).encode("ascii")
