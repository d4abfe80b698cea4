"""Say why a layer cannot be brought to the working system."""

from __future__ import annotations

from typing import TYPE_CHECKING

from lowuse_gis.core.placed import AMBIGUOUS, OUTSIDE, SHIFTED
from lowuse_gis.errors import InputError
from lowuse_gis.language import _

if TYPE_CHECKING:
    from lowuse_gis.core.placed import Place


class UnplacedError(InputError):
    """A layer whose place cannot be known.

    Parameters
    ----------
    message, hint
        As for every error.
    code
        Code in checks.csv: 2202, or 2203 for a layer of another district.
    """

    def __init__(self, message: str, hint: str, code: str) -> None:
        super().__init__(message, hint)
        self.code = code


def unplaced(place: Place, file: str) -> UnplacedError:
    """Say why a layer cannot be brought to the working system, and what is needed.

    Parameters
    ----------
    place
        The verdict.
    file
        Its name.

    Returns
    -------
    UnplacedError
        To be raised.
    """
    hints = {
        SHIFTED: _(
            "never just relabel it; give the seven parameters of the surveying office "
            "(--helmert position_vector:dx,dy,dz,rx,ry,rz,s), or supply CGCS2000"
        ),
        AMBIGUOUS: _("say which one: --crs {names}").format(
            names=_(" or ").join((place.crs, *place.alternatives))
        ),
        OUTSIDE: _("check whether it belongs to this district, and the declared system"),
    }
    local = _(
        "for a local system give its parameters (--similarity, --helmert or --pipeline), "
        "or supply CGCS2000"
    )
    code = "2203" if place.verdict == OUTSIDE else "2202"
    return UnplacedError(f"{file}: {place.why}", hints.get(place.verdict, local), code)
