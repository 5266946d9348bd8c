import math
import secrets
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Any, Literal

from ..answers.utc_text import utc_text
from .request import FaultRequest

State = Literal["active", "spent", "expired", "ended"]


@dataclass(slots=True)
class Fault:
    """A fault as it was asked for, and what it has done. Its switch alone changes it."""

    asked: FaultRequest
    expires_at_monotonic: float
    id: str = field(default_factory=lambda: secrets.token_hex(8))
    created_at: datetime = field(default_factory=lambda: datetime.now(UTC))
    state: State = "active"
    matched: int = 0
    injected: int = 0
    last_injected_at: datetime | None = None

    def match(self) -> bool:
        """Counts one request of the route; whether it is to be made to fail."""
        self.matched += 1
        if self.asked.rate is not None and self.injected >= self._due(self.asked.rate):
            return False
        self.injected += 1
        self.last_injected_at = datetime.now(UTC)
        if self.injected == self.asked.count:
            self.state = "spent"
        return True

    def _due(self, rate: float) -> int:
        # The sum of a rate such as 0.29 lies a hair below the whole number that is meant.
        return math.floor(self.matched * rate + 1e-9)

    def report(self) -> dict[str, Any]:
        expires_at = self.created_at + timedelta(milliseconds=self.asked.expires_in_ms)
        return {
            "id": self.id,
            "route": self.asked.route,
            "status": self.asked.status,
            "latency_ms": self.asked.latency_ms,
            "count": self.asked.count,
            "rate": self.asked.rate,
            "logged_status": self.asked.logged_status,
            "state": self.state,
            "matched": self.matched,
            "injected": self.injected,
            "created_at": utc_text(self.created_at),
            "expires_at": utc_text(expires_at),
            "last_injected_at": self.last_injected_at and utc_text(self.last_injected_at),
        }
