"""Runs a script in a virtual environment with the Python packages that these scripts need; makes it where there is none.

    python3 test-data/packages.py target/read-back test-data/read_back_fits.py target/release/asdf test-data/fits
"""

import os
import subprocess
import sys
from pathlib import Path

WANTED = Path(__file__).resolve().parent / "generate" / "requirements.txt"


def make(folder):
    """Makes the environment, or brings it up to date; needs a network then. Gives its Python."""
    python = folder / "bin" / "python"
    stamp = folder / "installed"
    if not stamp.exists() or stamp.read_text() != WANTED.read_text():
        subprocess.run([sys.executable, "-m", "venv", folder], check=True)
        pip = [python, "-m", "pip", "install", "-q", "--disable-pip-version-check", "--retries", "1", "-r", WANTED]
        subprocess.run(pip, check=True)
        stamp.write_text(WANTED.read_text())
    return python


def main():
    folder, *words = sys.argv[1:]
    python = make(Path(folder))
    os.execv(python, [str(python), "-W", "ignore", *words])


if __name__ == "__main__":
    main()
