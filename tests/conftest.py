"""What every test gets: a quiet screen, its own home folder, one Hypothesis profile, a look for leftovers."""

import os
import shutil
import subprocess
import sys
import threading
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path

import hypothesis
import pytest

# Before anything imports Qt. Tests that want a real screen start a process of their own on `x_display`.
os.environ["QT_QPA_PLATFORM"] = "offscreen"

# The same examples on every run, so that a red build can be run again; no deadline, since two workers share two cores.
hypothesis.settings.register_profile(
    "house", derandomize=True, deadline=None, database=None, print_blob=True, max_examples=60
)
# For a desk and an idle hour: pytest --hypothesis-profile=search
hypothesis.settings.register_profile("search", deadline=None, print_blob=True, max_examples=5000)
hypothesis.settings.load_profile("house")


# ------------------------------------------------------------------------------------------------- surroundings


@pytest.fixture(scope="session", autouse=True)
def own_home(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Path]:
    """Settings, logs and recent files of the person who runs the tests are neither read nor written."""
    home = tmp_path_factory.mktemp("home")
    with pytest.MonkeyPatch.context() as patch:
        for variable in (
            "HOME",
            "XDG_CONFIG_HOME",
            "XDG_DATA_HOME",
            "XDG_STATE_HOME",
            "XDG_CACHE_HOME",
            "APPDATA",
            "LOCALAPPDATA",
        ):
            patch.setenv(variable, str(home))
        patch.delenv("HONGYAO_PASSWORD", raising=False)
        yield home


@pytest.fixture(autouse=True)
def own_computer(tmp_path_factory: pytest.TempPathFactory, monkeypatch: pytest.MonkeyPatch) -> None:
    """Each test has a computer of its own: copies of one office file share what a computer notes of it.

    Without this a password changed, or a log-in locked, in one copy would hold in the copies of other tests.
    """
    monkeypatch.setenv("HONGYAO_STATE_DIR", str(tmp_path_factory.mktemp("computer", numbered=True)))


def pytest_runtest_setup(item: pytest.Item) -> None:
    """Missing programs skip a test on a desk; in CI they fail it, so that nothing is skipped unseen."""
    missing = [
        str(program)
        for mark in item.iter_markers("needs")
        for program in mark.args
        if shutil.which(str(program)) is None
    ]
    if not missing:
        return
    sentence = f"needs {', '.join(missing)} (packaging/prepare.sh lists the packages)"
    if os.environ.get("CI") == "true":
        pytest.fail(sentence)
    pytest.skip(sentence)


# -------------------------------------------------------------------------------------------------- left behind


@pytest.fixture(autouse=True)
def nothing_left_behind() -> Iterator[None]:
    """Fail a test that leaves a thread running or a window open.

    Both live on into the next tests and make those fail, or crash, at random. Windows handed to
    `qtbot.addWidget` are closed before this looks.
    """
    threads = set(threading.enumerate())
    windows = _open_windows()
    yield
    left = [t for t in threading.enumerate() if t not in threads and not t.daemon]
    for thread in left:
        thread.join(timeout=5)  # a job that was told to stop may need a moment
    left = [t for t in left if t.is_alive()]
    assert not left, f"threads still running: {[t.name for t in left]}"

    opened = {key: name for key, name in _open_windows().items() if key not in windows}
    assert not opened, f"windows still open: {sorted(opened.values())}"
    if "PySide6.QtCore" in sys.modules:
        from PySide6.QtCore import QThreadPool

        assert QThreadPool.globalInstance().waitForDone(5000), "a job is still in the thread pool"


def _open_windows() -> dict[int, str]:
    """Visible windows by their address in C++ (Python may make a new wrapper for one each time).

    Empty, with Qt not even imported, for a test that has nothing to do with it.
    """
    if "PySide6.QtWidgets" not in sys.modules:
        return {}
    import shiboken6
    from PySide6.QtCore import QCoreApplication, QEvent
    from PySide6.QtWidgets import QApplication

    if QCoreApplication.instance() is None:
        return {}
    QCoreApplication.sendPostedEvents(None, QEvent.Type.DeferredDelete.value)
    return {
        shiboken6.getCppPointer(window)[
            0
        ]: f"{type(window).__name__} {window.objectName()!r} {window.windowTitle()!r}"
        for window in QApplication.topLevelWidgets()
        if window.isVisible()
    }


# -------------------------------------------------------------------------------------------------- nasty text

UNCOMMON_TEXTS = {
    "rare-plane-2": "张𬬭𠮷",  # names of real people; two UTF-16 units each
    "rare-extension-a": "䶮㐀",
    "rare-plane-3": "王𰻞𱍐",
    "private-use": "李\ue81e",  # what older tables made of a rare character
    "middle-dot": "阿卜杜拉·买买提",
    "middle-dots-that-only-look-alike": "阿卜杜拉•买买提・艾力",
    "ideographic-space": "张\u3000伟",
    "no-break-space": "张\u00a0伟",
    "zero-width": "张\u200b伟\u200d\ufeff",
    "bidi-override": "张\u202e伟txt.exe",
    "bidi-isolate": "\u2066张伟\u2069",
    "variation-selector": "葛\U000e0100城",
    "combining": "e\u0301cole",
    "compatibility-ideograph": "\uf9dd用",  # folds to another character under NFKC
    "full-width": "ＡＢＣ１２３",
    "emoji-with-joiner": "志愿者👩\u200d⚕️",
    "line-breaks": "一行\r\n二行\u2028三行",
    "tab-and-bell": "张\t伟\x07",
    "formula": '=HYPERLINK("http://example.invalid","点此")',
    "formula-with-sign": "+86 13800000000",
    "quote": 'O\'Neil "甲" \\ ;--',
    "percent-and-braces": "100% {0} %s %(x)s",
    "markup": "<b>甲</b>&amp;<script>",
    "path": "../../甲/乙:丙*?.xlsx",
    "very-long": "很长的备注" * 400,
    "only-spaces": " \u3000 ",
}


@pytest.fixture(params=list(UNCOMMON_TEXTS.values()), ids=list(UNCOMMON_TEXTS))
def uncommon_text(request: pytest.FixtureRequest) -> str:
    """Text that people really type or paste, for everything that stores, shows, prints or exports a name or a note."""
    return str(request.param)


# --------------------------------------------------------------------------------------------- system programs


@pytest.fixture(scope="session")
def x_display() -> Iterator[str]:
    """Give the name of a real X screen (1366×768) for programs the test starts; mark the test `needs("Xvfb")`."""
    read_end, write_end = os.pipe()
    # -noreset: the server must not start afresh when its last client leaves, or the next one loses the race.
    server = subprocess.Popen(
        ["Xvfb", "-displayfd", str(write_end), "-screen", "0", "1366x768x24", "-noreset", "-nolisten", "tcp"],
        pass_fds=[write_end],
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    )
    os.close(write_end)
    with os.fdopen(read_end) as pipe:
        number = pipe.readline().strip()
    assert number, f"Xvfb did not start (exit code {server.poll()})"
    yield f":{number}"
    server.terminate()
    server.wait(timeout=10)


_ALWAYS_COMPUTE = """<?xml version="1.0" encoding="UTF-8"?>
<oor:items xmlns:oor="http://openoffice.org/2001/registry">
<item oor:path="/org.openoffice.Office.Calc/Formula/Load">
<prop oor:name="OOXMLRecalcMode" oor:op="fuse"><value>0</value></prop>
</item>
</oor:items>
"""
"""LibreOffice believes the results that stand in a workbook unless it is told to compute anew on loading."""


@pytest.fixture(scope="session")
def recalculate_all(tmp_path_factory: pytest.TempPathFactory) -> Callable[[Sequence[Path]], Path]:
    """Give a function that lets LibreOffice compute workbooks anew and returns the folder of the new files.

    What an auditor will see is what a spreadsheet program makes of the formulas. Mark the test `needs("soffice")`.
    """
    profile = tmp_path_factory.mktemp("soffice")
    (profile / "user").mkdir()
    (profile / "user" / "registrymodifications.xcu").write_text(_ALWAYS_COMPUTE, encoding="utf-8")

    def run(workbooks: Sequence[Path]) -> Path:
        out = tmp_path_factory.mktemp("recalculated")
        done = subprocess.run(
            [
                "soffice",
                f"-env:UserInstallation={profile.as_uri()}",
                "--headless",
                "--convert-to",
                "xlsx:Calc MS Excel 2007 XML",
                "--outdir",
                str(out),
                *map(str, workbooks),
            ],
            capture_output=True,
            text=True,
            timeout=110,
            check=False,
        )
        for workbook in workbooks:
            result = out / f"{workbook.stem}.xlsx"
            assert result.exists(), f"soffice made nothing of {workbook.name}: {done.stdout}{done.stderr}"
        return out

    return run


@pytest.fixture(scope="session")
def recalculate(recalculate_all: Callable[[Sequence[Path]], Path]) -> Callable[[Path], Path]:
    """Give a function that lets LibreOffice compute one workbook anew and returns the new file."""
    return lambda workbook: recalculate_all([workbook]) / f"{workbook.stem}.xlsx"
