"""Fixtures of the command line's tests."""

from collections.abc import Callable
from pathlib import Path

import pytest

from tests.app.demonstrations import PASSWORD, Told, copied, told


@pytest.fixture
def office(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A demonstration office of its own for a test, with the password in the environment."""
    monkeypatch.setenv("HONGYAO_PASSWORD", PASSWORD)
    return copied(tmp_path)


@pytest.fixture
def run(capsys: pytest.CaptureFixture[str]) -> Callable[..., Told]:
    """Run a command line: ``run("figures", office, "--json")``."""
    return lambda *arguments: told(capsys, arguments)
