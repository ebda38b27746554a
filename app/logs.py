"""One line per thing that happened. What is logged is chosen, never a whole request or person."""

import logging
import sys
from collections.abc import MutableMapping
from typing import Any, Literal, TypeAlias

# structlog imports rich to draw tracebacks: time and memory of every process, for a log file.
_hidden = sys.modules.setdefault("rich", None) is None  # type: ignore[arg-type]
import structlog

if _hidden:
    del sys.modules["rich"]

Line: TypeAlias = MutableMapping[str, Any]


KNOWN = {
    *("event", "level", "timestamp", "exception", "exc_info", "request"),
    *("method", "path", "status", "ms", "error", "part", "attempt", "why"),
    *("consumer", "aggregate", "kind", "task", "constraint", "table", "promotion"),
    *("carrier", "fact", "file", "server", "seconds", "sweep", "subject"),
}
"""Names of what may be logged. None of them is ever a person's; a new one is added here, on purpose."""


def keep_what_is_known(_: Any, __: str, line: Line) -> Line:
    return {name: value for name, value in line.items() if name in KNOWN}


def leave_details_out(_: Any, __: str, line: Line) -> Line:
    """PostgreSQL tells in DETAIL which row it refused, with all that stands in it."""
    if "exception" in line:
        rows = str(line["exception"]).splitlines()
        line["exception"] = "\n".join(row for row in rows if not row.startswith("DETAIL:"))
    return line


_quietest = logging.INFO
_LEVELS = {"debug": logging.DEBUG, "info": logging.INFO}


def says(level: Literal["debug", "info"]) -> bool:
    """Whether a line of this level is written. Asked first where making one costs too much."""
    return _LEVELS[level] >= _quietest


def configure(*, as_json: bool, level: str = "INFO") -> None:
    global _quietest
    _quietest = logging.getLevelNamesMapping()[level]
    rendering: list[structlog.typing.Processor] = (
        [structlog.processors.JSONRenderer()]
        if as_json
        else [
            structlog.dev.ConsoleRenderer(
                colors=sys.stderr.isatty(),
                # Never the values of variables: they hold names and addresses.
                exception_formatter=structlog.dev.plain_traceback,
            )
        ]
    )
    structlog.configure(
        processors=[
            structlog.contextvars.merge_contextvars,
            structlog.processors.add_log_level,
            structlog.processors.TimeStamper(fmt="iso", utc=True),
            structlog.processors.format_exc_info,
            leave_details_out,
            keep_what_is_known,
            *rendering,
        ],
        wrapper_class=structlog.make_filtering_bound_logger(logging.getLevelNamesMapping()[level]),
        logger_factory=lambda *_: structlog.WriteLogger(sys.stderr),
        cache_logger_on_first_use=False,
    )


configure(as_json=False)
log: structlog.typing.FilteringBoundLogger = structlog.get_logger("perron")
