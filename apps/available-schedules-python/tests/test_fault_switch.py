import math
from concurrent.futures import ThreadPoolExecutor

import pytest

from available_schedules.fault_switch.request import FaultRequest
from available_schedules.fault_switch.switch import FaultSwitch, Injection


class Clock:
    def __init__(self) -> None:
        self.seconds = 100.0

    def __call__(self) -> float:
        return self.seconds


def taken(switch: FaultSwitch, times: int, route: str = "/a") -> list[bool]:
    return [switch.take(route) is not None for _ in range(times)]


def test_leaves_requests_alone_without_a_fault() -> None:
    assert taken(FaultSwitch(), 3) == [False] * 3


def test_takes_exactly_the_next_count_and_is_then_spent() -> None:
    switch = FaultSwitch()
    started = switch.start(FaultRequest("/a", 1000, status=503, latency_ms=7, count=3, logged_status=200))
    assert switch.take("/a") == Injection(503, 7, 200)
    assert taken(switch, 4) == [True, True, False, False]
    report = switch.report(started["id"])
    assert report
    assert (report["state"], report["matched"], report["injected"]) == ("spent", 3, 3)


def test_the_count_is_exact_under_many_threads() -> None:
    switch = FaultSwitch()
    started = switch.start(FaultRequest("/a", 60000, status=500, count=1000))
    with ThreadPoolExecutor(16) as pool:
        injected = sum(pool.map(lambda _: switch.take("/a") is not None, range(4000)))
    report = switch.report(started["id"])
    assert report
    assert injected == report["injected"] == report["matched"] == 1000


@pytest.mark.parametrize("rate", [1, 0.5, 0.29, 0.1, 0.01, 1 / 3, 0.9999])
def test_a_rate_is_evenly_spread(rate: float) -> None:
    switch = FaultSwitch()
    switch.start(FaultRequest("/a", 60000, status=500, rate=rate))
    injected = 0
    for matched, made in enumerate(taken(switch, 1000), start=1):
        injected += made
        assert injected == math.floor(matched * rate + 1e-9), matched


def test_half_is_every_second_request() -> None:
    switch = FaultSwitch()
    switch.start(FaultRequest("/a", 60000, status=500, rate=0.5))
    assert taken(switch, 6) == [False, True, False, True, False, True]


def test_takes_no_request_of_another_route() -> None:
    switch = FaultSwitch()
    switch.start(FaultRequest("/a", 60000, status=500))
    assert taken(switch, 1, route="/b") == [False]
    assert switch.reports()[0]["matched"] == 0


def test_a_fault_ends_at_its_time() -> None:
    clock = Clock()
    switch = FaultSwitch(clock)
    switch.start(FaultRequest("/a", 1000, status=500))
    clock.seconds += 0.999
    assert taken(switch, 1) == [True]
    clock.seconds += 0.001
    assert taken(switch, 1) == [False]
    assert switch.reports()[0]["state"] == "expired"


def test_the_oldest_active_fault_decides_alone() -> None:
    switch = FaultSwitch()
    switch.start(FaultRequest("/a", 60000, status=500, count=1))
    switch.start(FaultRequest("/a", 60000, status=502, rate=0.5))
    switch.start(FaultRequest("/a", 60000, status=504))
    seen = [injection and injection.status for injection in (switch.take("/a") for _ in range(3))]
    assert seen == [500, None, 502]
    assert [report["matched"] for report in switch.reports()] == [1, 2, 0]


def test_an_ended_fault_takes_nothing_more_and_ends_once() -> None:
    clock = Clock()
    switch = FaultSwitch(clock)
    started = switch.start(FaultRequest("/a", 1000, status=500))
    final = switch.end(started["id"])
    assert final
    assert final["state"] == "ended"
    clock.seconds += 10
    assert taken(switch, 1) == [False]
    assert switch.end(started["id"]) == final


def test_whichever_end_comes_first_stays_the_state() -> None:
    switch = FaultSwitch()
    started = switch.start(FaultRequest("/a", 1000, status=500, count=1))
    switch.take("/a")
    final = switch.end(started["id"])
    assert final
    assert final["state"] == "spent"


def test_does_not_know_what_was_never_started() -> None:
    assert FaultSwitch().report("nothing") is None
    assert FaultSwitch().end("nothing") is None
