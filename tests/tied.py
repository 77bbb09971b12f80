"""Run a command that ends with whoever started it: `python -m tests.tied COMMAND …`.

Its standard input is the tie: when the other end closes, also because its process was killed,
the command is ended.
"""

import subprocess
import sys
import threading


def main() -> None:
    """Run the command line's command until it ends or the tie does."""
    child = subprocess.Popen(sys.argv[1:], stdin=subprocess.DEVNULL)

    def wait_for_the_tie() -> None:
        sys.stdin.buffer.read()
        child.kill()  # at once: what it was used for is over, and its files are temporary

    threading.Thread(target=wait_for_the_tie, daemon=True).start()
    sys.exit(child.wait())


if __name__ == "__main__":
    main()
