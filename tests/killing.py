"""A worker of a cluster, killed while a command is at work."""

from __future__ import annotations

import multiprocessing

from lowuse_gis.commands.progress import Progress

CLUSTER = {"engine": "dask", "workers": 3}  # what a request takes


class Killing:
    """Kills one of the workers as soon as another has done a partition.

    Attributes
    ----------
    killed
        Numbers of the processes.
    progress
        What a command is given.
    """

    def __init__(self) -> None:
        self.killed: list[int] = []
        self.progress = Progress(self._show)

    def _show(self, said: str) -> None:
        if said.startswith("partition 1 of") and not self.killed:
            worker = multiprocessing.active_children()[0]
            assert worker.pid
            self.killed.append(worker.pid)
            worker.kill()
