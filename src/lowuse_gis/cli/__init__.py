"""What the user types. Nothing heavy is imported before a command runs."""

from __future__ import annotations

import os
import sys
from functools import cache
from typing import TYPE_CHECKING, NoReturn

from typer.exceptions import Abort, TyperException
from typer.main import get_command

from lowuse_gis.cli import (
    card,
    check,
    completion,
    describe,
    init,
    legacy,
    legacy_review,
    maps,
    matches,
    partition,
    plan,
    publish,
    qgis,
    receipt,
    report,
    requests,
    review,
    road,
    rules,
    rules_cases,
    rules_compare,
    rules_lint,
    units,
    verify,
)
from lowuse_gis.cli.root import app
from lowuse_gis.engines.memory import collect_seldom
from lowuse_gis.errors import LowuseError
from lowuse_gis.language import _, language

if TYPE_CHECKING:
    from collections.abc import Callable

BUG = 70
REFUSED = 2
INTERRUPTED = 130  # what the command-line library makes of Ctrl-C

__all__ = [
    "app",
    "card",
    "check",
    "completion",
    "describe",
    "init",
    "legacy",
    "legacy_review",
    "main",
    "maps",
    "matches",
    "partition",
    "plan",
    "publish",
    "qgis",
    "receipt",
    "report",
    "requests",
    "review",
    "road",
    "rules",
    "rules_cases",
    "rules_compare",
    "rules_lint",
    "units",
    "verify",
]


def _fail(message: str, hint: str, code: int) -> NoReturn:
    def one_line(text: str) -> str:
        return " ".join(str(text).split())

    sys.stderr.write(f"error: {one_line(message)}\nhint: {one_line(hint)}\n")
    sys.exit(code)


@cache
def _commands(_of: str) -> Callable[..., object]:
    """Make the tree of commands once in a process for each language that their help is in."""
    return get_command(app)


def main() -> None:
    """Run the command line; a user meets one error line and one hint line, never a traceback."""
    for stream in (sys.stdout, sys.stderr):
        if hasattr(stream, "reconfigure"):
            stream.reconfigure(errors="replace")
    completion.answer_shell()
    collect_seldom()
    try:
        code = _commands(language())(prog_name=completion.PROGRAM, standalone_mode=False)
    except LowuseError as error:
        _fail(error.message, error.hint, REFUSED)
    except TyperException as error:
        _fail(error.format_message(), _("see: lowuse --help"), error.exit_code)
    except (KeyboardInterrupt, Abort):
        code = INTERRUPTED
    except BrokenPipeError:
        sys.exit(0)
    except Exception as error:
        if os.environ.get("LOWUSE_DEBUG"):
            raise
        _fail(
            _("this is a bug in lowuse: {error}").format(error=f"{type(error).__name__}: {error}"),
            _("run again with LOWUSE_DEBUG=1 and report what it prints"),
            BUG,
        )
    if code == INTERRUPTED:
        _fail(_("interrupted; nothing was written"), _("run the same command again"), REFUSED)
    sys.exit(code if isinstance(code, int) else 0)
