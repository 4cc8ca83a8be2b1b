"""Demonstration offices (演示单位): invented people, plausible months, the same figures on every run of one day."""
