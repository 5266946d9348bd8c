import asyncio
from collections.abc import Iterator
from contextlib import contextmanager


class Drain:
    """Knows which requests were in flight when the process was told to stop, and when they are done.

    Requests that arrive later are still served, as long as the listener is open, but not waited for:
    steady traffic must not keep a stopping process up."""

    def __init__(self) -> None:
        self._in_flight = 0
        self._done = asyncio.Event()
        self.stopping = False

    @contextmanager
    def request(self) -> Iterator[None]:
        """Around each request."""
        if self.stopping:
            yield
            return
        self._in_flight += 1
        try:
            yield
        finally:
            self._in_flight -= 1
            self._settle()

    def stop(self) -> None:
        self.stopping = True
        self._settle()

    async def done(self, within_seconds: float) -> bool:
        """Waits for the requests in flight at the stop; False if some are not done in time."""
        try:
            await asyncio.wait_for(self._done.wait(), within_seconds)
        except TimeoutError:
            return False
        return True

    def _settle(self) -> None:
        if self.stopping and self._in_flight == 0:
            self._done.set()
