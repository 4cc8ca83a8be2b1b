"""红耀台账: the offline record keeper of a community Party-building office."""

__version__ = "0.1.0"
