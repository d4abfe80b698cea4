"""What a result calls its codes and columns."""

from __future__ import annotations

from typing import TYPE_CHECKING

from lowuse_gis.core.wording import written_number
from lowuse_gis.language import pick

if TYPE_CHECKING:
    from lowuse_gis.io.result import Result


TRUTHS = {"true": ("是", "yes"), "false": ("否", "no")}


class Labels:
    """What a result calls its codes and columns.

    Parameters
    ----------
    result
        Carries its labels and columns.
    """

    def __init__(self, result: Result) -> None:
        labels, columns = result.tables["labels"].fillna(""), result.tables["columns"].fillna("")
        pairs = zip(labels["label"], labels["label_en"], strict=True)
        self._labels = dict(
            zip(zip(labels["domain"], labels["code"], strict=True), pairs, strict=True)
        )
        self._columns = columns.set_index("name").to_dict("index")

    def code(self, domain: str, code: object) -> str:
        """Return the label of a code; the code itself where it has none."""
        known = self._labels.get((domain, str(code)))
        return pick(*known) if known else str(code)

    def column(self, name: str) -> str:
        """Return the label of a column."""
        known = self._columns.get(name)
        return pick(known["label"], known["label_en"]) if known else name

    def columns(self, names: str) -> str:
        """Return the labels of columns joined by semicolons."""
        return "、".join(self.column(name) for name in names.split(";") if name)

    def unit(self, name: str) -> str:
        """Return the unit of a column."""
        return str(self._columns.get(name, {}).get("unit", ""))

    def value(self, name: str, number: float, text: object) -> str:
        """Write the value of a column: a number with its unit, or a code with its label."""
        if text in TRUTHS:
            return pick(*TRUTHS[str(text)])
        if isinstance(text, str) and text:
            domain = str(self._columns.get(name, {}).get("domain", ""))
            label = self.code(domain, text)
            return text if label == text else f"{text} {label}"
        return written_number(float(number), self.unit(name))

    def condition_word(self, compared: str, word: str) -> str:
        """Write one word of a condition: a column, a threshold, a code of the compared column."""
        bare = word.strip("'(),")
        if bare.lower() in TRUTHS:
            return pick(*TRUTHS[bare.lower()])
        if word.startswith(("'", "('")):
            return self.value(compared, 0.0, bare)
        return word.replace(bare, self.column(bare)) if bare else word
