"""A progress bar for the commands that take their time."""

from __future__ import annotations

from typing import TYPE_CHECKING

import click

if TYPE_CHECKING:
    from rich.progress import TaskID


class Bar:
    """A progress bar on stderr; nothing where stderr is no terminal but a line a stage."""

    def __init__(self) -> None:
        from rich.console import Console
        from rich.progress import (
            BarColumn,
            MofNCompleteColumn,
            Progress,
            TextColumn,
            TimeElapsedColumn,
            TimeRemainingColumn,
        )

        self._console = Console(stderr=True)
        self._bar = Progress(
            TextColumn("{task.description:<28}"),
            BarColumn(),
            MofNCompleteColumn(),
            TimeElapsedColumn(),
            TimeRemainingColumn(),
            console=self._console,
            disable=not self._console.is_terminal,
        )
        self._task: TaskID | None = None

    def __enter__(self) -> Bar:
        self._bar.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._bar.stop()

    def start(self, stage: str, total: int) -> None:
        """Begin a stage of so many steps."""
        if not self._console.is_terminal:
            click.echo(f"{stage}: {total}", err=True)
        self._task = self._bar.add_task(stage, total=total)

    def step(self, n: int = 1) -> None:
        """Tell that steps are done."""
        if self._task is not None:
            self._bar.advance(self._task, n)
