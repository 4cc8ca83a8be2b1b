"""``python -m hongyao_desktop`` and the installed command ``hongyao``."""

from __future__ import annotations

import gc
import sys


def main() -> int:
    """The window when nothing is asked for, else the command line; returns the exit code."""
    if len(sys.argv) == 1:
        # Straight to the window: the command line's own libraries would only delay it, and so would looking for
        # garbage among what is loaded and stays; `run_window` looks for it again once the window is drawn.
        gc.disable()
        from hongyao_desktop.app.crash import tell_on_terminal
        from hongyao_desktop.app.window.run_window import main as run_window

        sys.excepthook = tell_on_terminal
        return run_window(None)
    from hongyao_desktop.app.cli import main as command_line

    return command_line()


if __name__ == "__main__":
    sys.exit(main())
