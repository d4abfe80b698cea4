"""Compiled loops over ragged coordinate arrays: exact areas, neighbours, dissolve, zonal sums.

They need numba (``pip install 'lowuse-gis[fast]'``); without it, and for small inputs, the
functions of `core` that call them take the shapely way, which gives the same rounded columns.
Modules of loops import numba, which takes time: `core` imports them only where they are called.
"""
