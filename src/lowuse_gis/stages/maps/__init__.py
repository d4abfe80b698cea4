"""Maps of a result for people without a GIS."""
