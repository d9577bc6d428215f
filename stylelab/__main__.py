import sys

from stylelab.cli import interrupts
from stylelab.cli.options import main

status = main()
interrupts.ignore()
sys.exit(status)
