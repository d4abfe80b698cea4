"""Everything a receiver would check of a package."""
