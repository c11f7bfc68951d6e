"""The command `bluegrad`."""

import signal
import sys

from . import _native


def main() -> int:
    """Runs the command line of this process and returns its exit status."""
    # the command has handlers of its own
    signal.signal(signal.SIGINT, signal.SIG_DFL)
    return _native.main(["bluegrad", *sys.argv[1:]])


if __name__ == "__main__":
    sys.exit(main())
