"""``python -m hwbtext.cli``."""

from hwbtext.cli import main

main()
