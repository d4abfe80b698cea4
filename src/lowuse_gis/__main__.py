"""Run the command line with ``python -m lowuse_gis``, where no ``lowuse`` script is on the path."""

from lowuse_gis.cli import main

main()
