"""Logging that cannot carry what a person sent.

A record is made quiet when it is born, by the record factory, so that no handler, formatter or
library added later can print more. What is left: the level, the logger's name, sentences that
were written down beforehand, and for an error its type and the places in the code it passed.
No message's arguments, no message of an error, no address, path, browser or time (R56, R86).
"""

from __future__ import annotations

import logging
import sys
import threading
import traceback
import warnings
from collections.abc import Iterator
from pathlib import Path
from types import TracebackType
from typing import Any, TextIO

LINE = "%(levelname)s %(name)s: %(message)s"
WITHHELD = "(message withheld)"
PLACES_AT_MOST = 12
"""Places in the code that are told for each error, from the innermost outwards."""
CAUSES_AT_MOST = 8

# Sentences about the server itself, whose arguments are process numbers, signals and its own
# address. They are gunicorn's (arbiter.py, sock.py), word for word.
SERVER_SENTENCES = frozenset(
    {
        "Starting gunicorn %s",
        "Listening at: %s (%s)",
        "Using worker: %s",
        "Booting worker with pid: %s",
        "Worker exiting (pid: %s)",
        "Handling signal: %s",
        "Shutting down: %s",
        "WORKER TIMEOUT (pid:%s)",
        "Worker (pid:%s) exited with code %s.",
        "Worker (pid:%s) was sent %s!",
        "Worker (pid:%s) was sent %s! Perhaps out of memory?",
        "Connection in use: %s",
        "Invalid address: %s",
        "Can't connect to %s",
    }
)
_sentences: set[str] = set()


def log_sentence(sentence: str) -> str:
    """Write down a sentence that may be logged as it is; call it where a module is loaded.

    Args:
        sentence: a constant, with no place for arguments.

    Raises:
        ValueError: it has a place for arguments.
    """
    if "%" in sentence or "{" in sentence:
        raise ValueError("a sentence for the log takes no arguments")
    _sentences.add(sentence)
    return sentence


def describe_error(error: BaseException) -> str:
    """Tell an error's type and where in the code it passed, and the same of what caused it.

    Args:
        error: the error. None of its own words are used: they may hold what a person wrote.
    """
    return " from ".join(_describe_one(each) for each in _chain(error))


def _chain(error: BaseException) -> Iterator[BaseException]:
    seen: set[int] = set()
    present: BaseException | None = error
    while present is not None and id(present) not in seen and len(seen) < CAUSES_AT_MOST:
        seen.add(id(present))
        yield present
        present = present.__cause__ or (
            None if present.__suppress_context__ else present.__context__
        )


def _describe_one(error: BaseException) -> str:
    kind = type(error)
    name = kind.__qualname__
    if kind.__module__ not in ("builtins", "__main__"):
        name = f"{kind.__module__}.{name}"
    places = [
        f"{_short(frame.f_code.co_filename)}:{line}"
        for frame, line in traceback.walk_tb(error.__traceback__)
    ]
    if not places:
        return name
    return f"{name} at {' < '.join(places[: -PLACES_AT_MOST - 1 : -1])}"


def _short(path: str) -> str:
    """Keep the end of a source file's path: enough to find it, nothing of the machine."""
    return "/".join(Path(path).parts[-3:])


def _quiet_message(message: object, arguments: object) -> str:
    if isinstance(message, BaseException):
        return describe_error(message)
    if not isinstance(message, str):
        return WITHHELD
    if message in _sentences and not arguments:
        return message
    if message in SERVER_SENTENCES and isinstance(arguments, tuple):
        return message % arguments
    return WITHHELD


class QuietRecord(logging.LogRecord):
    """A log record that forgets all it may not tell before anybody can read it."""

    def __init__(self, *fields: Any, **named: Any) -> None:
        super().__init__(*fields, **named)
        try:
            message = _quiet_message(self.msg, self.args)
        except (TypeError, ValueError):
            message = WITHHELD
        error = self.exc_info[1] if self.exc_info else None
        if error is not None:
            told = describe_error(error)
            message = told if message == WITHHELD else f"{message} {told}"
        self.msg = message
        self.args = self.exc_info = self.exc_text = self.stack_info = None
        self.created = self.msecs = self.relativeCreated = 0.0


class _OnlyWhatMatters(logging.Filter):
    """Let a record pass if it tells something; a bare "INFO" at a time is a time of arrival."""

    def filter(self, record: logging.LogRecord) -> bool:
        return record.levelno >= logging.WARNING or record.msg != WITHHELD


def quiet_handler(stream: TextIO | None = None) -> logging.Handler:
    """Make the one handler there is.

    Args:
        stream: where lines go; the standard error stream by default.
    """
    handler = logging.StreamHandler(stream)
    handler.setFormatter(logging.Formatter(LINE))
    handler.addFilter(_OnlyWhatMatters())
    return handler


def quiet(stream: TextIO | None = None) -> None:
    """Make every logger of this process quiet; call it before the application is made.

    Args:
        stream: where lines go; the standard error stream by default.

    Also quiet: warnings, errors that end a thread, errors while an object is destroyed, and the
    notes that logging itself prints when a handler fails.
    """
    logging.setLogRecordFactory(QuietRecord)
    logging.raiseExceptions = False
    logging.captureWarnings(True)
    warnings.formatwarning = _quiet_warning
    root = logging.getLogger()
    root.handlers = [quiet_handler(stream)]
    root.setLevel(logging.INFO)
    # Loggers that had handlers of their own before, such as Flask's and Werkzeug's.
    for logger in list(logging.root.manager.loggerDict.values()):
        if isinstance(logger, logging.Logger):
            logger.handlers = []
            logger.propagate = True
    # Werkzeug tells each request at this level, which would be one line for each arrival.
    logging.getLogger("werkzeug").setLevel(logging.WARNING)
    sys.excepthook = _on_crash
    threading.excepthook = _on_thread_crash
    sys.unraisablehook = _on_unraisable


def _quiet_warning(
    message: Warning | str,
    category: type[Warning],
    filename: str,
    lineno: int,
    line: str | None = None,
) -> str:
    return f"{category.__name__} at {_short(filename)}:{lineno}"


def _log_crash(error: BaseException | None) -> None:
    if error is not None:
        logging.getLogger("crash").critical("", exc_info=error)


def _on_crash(kind: type[BaseException], error: BaseException, trace: TracebackType | None) -> None:
    if issubclass(kind, KeyboardInterrupt):
        return
    _log_crash(error)


def _on_thread_crash(arguments: threading.ExceptHookArgs) -> None:
    _log_crash(arguments.exc_value)


def _on_unraisable(arguments: sys.UnraisableHookArgs) -> None:
    _log_crash(arguments.exc_value)
