"""What flows through the stages, and the rulebook it is judged by. Everything here is frozen."""

from lowuse_gis.model.checking import CheckBook, CheckRule, Derived, NotABase, Tolerance, Total
from lowuse_gis.model.delivery import Delivered, Found, Notice
from lowuse_gis.model.partition import Bounds, Manifest, Partition
from lowuse_gis.model.raster import Grid, Window
from lowuse_gis.model.rules import Criterion, Obstacle, Rulebook, Run, SourceRule
from lowuse_gis.model.survey import Source, Survey

__all__ = [
    "Bounds",
    "CheckBook",
    "CheckRule",
    "Criterion",
    "Delivered",
    "Derived",
    "Found",
    "Grid",
    "Manifest",
    "NotABase",
    "Notice",
    "Obstacle",
    "Partition",
    "Rulebook",
    "Run",
    "Source",
    "SourceRule",
    "Survey",
    "Tolerance",
    "Total",
    "Window",
]
