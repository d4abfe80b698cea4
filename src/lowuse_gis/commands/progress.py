"""How a command says what it is doing, without knowing where that is shown."""

from __future__ import annotations

import time
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from lowuse_gis.kernels.compiled import when_compiling
from lowuse_gis.language import _

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator


@dataclass(frozen=True)
class Step:
    """How far a stage is.

    Attributes
    ----------
    done, total
        Of what it counts; 0 where it counts nothing.
    seconds
        Since it began.
    ended
        Whether it is over.
    """

    done: int
    total: int
    seconds: float
    ended: bool = False


@dataclass
class Progress:
    """Names the stages as they begin and keeps how long each took.

    Attributes
    ----------
    show
        Called with the name of the stage that begins.
    show_step
        Called with how far the stage is, where it counts, and when it ends.
    seconds
        Name of the stage to seconds.
    """

    show: Callable[[str], None] = lambda _name: None
    show_step: Callable[[Step], None] = lambda _step: None
    seconds: dict[str, float] = field(default_factory=dict)

    def __post_init__(self) -> None:
        """Say too when loops have to be compiled, so that nobody wonders what takes so long."""
        text = _("compiling geometry loops, once on this machine: up to a minute")
        when_compiling(lambda: self.show(text))

    @contextmanager
    def stage(self, name: str, total: int = 0) -> Iterator[Callable[[int], None]]:
        """Time one stage.

        Parameters
        ----------
        name
            What the user reads.
        total
            Of what it counts; 0 for a stage that counts nothing.

        Yields
        ------
        callable
            To be told how many are done.
        """
        self.show(name)
        begun = time.perf_counter()
        yield lambda done: self.show_step(Step(done, total, time.perf_counter() - begun))
        took = time.perf_counter() - begun
        self.show_step(Step(total, total, took, ended=True))
        self.seconds[name] = round(took, 3)
