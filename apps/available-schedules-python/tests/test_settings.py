import os
import socket
import subprocess
from pathlib import Path

import pytest

from available_schedules.process.settings import (
    Address,
    FaultSwitchSettings,
    Settings,
    SettingsError,
)
from available_schedules.process.trace_settings import TraceSettings
from tests.running_app import APP_FOLDER, command, free_ports


def test_without_any_variable_listens_on_this_machine_only_and_has_no_fault_switch() -> None:
    assert Settings.from_environment({}) == Settings(
        Address("127.0.0.1", 8080), Path("../contract/schedules.json"), None, TraceSettings()
    )


def test_reads_every_variable() -> None:
    assert Settings.from_environment(
        {
            "LISTEN_ADDRESS": "0.0.0.0:80",
            "SCHEDULE_DATA_FILE": "/data.json",
            "FAULT_SWITCH_ADDRESS": "[::1]:81",
            "FAULT_SWITCH_TOKEN": "0123456789abcdef",
            "OTEL_EXPORTER_OTLP_ENDPOINT": "http://collector:4318/",
        }
    ) == Settings(
        Address("0.0.0.0", 80),
        Path("/data.json"),
        FaultSwitchSettings(Address("::1", 81), "0123456789abcdef"),
        TraceSettings(collector_url="http://collector:4318"),
    )


@pytest.mark.parametrize(
    "address", ["", "8080", ":8080", "host:", "host:0", "host:65536", "::1:80", "host:8o"]
)
def test_refuses_an_address_and_names_its_variable(address: str) -> None:
    with pytest.raises(SettingsError, match=f"LISTEN_ADDRESS must be host:port .* but is '{address}'"):
        Settings.from_environment({"LISTEN_ADDRESS": address})


def ended(**environment: str) -> subprocess.CompletedProcess[str]:
    listen = {"LISTEN_ADDRESS": f"127.0.0.1:{free_ports(1)[0]}"}
    return subprocess.run(
        command(),
        cwd=APP_FOLDER,
        env=os.environ | listen | environment,
        capture_output=True,
        text=True,
        timeout=30,
        check=False,
    )


@pytest.mark.parametrize("token", ["", "0123456789abcde"])
def test_does_not_start_with_a_fault_switch_that_anyone_could_use(token: str) -> None:
    run = ended(FAULT_SWITCH_ADDRESS="127.0.0.1:9999", FAULT_SWITCH_TOKEN=token)
    assert run.returncode == 2
    assert run.stdout == ""
    assert run.stderr == (
        "available-schedules-python: FAULT_SWITCH_TOKEN must have at least 16 characters when "
        f"FAULT_SWITCH_ADDRESS is set, but has {len(token)}; set a longer token, or unset the address\n"
    )


def test_does_not_start_with_a_propagator_that_it_does_not_know() -> None:
    run = ended(OTEL_PROPAGATORS="b3")
    assert run.returncode == 2
    assert run.stderr == (
        "available-schedules-python: OTEL_PROPAGATORS must be none or a list of tracecontext and baggage, "
        "but is 'b3'; try tracecontext\n"
    )


def test_does_not_start_without_its_data() -> None:
    run = ended(SCHEDULE_DATA_FILE="nothing.json")
    assert run.returncode == 2
    assert "nothing.json cannot be read" in run.stderr
    assert len(run.stderr.splitlines()) == 1


@pytest.mark.parametrize("variable", ["LISTEN_ADDRESS", "FAULT_SWITCH_ADDRESS"])
def test_does_not_start_on_an_address_that_is_taken(variable: str) -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        address = f"127.0.0.1:{taken.getsockname()[1]}"
        run = ended(FAULT_SWITCH_TOKEN="0123456789abcdef", **{variable: address})
    assert run.returncode == 1
    assert f"cannot listen on {address}: Address already in use" in run.stderr
