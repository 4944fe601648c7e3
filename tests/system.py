"""Install what the tests need from the machine, or say what to install."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys

# program: Debian's package
NEEDED = {"chromium": "chromium", "bwrap": "bubblewrap", "setpriv": "util-linux"}


def lacking() -> list[str]:
    return [package for program, package in NEEDED.items() if shutil.which(program) is None]


def main() -> None:
    packages = lacking()
    if not packages:
        return
    names = " ".join(packages)
    if shutil.which("apt-get") is None:
        sys.exit(f"The tests need {names}; install them with your system's package manager.")
    prefix: list[str] = []
    if os.geteuid() != 0:
        if subprocess.run(["sudo", "-n", "true"], capture_output=True, check=False).returncode:
            sys.exit(f"The tests need {names}. Install them: sudo apt-get install {names}")
        prefix = ["sudo", "-n"]
    sys.stdout.write(f"Installing {names} with apt-get …\n")
    environment = {**os.environ, "DEBIAN_FRONTEND": "noninteractive"}
    for verb in (["update"], ["install", "--no-install-recommends", "-y", *packages]):
        subprocess.run([*prefix, "apt-get", "-qq", *verb], check=True, env=environment)
    if lacking():
        sys.exit(f"apt-get ran, yet these are still missing: {' '.join(lacking())}")


if __name__ == "__main__":
    main()
