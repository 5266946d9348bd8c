import asyncio
import os
import sys
from socket import socket

from starlette.types import ASGIApp

from .api import ROUTE, STATUSES_BY_ROUTE, UNOBSERVED, create_api
from .fault_switch.admin import create_admin
from .fault_switch.switch import FaultSwitch
from .observation.metrics import Metrics
from .observation.traffic import ObservedTraffic
from .process.announce import announce
from .process.drain import Drain
from .process.serve import ListenError, listen, serve
from .process.settings import Settings, SettingsError
from .schedule.data import DataFileError, Schedules, load_schedules

CANNOT_LISTEN = 1
WRONG_SETTINGS = 2


async def run(settings: Settings, schedules: Schedules) -> None:
    drain, faults, metrics = Drain(), FaultSwitch(), Metrics(STATUSES_BY_ROUTE)
    api = create_api(schedules, metrics, drain)
    observed = ObservedTraffic(api, {ROUTE}, UNOBSERVED, metrics, faults, drain)
    apps: list[tuple[ASGIApp, socket]] = [(observed, listen(settings.listen))]
    if settings.fault_switch:
        admin = create_admin(faults, {ROUTE}, settings.fault_switch.token)
        apps.append((admin, listen(settings.fault_switch.address)))
    announce(f"listening on {settings.listen}")
    await serve(apps, drain)


def main() -> int:
    try:
        settings = Settings.from_environment(os.environ)
        asyncio.run(run(settings, load_schedules(settings.data_file)))
    except (SettingsError, DataFileError) as wrong:
        announce(str(wrong))
        return WRONG_SETTINGS
    except ListenError as cannot:
        announce(str(cannot))
        return CANNOT_LISTEN
    return 0


if __name__ == "__main__":
    sys.exit(main())
