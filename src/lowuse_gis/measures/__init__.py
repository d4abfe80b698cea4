"""Measures: geometry and tables become columns, once.

A measure takes the survey, its entry in measures.toml and the run, and returns `Measured`. The
kinds are listed in `lowuse_gis.measures.kinds`.
"""
