"""`python -m asdfkit` is the command `asdf`."""

import sys

from ._command import main

sys.exit(main())
