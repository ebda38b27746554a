"""Is the disk full? Ours, where files are drawn and read, or the database's."""

import errno

import asyncpg

FULL = (errno.ENOSPC, errno.EDQUOT, errno.EFBIG)
"""No room on the disk, in the quota of a user, or in what one file may be."""


def out_of_room(error: BaseException) -> bool:
    if isinstance(error, OSError):
        return error.errno in FULL
    return isinstance(error, asyncpg.DiskFullError)
