"""Named questions about service orders, and their figures."""
