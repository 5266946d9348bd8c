from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.otlp_receiver import Receiver, otlp_receiver
from tests.running_app import RunningApp, exporting_to, running_app


@pytest.fixture(scope="session")
def shared_app(tmp_path_factory: pytest.TempPathFactory) -> Iterator[RunningApp]:
    """One process for all tests that leave no fault behind and count only differences."""
    with running_app(tmp_path_factory.mktemp("app")) as app:
        yield app


@pytest.fixture
def app(shared_app: RunningApp) -> RunningApp:
    shared_app.new_log_lines()
    return shared_app


@pytest.fixture
def fresh_app(tmp_path: Path) -> Iterator[RunningApp]:
    """A process of the test's own."""
    with running_app(tmp_path) as app:
        yield app


@pytest.fixture(scope="session")
def shared_collector() -> Iterator[Receiver]:
    with otlp_receiver() as receiver:
        yield receiver


@pytest.fixture(scope="session")
def shared_traced_app(
    tmp_path_factory: pytest.TempPathFactory, shared_collector: Receiver
) -> Iterator[RunningApp]:
    """One process that exports its spans to the shared collector."""
    folder = tmp_path_factory.mktemp("traced-app")
    with running_app(folder, **exporting_to(shared_collector.url)) as app:
        yield app


@pytest.fixture
def traced_app(shared_traced_app: RunningApp) -> RunningApp:
    shared_traced_app.new_log_lines()
    return shared_traced_app
