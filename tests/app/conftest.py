"""Fixtures of the command line's tests."""

from collections.abc import Callable
from pathlib import Path

import pytest

from tests.app.demonstrations import PASSWORD, Told, copied, told


@pytest.fixture(scope="session")
def demo_template(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The folder of the demonstration office all tests copy."""
    return tmp_path_factory.mktemp("demo")


@pytest.fixture
def office(demo_template: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A demonstration office of its own for a test, with the password in the environment."""
    monkeypatch.setenv("HONGYAO_PASSWORD", PASSWORD)
    return copied(demo_template, tmp_path)


@pytest.fixture
def run(capsys: pytest.CaptureFixture[str]) -> Callable[..., Told]:
    """Run a command line: ``run("figures", office, "--json")``."""
    return lambda *arguments: told(capsys, arguments)
