"""Ranges of values as people type them: ``NAME=START:STOP:STEP``."""

from __future__ import annotations

import re
from decimal import Decimal, DecimalException

import numpy as np

from lowuse_gis.errors import InputError
from lowuse_gis.language import _

MOST_VALUES = 200
RANGE_PARTS = 3
FORM = re.compile(r"\s*(?P<label>[^=\[\]]+(?:\[[^\]]*\])?)\s*=\s*(?P<values>.+?)\s*")


def parse_param(text: str) -> tuple[str, tuple[float, ...]]:
    """Read ``NAME=START:STOP:STEP`` or ``NAME=A,B,C``.

    Parameters
    ----------
    text
        As typed; both ends count. A row with selectors is named as findings name it:
        ``tax_per_mu_min[zone=高新产业园]``.

    Returns
    -------
    label : str
    values : tuple of float
        Ascending, each once.

    Raises
    ------
    InputError
        Where it is not of that form, leads nowhere, or has more than 200 values.

    Examples
    --------
    >>> parse_param("plot_ratio_factor=0.9:1.0:0.05")
    ('plot_ratio_factor', (0.9, 0.95, 1.0))
    >>> parse_param("tax_per_mu_min[town=1]=5,3")
    ('tax_per_mu_min[town=1]', (3.0, 5.0))
    """
    match = FORM.fullmatch(text)
    if match is None:
        raise _not_of_the_form(text)
    try:
        values = _values(match["values"], text)
    except DecimalException as error:
        raise _not_of_the_form(text) from error
    return match["label"].strip(), tuple(sorted({float(value) for value in values}))


def _not_of_the_form(text: str) -> InputError:
    return InputError(
        _("--param {text}: not of the form NAME=START:STOP:STEP").format(text=text),
        _("write it as NAME=0.4:1.0:0.05, or list values: NAME=0.4,0.6,0.8"),
    )


def _values(written: str, text: str) -> list[Decimal]:
    parts = written.split(":")
    numbers = [Decimal(part.strip()) for part in (parts if len(parts) > 1 else written.split(","))]
    if not all(np.isfinite(float(number)) for number in numbers):
        raise _not_of_the_form(text)
    count = len(numbers)
    if len(parts) > 1:
        if len(parts) != RANGE_PARTS:
            raise _not_of_the_form(text)
        count = _count(text, *numbers)
    if count > MOST_VALUES:
        raise InputError(
            _("--param {text}: {count} values, more than {most}").format(
                text=text, count=count, most=MOST_VALUES
            ),
            _("take a larger step"),
        )
    if len(parts) == 1:
        return numbers
    start, _stop, step = numbers
    return [start + step * number for number in range(count)]


def _count(text: str, start: Decimal, stop: Decimal, step: Decimal) -> int:
    if step == 0:
        raise InputError(
            _("--param {text}: the step is 0").format(text=text),
            _("give a step such as 0.05"),
        )
    if (stop - start) / step < 0:
        raise InputError(
            _("--param {text}: the step leads away from the last value").format(text=text),
            _("write the smaller value first: NAME=0.4:1.0:0.05"),
        )
    return int((stop - start) / step) + 1
