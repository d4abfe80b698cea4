"""How far a command is: the stage, and where it counts also the rate and the time left."""

from __future__ import annotations

import sys
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from rich.cells import cell_len, set_cell_size

from lowuse_gis.commands.progress import Progress
from lowuse_gis.console.show import show_stage, to_user
from lowuse_gis.language import _

if TYPE_CHECKING:
    from lowuse_gis.commands.progress import Step

EVERY = 0.1  # s between two drawings of the line
SETTLED = 1.0  # s before a rate says anything
LONG = 2.0  # s from which a stage says what it took
MINUTE = 60
CLEAR = "\r\x1b[K"


def shown_progress(*, quiet: bool = False) -> Progress:
    """Return what says on stderr how far a command is.

    Parameters
    ----------
    quiet
        Whether nothing is to be said.

    Returns
    -------
    Progress
        Where stderr is no terminal, only stages are named.
    """
    if quiet:
        return Progress()
    if not sys.stderr.isatty():
        return Progress(show_stage)
    line = CountedLine(to_user().width)
    return Progress(show_stage, line.show)


@dataclass
class CountedLine:
    """The line below a stage that is drawn anew while it runs.

    Attributes
    ----------
    width
        Cells of the terminal.
    drawn
        When it was drawn last, in seconds of the stage.
    """

    width: int
    drawn: float = field(default=0.0)

    def show(self, step: Step) -> None:
        """Draw the line; take it away when the stage ends.

        Parameters
        ----------
        step
            How far the stage is.
        """
        if step.ended:
            took = f"  {took_words(step)}\n" if step.seconds >= LONG else ""
            sys.stderr.write(CLEAR + took)
            self.drawn = 0.0
        elif step.seconds - self.drawn >= EVERY:
            sys.stderr.write(CLEAR + set_cell_size(step_words(step, self.width), self.width - 1))
            self.drawn = step.seconds
        sys.stderr.flush()


def step_words(step: Step, width: int) -> str:
    """Say how far a stage is.

    Parameters
    ----------
    step, width
        How far, and the cells there are.

    Returns
    -------
    str
        Done of all, share, rate and time left; what finds no room is left out from the end.
    """
    parts = [f"  {step.done:,}/{step.total:,}", f"{step.done / max(step.total, 1):.0%}"]
    if step.seconds >= SETTLED and step.done:
        rate = step.done / step.seconds
        parts.append(_("{rate}/s").format(rate=f"{rate:,.0f}" if rate >= 1 else f"{rate:.1f}"))
        left = clock_words((step.total - step.done) / rate)
        parts.append(_("{time} left").format(time=left))
    while len(parts) > 1 and cell_len("  ".join(parts)) >= width:
        parts.pop()
    return "  ".join(parts)


def took_words(step: Step) -> str:
    """Say what a stage took, and its rate where it counted.

    Parameters
    ----------
    step
        That has ended.

    Returns
    -------
    str
    """
    took = clock_words(step.seconds)
    if not step.total:
        return took
    rate = _("{rate}/s").format(rate=f"{step.total / step.seconds:,.0f}")
    return f"{took}  {step.total:,}  {rate}"


def clock_words(seconds: float) -> str:
    """Write a time.

    Parameters
    ----------
    seconds
        At least 0.

    Returns
    -------
    str
    """
    if seconds < MINUTE:
        return _("{seconds} s").format(seconds=f"{seconds:.0f}")
    minutes, rest = divmod(round(seconds), MINUTE)
    return _("{minutes} min {seconds} s").format(minutes=minutes, seconds=rest)
