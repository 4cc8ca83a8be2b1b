"""``python -m hongyao_desktop`` and the installed command ``hongyao``."""

from __future__ import annotations

import sys

from hongyao_desktop.app.cli import main

if __name__ == "__main__":
    sys.exit(main())
