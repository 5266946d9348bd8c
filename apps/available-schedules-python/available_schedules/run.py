import asyncio
from socket import socket

from starlette.types import ASGIApp

from .api import ROUTE, STATUSES_BY_ROUTE, UNOBSERVED, create_api
from .fault_switch.admin import create_admin
from .fault_switch.switch import FaultSwitch
from .observation.metrics import Metrics
from .observation.sdk_notices import SdkNotices
from .observation.span_outcomes import SpanOutcomes
from .observation.tracing import Tracing
from .observation.traffic import ObservedTraffic
from .process.announce import SERVICE, announce
from .process.drain import Drain
from .process.serve import listen, serve
from .process.settings import Settings
from .schedule.data import Schedules, load_schedules


def run(settings: Settings) -> None:
    """The whole app, until it is told to stop; raises DataFileError and ListenError."""
    SdkNotices(announce).install()
    schedules = load_schedules(settings.data_file)
    spans = SpanOutcomes()
    tracing = Tracing(settings.traces, spans, SERVICE)
    seconds_left = asyncio.run(_serve(settings, schedules, Metrics(STATUSES_BY_ROUTE, spans), tracing))
    lost = tracing.close(seconds_left)
    if lost:
        announce(f"{lost} spans could not be exported before the end and are lost")


async def _serve(settings: Settings, schedules: Schedules, metrics: Metrics, tracing: Tracing) -> float:
    drain, faults = Drain(), FaultSwitch()
    api = create_api(schedules, metrics, drain)
    observed = ObservedTraffic(api, {ROUTE}, UNOBSERVED, metrics, tracing, faults, drain)
    apps: list[tuple[ASGIApp, socket]] = [(observed, listen(settings.listen))]
    if settings.fault_switch:
        admin = create_admin(faults, {ROUTE}, settings.fault_switch.token)
        apps.append((admin, listen(settings.fault_switch.address)))
    announce(f"listening on {settings.listen}")
    return await serve(apps, drain)
