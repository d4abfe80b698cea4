"""How a command says what it is doing, without knowing where that is shown."""

from __future__ import annotations

import time
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
from contextlib import contextmanager


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
