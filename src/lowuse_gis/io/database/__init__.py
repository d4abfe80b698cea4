"""A result in a PostGIS database: what is read, what it is called there, and how it gets there."""
