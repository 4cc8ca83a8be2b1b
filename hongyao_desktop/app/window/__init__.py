"""The main window: its frame, navigation, pages of the program itself, and the session behind the screens (主窗口)."""
