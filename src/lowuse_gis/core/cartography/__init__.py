"""How layers look in a desktop GIS: symbols, styles, sheets and projects as QGIS reads them."""
