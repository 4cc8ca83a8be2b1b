"""Meeting briefing (会议汇报): figures put into words and tables, each with a way back to its records."""
