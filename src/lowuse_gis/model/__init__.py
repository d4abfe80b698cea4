"""What flows through the stages, and the rulebook it is judged by. Everything here is frozen."""

from lowuse_gis.model.rules import Criterion, Obstacle, Rulebook, Run, SourceRule
from lowuse_gis.model.survey import Source, Survey

__all__ = ["Criterion", "Obstacle", "Rulebook", "Run", "Source", "SourceRule", "Survey"]
