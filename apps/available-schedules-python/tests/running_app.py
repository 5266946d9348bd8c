"""The app as a real process, and requests as raw as the contract's table has them."""

import contextlib
import http.client
import json
import os
import re
import signal
import socket
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from time import monotonic, sleep
from typing import Any

APP_FOLDER = Path(__file__).parent.parent
CONTRACT_FOLDER = APP_FOLDER.parent / "contract"
ROUTE = "/v1/appoints/available-schedule"
GOOD_QUERY = "professional_id=joao-simoes&start=2026-11-26&end=2026-11-26"
TOKEN = "0123456789abcdef"

START_WITHIN_SECONDS = 20.0
# Asking without a pause would take the processor from the app that is to start.
ASK_EVERY_SECONDS = 0.01


@dataclass(frozen=True)
class Answer:
    status: int
    headers: dict[str, str]
    body: bytes

    def json(self) -> Any:
        return json.loads(self.body)


@dataclass
class RunningApp:
    process: subprocess.Popen[bytes]
    port: int
    fault_port: int
    folder: Path
    lines_read: int = field(default=0)

    def request(
        self,
        target: str = f"{ROUTE}?{GOOD_QUERY}",
        method: str = "GET",
        headers: dict[str, str] | None = None,
        port: int | None = None,
        body: str | None = None,
    ) -> Answer:
        """One request on a connection of its own; the target goes out as it is."""
        connection = http.client.HTTPConnection("127.0.0.1", port or self.port, timeout=30)
        try:
            connection.request(method, target, body, headers or {})
            response = connection.getresponse()
            heads = {name.lower(): value for name, value in response.getheaders()}
            return Answer(response.status, heads, response.read())
        finally:
            connection.close()

    def fault(self, method: str, target: str, body: Any = None, token: str | None = TOKEN) -> Answer:
        """One request to the fault switch; a body that is not text is sent as JSON."""
        text = body if body is None or isinstance(body, str) else json.dumps(body)
        headers = {} if token is None else {"Authorization": f"Bearer {token}"}
        return self.request(target, method, headers, self.fault_port, text)

    def start_fault(self, **asked: Any) -> dict[str, Any]:
        answer = self.fault("POST", "/faults", {"route": ROUTE, "expires_in_ms": 600000, **asked})
        assert answer.status == 201, answer.body
        return answer.json()

    def end_fault(self, report: dict[str, Any]) -> dict[str, Any]:
        answer = self.fault("DELETE", f"/faults/{report['id']}")
        assert answer.status == 200, answer.body
        return answer.json()

    def new_log_lines(self) -> list[str]:
        """The lines on standard output since this was last asked. No waiting: they must be there."""
        lines = (self.folder / "stdout").read_text("ascii").splitlines()
        new = lines[self.lines_read :]
        self.lines_read = len(lines)
        return new

    def requests_total(self) -> dict[tuple[str, str, str], int]:
        """http_requests_total by method, route and status."""
        counted = {}
        for line in self.metrics().splitlines():
            if line.startswith("http_requests_total{"):
                labels, value = line.removeprefix("http_requests_total{").rsplit("} ", 1)
                method, route, status = (pair.split("=", 1)[1].strip('"') for pair in labels.split(","))
                counted[method, route, status] = int(float(value))
        return counted

    def spans_total(self) -> dict[str, int]:
        """otel_spans_*_total, by what became of the spans."""
        found = re.findall(r"^otel_spans_([a-z]+)_total ([0-9.]+)$", self.metrics(), re.MULTILINE)
        return {outcome: int(float(value)) for outcome, value in found}

    def metrics(self) -> str:
        return self.request("/metrics").body.decode()

    def end(self, number: signal.Signals = signal.SIGTERM, within_seconds: float = 15.0) -> int:
        """Sends the signal and waits for the exit code."""
        self.process.send_signal(number)
        return self.process.wait(within_seconds)

    def errors(self) -> str:
        return (self.folder / "stderr").read_text()


@contextlib.contextmanager
def running_app(folder: Path, run: list[str] | None = None, **environment: str) -> Iterator[RunningApp]:
    """Starts the app on free ports with its fault switch on, and leaves nothing behind."""
    port, fault_port = free_ports(2)
    settings = {
        "LISTEN_ADDRESS": f"127.0.0.1:{port}",
        "FAULT_SWITCH_ADDRESS": f"127.0.0.1:{fault_port}",
        "FAULT_SWITCH_TOKEN": TOKEN,
        **environment,
    }
    with (folder / "stdout").open("wb") as out, (folder / "stderr").open("wb") as err:
        process = subprocess.Popen(
            run or command(), cwd=APP_FOLDER, env=os.environ | settings, stdout=out, stderr=err
        )
    app = RunningApp(process, port, fault_port, folder)
    try:
        wait_until_ready(app)
        yield app
    finally:
        process.kill()
        process.wait()


def exporting_to(collector_url: str) -> dict[str, str]:
    """The settings of an app that exports each span at once."""
    return {"OTEL_EXPORTER_OTLP_ENDPOINT": collector_url, "OTEL_BSP_SCHEDULE_DELAY": "10"}


def command() -> list[str]:
    return [sys.executable, "-m", "available_schedules"]


def command_with_shutdown_bound(seconds: float) -> list[str]:
    """The app, but for the time that it gives to requests in flight."""
    script = (
        "import sys; from available_schedules.process import serve; "
        f"serve.SHUTDOWN_BOUND_SECONDS = {seconds}; "
        "from available_schedules.__main__ import main; sys.exit(main())"
    )
    return [sys.executable, "-c", script]


def wait_until_ready(app: RunningApp) -> None:
    deadline = monotonic() + START_WITHIN_SECONDS
    seen = "no answer"
    while monotonic() < deadline:
        if app.process.poll() is not None:
            raise AssertionError(f"the app ended with {app.process.returncode}: {app.errors()}")
        try:
            status = app.request("/readyz").status
            if status == 200:
                return
            seen = f"status {status}"
        except OSError as refused:
            seen = str(refused)
        sleep(ASK_EVERY_SECONDS)
    raise AssertionError(f"not ready within {START_WITHIN_SECONDS} s; last seen: {seen}; {app.errors()}")


def free_ports(count: int) -> list[int]:
    with contextlib.ExitStack() as stack:
        sockets = [stack.enter_context(socket.socket()) for _ in range(count)]
        for one in sockets:
            one.bind(("127.0.0.1", 0))
        return [one.getsockname()[1] for one in sockets]


def raw_exchange(port: int, request: bytes) -> bytes:
    """Sends bytes as they are and reads until the app closes the connection."""
    with socket.create_connection(("127.0.0.1", port), timeout=30) as connection:
        connection.sendall(request)
        connection.shutdown(socket.SHUT_WR)
        answer = b""
        while chunk := connection.recv(65536):
            answer += chunk
        return answer
