import asyncio
import contextlib
import signal
import socket
from collections.abc import Iterator, Sequence
from time import monotonic

import uvicorn
from starlette.types import ASGIApp

from .announce import announce
from .drain import Drain
from .settings import Address

SHUTDOWN_BOUND_SECONDS = 5.0

# Longer than the 90 s for which an ingress keeps an idle connection by default: the side that sends
# must be the one that closes, or a request meets a connection that is just being closed.
KEEP_ALIVE_SECONDS = 120


class ListenError(Exception):
    """An address cannot be listened on; the message says which and why."""


class _Server(uvicorn.Server):
    @contextlib.contextmanager
    def capture_signals(self) -> Iterator[None]:
        # Both listeners end by the same signal, which `serve` handles.
        yield


def listen(address: Address) -> socket.socket:
    """Opens the socket at once, so that two listeners are there both or not at all."""
    family = socket.AF_INET6 if ":" in address.host else socket.AF_INET
    try:
        listener = socket.create_server((address.host, address.port), family=family, backlog=2048)
    except OSError as cause:
        raise ListenError(f"cannot listen on {address}: {cause.strerror}") from cause
    # Connections take it over. asyncio would set it only on sockets that were made with the protocol's
    # number; without it, the body of every answer waits 40 ms for the acknowledgement of the head.
    listener.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
    return listener


async def serve(apps: Sequence[tuple[ASGIApp, socket.socket]], drain: Drain) -> float:
    """Serves each app on its socket until SIGTERM or SIGINT, then lets requests in flight finish.

    How many seconds of the bound are left after that, for what else the end needs."""
    stop = asyncio.Event()
    loop = asyncio.get_running_loop()
    for number in (signal.SIGTERM, signal.SIGINT):
        loop.add_signal_handler(number, stop.set)

    servers = [_Server(_config(app)) for app, _ in apps]
    running = [
        asyncio.create_task(server.serve(sockets=[listener]))
        for server, (_, listener) in zip(servers, apps, strict=True)
    ]
    await stop.wait()

    # A second signal ends the process at once.
    for number in (signal.SIGTERM, signal.SIGINT):
        loop.remove_signal_handler(number)
    deadline = monotonic() + SHUTDOWN_BOUND_SECONDS
    drain.stop()
    await drain.done(SHUTDOWN_BOUND_SECONDS)
    for server in servers:
        server.should_exit = True
    _, late = await asyncio.wait(running, timeout=max(0.0, deadline - monotonic()))
    if late:
        announce(f"requests were still in flight after {SHUTDOWN_BOUND_SECONDS:g} s and are cut off")
        # Left to itself, the server would give each a 500 that is neither counted nor logged.
        for server in servers:
            for connection in server.server_state.connections:
                connection.transport.abort()
    return max(0.0, deadline - monotonic())


def _config(app: ASGIApp) -> uvicorn.Config:
    return uvicorn.Config(
        app,
        loop="asyncio",
        http="h11",
        ws="none",
        lifespan="off",
        log_config=None,
        access_log=False,
        proxy_headers=False,
        server_header=False,
        timeout_keep_alive=KEEP_ALIVE_SECONDS,
    )
