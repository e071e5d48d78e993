"""``python -m cachekeys``: the command."""

import os
import subprocess
import sys

from . import find_cachekeys_bin


def main() -> None:
    command = [find_cachekeys_bin(), *sys.argv[1:]]
    if os.name == "nt":
        # On Windows, `exec` starts another process and does not wait for it.
        try:
            sys.exit(subprocess.run(command, check=False).returncode)
        except KeyboardInterrupt:
            sys.exit(2)
    os.execv(command[0], command)


if __name__ == "__main__":
    main()
