"""Choose which nodes of a graph join, and to which units: the heart of ``lowuse units``."""

from lowuse_gis.core.joining.best import Choice, adapted, choose, worth_a_search
from lowuse_gis.core.joining.problem import Limits, Problem, Weights, posed

__all__ = [
    "Choice",
    "Limits",
    "Problem",
    "Weights",
    "adapted",
    "choose",
    "posed",
    "worth_a_search",
]
