from collections.abc import Callable
from dataclasses import dataclass
from threading import Lock
from time import monotonic
from typing import Any

from .fault import Fault
from .request import FaultRequest


@dataclass(frozen=True, slots=True)
class Injection:
    """What is to happen to one request."""

    status: int | None = None
    latency_ms: int | None = None
    logged_status: int | None = None


class FaultSwitch:
    """All faults of the app. Every decision is made under one lock, so the counts are exact."""

    def __init__(self, seconds: Callable[[], float] = monotonic) -> None:
        self._seconds = seconds
        self._lock = Lock()
        self._faults: dict[str, Fault] = {}
        self._active: list[Fault] = []

    def start(self, asked: FaultRequest) -> dict[str, Any]:
        """Starts a fault; its report."""
        with self._lock:
            fault = Fault(asked, self._seconds() + asked.expires_in_ms / 1000)
            self._faults[fault.id] = fault
            self._active.append(fault)
            return fault.report()

    def take(self, route: str) -> Injection | None:
        """Decides for one request of the route, and counts it; None leaves the request alone."""
        with self._lock:
            self._expire()
            fault = next((fault for fault in self._active if fault.asked.route == route), None)
            if fault is None or not fault.match():
                return None
            if fault.state != "active":
                self._active.remove(fault)
            return Injection(fault.asked.status, fault.asked.latency_ms, fault.asked.logged_status)

    def end(self, fault_id: str) -> dict[str, Any] | None:
        """Ends a fault, unless it has ended before; its final report, None if there is no such."""
        with self._lock:
            self._expire()
            fault = self._faults.get(fault_id)
            if fault is None:
                return None
            if fault.state == "active":
                fault.state = "ended"
                self._active.remove(fault)
            return fault.report()

    def report(self, fault_id: str) -> dict[str, Any] | None:
        with self._lock:
            self._expire()
            fault = self._faults.get(fault_id)
            return None if fault is None else fault.report()

    def reports(self) -> list[dict[str, Any]]:
        """All faults since the start, in order of creation."""
        with self._lock:
            self._expire()
            return [fault.report() for fault in self._faults.values()]

    def _expire(self) -> None:
        now = self._seconds()
        for fault in self._active:
            if now >= fault.expires_at_monotonic:
                fault.state = "expired"
        self._active = [fault for fault in self._active if fault.state == "active"]
