"""What flows through the stages, and the rulebook it is judged by. Everything here is frozen."""

from lowuse_gis.model.checking import CheckBook, CheckRule, Derived, NotABase, Tolerance, Total
from lowuse_gis.model.delivery import Delivered, Found, Notice
from lowuse_gis.model.raster import Grid, Window
from lowuse_gis.model.rules import Criterion, Obstacle, Rulebook, Run, SourceRule
from lowuse_gis.model.survey import Source, Survey

__all__ = [
    "CheckBook",
    "CheckRule",
    "Criterion",
    "Delivered",
    "Derived",
    "Found",
    "Grid",
    "NotABase",
    "Notice",
    "Obstacle",
    "Rulebook",
    "Run",
    "Source",
    "SourceRule",
    "Survey",
    "Tolerance",
    "Total",
    "Window",
]
