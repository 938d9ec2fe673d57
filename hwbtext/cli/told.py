"""The caller's mistake, told in one line."""

from __future__ import annotations

import sys
from contextlib import contextmanager
from typing import TYPE_CHECKING, NoReturn

import click

from hwbtext.errors import HwbtextError

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path


def stop(message: str, code: int = 2) -> NoReturn:
    """Say what was wrong and end with an exit code."""
    click.echo(f"hwbtext: {message}", err=True)
    sys.exit(code)


@contextmanager
def told(kept: Path | None = None) -> Iterator[None]:
    """Tell the caller's mistake in one line, without a traceback.

    ``kept`` is the folder that a run which is stopped can go on in.
    """
    try:
        yield
    except HwbtextError as error:
        stop(str(error))
    except OSError as error:
        stop(f"{error.strerror or error}: {error.filename or kept or ''}")
    except KeyboardInterrupt:
        if kept is None:
            raise
        stop(f"Stopped. Start the same command again to go on: {kept} keeps what was read.", 130)
