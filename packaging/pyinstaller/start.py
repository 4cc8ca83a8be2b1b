"""Entry of the frozen program: the same as `python -m hongyao_desktop`, and the reading process of `sheets`."""

import sys

from hongyao_desktop.sheets import child

if __name__ == "__main__":
    # Before the program itself is imported: a reading process is started for each spreadsheet and should be quick.
    if child.wanted(sys.argv):
        sys.exit(child.main())

    from hongyao_desktop.__main__ import main

    try:
        code = main()
    except Exception:  # noqa: BLE001 - it ends here and is told to the hook
        # The program's own hook writes its report and says one sentence; PyInstaller would add a line in English.
        sys.excepthook(*sys.exc_info())
        raise SystemExit(1) from None
    sys.exit(code)
