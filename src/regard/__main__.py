"""`python -m regard`."""

from regard.surfaces.cli import main

main()
