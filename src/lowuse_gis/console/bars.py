"""Bars and changes as text."""

from __future__ import annotations

BAR = 24  # characters of the longest bar
EIGHTHS = " ▏▎▍▌▋▊▉"


def bar(value: float, longest: float, cells: int = BAR) -> str:
    """Draw a bar of blocks.

    Parameters
    ----------
    value, longest
        What it stands for, and what the longest bar stands for.
    cells
        Of the longest bar.

    Returns
    -------
    str

    Examples
    --------
    >>> bar(1.0, 2.0) == "█" * 12, bar(0.0, 2.0), bar(1.0, 0.0)
    (True, '', '')
    """
    eighths = round(value / longest * cells * 8) if longest > 0 else 0
    return ("█" * (eighths // 8) + EIGHTHS[eighths % 8]).rstrip()


def signed(number: float, decimals: int = 0) -> str:
    """Write a change with its sign, nothing for none.

    Parameters
    ----------
    number, decimals
        The change, and the decimals to show.

    Returns
    -------
    str

    Examples
    --------
    >>> signed(3), signed(-1.256, 2), signed(0.0, 2)
    ('+3', '-1.26', '0')
    """
    return f"{number:+,.{decimals}f}" if round(number, decimals) else "0"
