from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.running_app import RunningApp, running_app


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
