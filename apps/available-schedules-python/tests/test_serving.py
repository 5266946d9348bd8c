import asyncio
import http.client
import signal
import socket
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from available_schedules.process.drain import Drain
from available_schedules.process.serve import listen
from available_schedules.process.settings import Address
from tests.running_app import RunningApp, command_with_shutdown_bound, free_ports, running_app


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT])
def test_an_idle_process_ends_at_once_with_zero(fresh_app: RunningApp, number: signal.Signals) -> None:
    assert fresh_app.request().status == 200
    assert fresh_app.end(number) == 0
    assert "Traceback" not in fresh_app.errors()


def test_a_request_in_flight_is_finished_while_readiness_is_gone(fresh_app: RunningApp) -> None:
    fault = fresh_app.start_fault(latency_ms=2000, count=1)
    with ThreadPoolExecutor(1) as pool:
        slow = pool.submit(fresh_app.request)
        while fresh_app.fault("GET", f"/faults/{fault['id']}").json()["injected"] == 0:
            assert not slow.done()
        fresh_app.process.send_signal(signal.SIGTERM)
        while (ready := fresh_app.request("/readyz")).status == 200:
            assert not slow.done()
        assert ready.status == 503
        assert ready.body == b'{"status":"stopping"}'
        assert fresh_app.request("/healthz").status == 200
        assert not slow.done()
        assert slow.result().status == 200
    assert fresh_app.process.wait(15) == 0
    assert len(fresh_app.new_log_lines()) == 1


def test_a_request_that_outlasts_the_bound_is_cut_off_without_an_answer(tmp_path: Path) -> None:
    with running_app(tmp_path, command_with_shutdown_bound(0.2)) as app, ThreadPoolExecutor(1) as pool:
        fault = app.start_fault(latency_ms=60000, count=1)
        endless = pool.submit(app.request)
        while app.fault("GET", f"/faults/{fault['id']}").json()["injected"] == 0:
            assert not endless.done()
        assert app.end() == 0
        with pytest.raises((http.client.RemoteDisconnected, ConnectionResetError)):
            endless.result()
        assert app.new_log_lines() == []
        assert app.errors().splitlines()[1:] == [
            "available-schedules-python: requests were still in flight after 0.2 s and are cut off"
        ]


def test_an_answer_does_not_wait_for_the_acknowledgement_of_its_head() -> None:
    with (
        listen(Address("127.0.0.1", free_ports(1)[0])) as listener,
        socket.create_connection(listener.getsockname()),
        listener.accept()[0] as accepted,
    ):
        assert accepted.getsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY)


def test_waits_for_what_was_in_flight_and_not_for_what_came_later() -> None:
    async def story() -> None:
        drain = Drain()
        earlier = drain.request()
        earlier.__enter__()
        drain.stop()
        later = drain.request()
        later.__enter__()
        assert not await drain.done(within_seconds=0.01)
        earlier.__exit__(None, None, None)
        assert await drain.done(within_seconds=0.01)

    asyncio.run(story())


def test_a_request_that_fails_is_done_too() -> None:
    async def story() -> None:
        drain = Drain()
        with pytest.raises(ValueError, match="on purpose"), drain.request():
            raise ValueError("on purpose")
        drain.stop()
        assert await drain.done(within_seconds=0.01)

    asyncio.run(story())
