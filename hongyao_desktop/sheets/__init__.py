"""Spreadsheets in and out (表格读写): what a clerk's file holds, and the files handed to auditors and offices.

Reading happens in a child process with limits (`reading`, `child`), writing streams through openpyxl (`writing`).
This room knows cells, not registers: finding a table among the cells is `intake`'s work.
"""
