"""Join low-use parcels, and the land between them, to redevelopment units (空间单元)."""
