"""Values without I/O: money, dates, identity numbers, names, masking, settings; knows no business word."""
