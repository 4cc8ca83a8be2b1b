"""Wiring only: the command line, the main window, the ordered tuple of modules. Business lives in the rooms below."""
