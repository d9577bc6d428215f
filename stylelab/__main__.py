import sys

from stylelab.cli.options import main

sys.exit(main())
