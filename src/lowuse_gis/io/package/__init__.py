"""Packages on disk: write and read layers, sheets, metadata, manifest."""
