"""Workers of a Spark cluster that an office has already."""

from __future__ import annotations

import os
import sys
from concurrent.futures import ThreadPoolExecutor, as_completed
from importlib import import_module
from typing import TYPE_CHECKING, Any, TypeVar

from lowuse_gis.errors import EngineError, InputError
from lowuse_gis.language import _

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence

Item = TypeVar("Item")
MEGABYTES = 2048  # an executor of this machine; the work is done in Python, beside its memory
QUIET = {"spark.ui.enabled": "false", "spark.ui.showConsoleProgress": "false"}


class Spark:
    """Run on the executors of Spark: each input is a task, so that Spark does a lost one again.

    Parameters
    ----------
    workers
        Executors to start on this machine, of one core each; 0 for one per core. Of no meaning
        with a master.
    master
        Address of one that runs, such as ``spark://host:7077``; empty to start executors here.

    Raises
    ------
    InputError
        Where Spark is not installed, or cannot be started.
    """

    def __init__(self, workers: int = 0, master: str = "") -> None:
        try:
            spark: Any = import_module("pyspark")
        except ImportError as error:
            raise InputError(
                _("--engine spark: Spark is not installed"),
                _("pip install 'lowuse-gis[spark]', and Java 17"),
            ) from error
        os.environ.setdefault("PYSPARK_PYTHON", sys.executable)
        here = f"local-cluster[{workers or os.cpu_count() or 1},1,{MEGABYTES}]"
        conf = spark.SparkConf().setAppName("lowuse").setMaster(master or here)
        try:
            self._context: Any = spark.SparkContext(conf=conf.setAll(QUIET.items()))
        except Exception as error:  # what Java said has no class of its own
            raise InputError(
                _("{address}: Spark cannot be started").format(address=master or here),
                _("see that Java 17 is there and the master runs"),
            ) from error
        self._context.setLogLevel("OFF")

    def over(self, function: Callable[[Item], None], items: Sequence[Item]) -> Iterator[Item]:
        """Run a function over all inputs; see `lowuse_gis.engines.Engine`."""
        with ThreadPoolExecutor(max(len(items), 1)) as pool:
            tasks = {pool.submit(self._done, function, item): item for item in items}
            try:
                for task in as_completed(tasks):
                    failed = task.result()
                    if failed is not None:
                        raise failed
                    yield tasks[task]
            finally:
                self._context.cancelAllJobs()

    def _done(self, function: Callable[[Item], None], item: Item) -> Exception | None:
        """Do one input on an executor; return what was raised there."""

        def attempt(given: Item) -> Exception | None:
            try:
                function(given)
            except Exception as error:  # noqa: BLE001  raised again here; Java would keep its text
                return error
            return None

        try:
            found: list[Exception | None] = (
                self._context.parallelize([item], 1).map(attempt).collect()
            )
        except Exception as error:  # what Java said has no class of its own
            raise EngineError(
                _("workers were lost again and again"),
                _("give them more memory; what is finished is kept"),
            ) from error
        return found[0]

    def close(self) -> None:
        """Leave the master, and end executors that were started here."""
        self._context.stop()
