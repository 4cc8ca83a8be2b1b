"""PySide6 6.12 under Python 3.11 takes one reference off None with every void call and dies after some thousands.

A suite of small tests never gets that far, so a newer Qt would pass everything and crash an office by noon.
"""

import subprocess
import sys
import textwrap

import pytest

CALLS = 20_000

PROGRAM = textwrap.dedent(
    """
    import sys
    from PySide6.QtGui import QImage, QPainter
    from PySide6.QtWidgets import QApplication, QLabel, QLineEdit

    calls = int(sys.argv[1])
    app = QApplication([])
    label, edit = QLabel(), QLineEdit()
    image = QImage(64, 64, QImage.Format.Format_RGB32)
    painter = QPainter(image)
    jobs = [
        lambda n: label.setText("甲" if n % 2 else "乙"),
        lambda n: label.resize(40 + n % 7, 20),
        lambda n: label.setEnabled(n % 2 == 0),
        lambda n: edit.setText("张𬬭"),
        lambda n: painter.drawLine(0, 0, n % 60, 9),
    ]
    for value in (None, True, False):
        before = sys.getrefcount(value)
        for n in range(calls):
            jobs[n % len(jobs)](n)
        print(value, sys.getrefcount(value) - before)
    painter.end()
    """
)


@pytest.mark.soak
def test_thousands_of_void_calls_take_no_reference_off_none_true_and_false() -> None:
    done = subprocess.run(
        [sys.executable, "-c", PROGRAM, str(CALLS)], capture_output=True, text=True, timeout=100, check=False
    )
    assert done.returncode == 0, done.stderr
    lost = {name: int(change) for name, change in (line.split() for line in done.stdout.splitlines())}
    assert lost.keys() == {"None", "True", "False"}
    # A few references come and go with the loop itself; the fault takes one for each call.
    assert min(lost.values()) > -CALLS // 100, lost
