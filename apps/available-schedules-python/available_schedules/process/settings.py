from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from .settings_error import SettingsError
from .trace_settings import TraceSettings

SHORTEST_TOKEN_LENGTH = 16


@dataclass(frozen=True, slots=True)
class Address:
    host: str
    port: int

    def __str__(self) -> str:
        return f"[{self.host}]:{self.port}" if ":" in self.host else f"{self.host}:{self.port}"


@dataclass(frozen=True, slots=True)
class FaultSwitchSettings:
    address: Address
    token: str


@dataclass(frozen=True, slots=True)
class Settings:
    """What the environment can decide. `fault_switch` is None where none is to be."""

    listen: Address
    data_file: Path
    fault_switch: FaultSwitchSettings | None
    traces: TraceSettings

    @classmethod
    def from_environment(cls, environment: Mapping[str, str]) -> "Settings":
        """Reads the settings; raises SettingsError."""
        return cls(
            listen=_address("LISTEN_ADDRESS", environment.get("LISTEN_ADDRESS", "127.0.0.1:8080")),
            data_file=Path(environment.get("SCHEDULE_DATA_FILE", "../contract/schedules.json")),
            fault_switch=_fault_switch(environment),
            traces=TraceSettings.from_environment(environment),
        )


def _fault_switch(environment: Mapping[str, str]) -> FaultSwitchSettings | None:
    address = environment.get("FAULT_SWITCH_ADDRESS")
    if not address:
        return None
    token = environment.get("FAULT_SWITCH_TOKEN", "")
    if len(token) < SHORTEST_TOKEN_LENGTH:
        raise SettingsError(
            f"FAULT_SWITCH_TOKEN must have at least {SHORTEST_TOKEN_LENGTH} characters when "
            f"FAULT_SWITCH_ADDRESS is set, but has {len(token)}; set a longer token, or unset the address"
        )
    return FaultSwitchSettings(_address("FAULT_SWITCH_ADDRESS", address), token)


def _address(name: str, text: str) -> Address:
    host, _, port = text.rpartition(":")
    if host.startswith("[") and host.endswith("]"):
        host = host[1:-1]
    elif ":" in host:
        host = ""
    if not host or not (port.isascii() and port.isdigit() and 1 <= int(port) <= 65535):
        raise SettingsError(
            f"{name} must be host:port with a port from 1 to 65535, but is {text!r}; "
            "try 127.0.0.1:8080 or [::1]:8080"
        )
    return Address(host, int(port))
