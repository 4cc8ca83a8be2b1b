"""Messy tables in (导入): finding the table in a sheet, giving its columns meaning, and what goes wrong on the way.

`table` finds header and rows, `mapping` gives columns to fields; both look only and change nothing.
"""
