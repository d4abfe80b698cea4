"""Verifying packages: structure, cells, keys, shapes, copies and sheets against a profile."""
