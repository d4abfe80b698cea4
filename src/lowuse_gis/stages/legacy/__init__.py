"""Historical legacy: pieces of construction land that no procedure covers."""
