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


@dataclass
class Progress:
    """Names the stages as they begin and keeps how long each took.

    Attributes
    ----------
    show
        Called with the name of the stage that begins.
    seconds
        Name of the stage to seconds.
    """

    show: Callable[[str], None] = lambda _name: None
    seconds: dict[str, float] = field(default_factory=dict)

    def __post_init__(self) -> None:
        """Say too when loops have to be compiled, so that nobody wonders what takes so long."""
        text = _("compiling geometry loops, once on this machine: up to a minute")
        when_compiling(lambda: self.show(text))

    @contextmanager
    def stage(self, name: str) -> Iterator[None]:
        """Time one stage.

        Parameters
        ----------
        name
            What the user reads.

        Yields
        ------
        None
        """
        self.show(name)
        begun = time.perf_counter()
        yield
        self.seconds[name] = round(time.perf_counter() - begun, 3)
