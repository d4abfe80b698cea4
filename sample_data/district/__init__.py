"""The invented sample district: everything that is needed to draw it, seeded and repeatable."""
