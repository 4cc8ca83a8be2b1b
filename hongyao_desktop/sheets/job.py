"""Holding a process to a memory limit on Windows, where there is no setrlimit: it puts itself into a job object."""

from __future__ import annotations

import ctypes
import sys

_LIMIT_PROCESS_MEMORY = 0x0100
_LIMIT_ACTIVE_PROCESS = 0x0008
_EXTENDED_LIMITS = 9


class _Basic(ctypes.Structure):
    _fields_ = (
        ("per_process_user_time", ctypes.c_int64),
        ("per_job_user_time", ctypes.c_int64),
        ("limit_flags", ctypes.c_uint32),
        ("minimum_working_set", ctypes.c_size_t),
        ("maximum_working_set", ctypes.c_size_t),
        ("active_process_limit", ctypes.c_uint32),
        ("affinity", ctypes.c_size_t),
        ("priority_class", ctypes.c_uint32),
        ("scheduling_class", ctypes.c_uint32),
    )


class _Extended(ctypes.Structure):
    _fields_ = (
        ("basic", _Basic),
        ("io_counters", ctypes.c_uint64 * 6),
        ("process_memory_limit", ctypes.c_size_t),
        ("job_memory_limit", ctypes.c_size_t),
        ("peak_process_memory", ctypes.c_size_t),
        ("peak_job_memory", ctypes.c_size_t),
    )


def limit_memory(memory_bytes: int) -> bool:
    """Limit this process's memory and forbid it further processes; False where the system would not have it.

    Without the limit the reading still ends by the parent's clock.
    """
    if sys.platform == "win32":
        kernel = ctypes.windll.kernel32
        kernel.CreateJobObjectW.restype = ctypes.c_void_p
        kernel.GetCurrentProcess.restype = ctypes.c_void_p
        job = ctypes.c_void_p(kernel.CreateJobObjectW(None, None))
        if not job:
            return False
        limits = _Extended()
        limits.basic.limit_flags = _LIMIT_PROCESS_MEMORY | _LIMIT_ACTIVE_PROCESS
        limits.basic.active_process_limit = 1
        limits.process_memory_limit = memory_bytes
        process = ctypes.c_void_p(kernel.GetCurrentProcess())
        done = kernel.SetInformationJobObject(
            job, _EXTENDED_LIMITS, ctypes.byref(limits), ctypes.sizeof(limits)
        )
        return bool(done and kernel.AssignProcessToJobObject(job, process))
    return False
