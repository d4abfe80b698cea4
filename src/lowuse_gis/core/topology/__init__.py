"""Measured facts about the shapes of a layer; a rule judges them later.

``shape``, ``vertices``, ``overlaps``, ``gaps`` and ``edges`` each give one table. Overlaps and gaps
start from the edges that no neighbour shares (``layer``).
"""
