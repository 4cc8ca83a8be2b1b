"""Cadre training (干部培训): classes, sessions, attendance, class hours (学时) against the yearly requirement."""
