"""`python3 -m app.bootstrap GROUP`: install and do nothing else; for developers and CI."""

import sys

from app import bootstrap

bootstrap.ensure(sys.argv[1] if len(sys.argv) > 1 else "home", "app.bootstrap")
