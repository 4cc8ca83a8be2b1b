"""Who may come in and what they may see: first run, log-in, lock, operators, recovery, access log (访问控制)."""
