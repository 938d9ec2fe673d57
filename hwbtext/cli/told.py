"""The caller's mistake, told in one line."""

from __future__ import annotations

import sys
from contextlib import contextmanager
from typing import TYPE_CHECKING, NoReturn

import click

from hwbtext.errors import HwbtextError

if TYPE_CHECKING:
    from collections.abc import Iterator


def stop(message: str, code: int = 2) -> NoReturn:
    """Say what was wrong and end with an exit code."""
    click.echo(f"hwbtext: {message}", err=True)
    sys.exit(code)


@contextmanager
def told() -> Iterator[None]:
    """Tell the caller's mistake in one line, without a traceback."""
    try:
        yield
    except HwbtextError as error:
        stop(str(error))
    except OSError as error:
        stop(f"{error.strerror or error}: {error.filename or ''}")
