"""Mending of shapes and texts, each change on record."""
