"""Processes that do not outlive the one they work for."""

from __future__ import annotations

import multiprocessing
import os
from threading import Thread


def leave_with_parent() -> None:
    """Have this process end when the one that started it is killed.

    Nobody would take its work then, or send it home: it would wait for the next for good.
    """
    Thread(target=_leave, daemon=True).start()


def _leave() -> None:
    parent = multiprocessing.parent_process()
    if parent is not None:
        parent.join()
        os._exit(1)
