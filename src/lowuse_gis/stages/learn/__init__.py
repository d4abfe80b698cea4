"""Draft a profile from a delivery that was accepted."""
