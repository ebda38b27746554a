"""A better plan, found by processes of their own before a deadline, and believed only when verified."""

import asyncio
import sys

import msgspec

from app.logs import log
from app.routing.models import Plan, Problem
from app.routing.solving import Asked
from app.routing.verify import faults, metres

GRACE_S = 20.0
"""For the start of the process, the reading of a large matrix, and a busy machine."""


class SearchFailed(Exception):
    """The process of a search died: somebody may look again."""


async def improve(
    problem: Problem,
    *,
    seconds: float,
    start: Plan | None = None,
    seeds: tuple[int, ...] = (1,),
    all_of_them: bool = True,
) -> Plan | None:
    """The best plan found within `seconds` of search, one process a seed; never one that serves
    fewer stops than `start`, or the same over more metres, unless `start` is not true by now. None
    when nothing better was found.

    The same seed finds the same plan only as far as the clock allows as many steps. Raises
    SearchFailed when no process lived to tell; what there was before is as true as it was.
    """
    if not problem.stops:
        return None
    asked = [Asked(problem, seconds, seed, start, all_of_them) for seed in seeds]
    found = await asyncio.gather(*(_ask(one) for one in asked), return_exceptions=True)
    failed = [one for one in found if isinstance(one, BaseException)]
    if len(failed) == len(found):
        raise failed[0]
    true = [plan for plan in found if isinstance(plan, Plan) and _true(problem, plan)]
    candidates = [plan for plan in true if start is None or _better(problem, plan, start)]
    return min(candidates, key=lambda plan: (len(plan.left), metres(problem, plan)), default=None)


def _true(problem: Problem, plan: Plan) -> bool:
    wrong = faults(problem, plan)
    if wrong:
        log.error("a plan of routes is not true", why=wrong[0].partition(":")[0])
    return not wrong


def _better(problem: Problem, plan: Plan, start: Plan) -> bool:
    if faults(problem, start):
        return len(plan.left) <= len(start.left)
    left, driven = len(plan.left), metres(problem, plan)
    return (left, driven) < (len(start.left), metres(problem, start))


async def _ask(asked: Asked) -> Plan | None:
    process = await asyncio.create_subprocess_exec(
        sys.executable,
        "-m",
        "app.routing.solving",
        stdin=asyncio.subprocess.PIPE,
        stdout=asyncio.subprocess.PIPE,
        stderr=asyncio.subprocess.PIPE,
    )
    try:
        async with asyncio.timeout(asked.seconds + GRACE_S):
            said, complaint = await process.communicate(msgspec.msgpack.encode(asked))
    except TimeoutError:
        log.error("the search for routes did not end", seconds=asked.seconds)
        return None
    finally:
        if process.returncode is None:
            process.kill()
            await process.wait()
    if process.returncode:
        kind = _kind_of(complaint) or f"ended by {process.returncode}"
        log.error("the search for routes failed", error=kind)
        raise SearchFailed(kind)
    return msgspec.msgpack.decode(said, type=Plan | None)


def _kind_of(complaint: bytes) -> str:
    """Only the name of the error: the rest of a traceback may hold where somebody lives."""
    return complaint.decode(errors="replace").strip().rpartition("\n")[2].partition(":")[0]
