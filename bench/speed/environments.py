"""Virtual environments for what Tideline is compared with, made by pip, each with its pins.

The pins are what each release needs to run at all: all of them were written for pandas 2.
"""

import subprocess
import sys
import venv
from pathlib import Path

PINS = {
    "readers": ["polars", "duckdb", "pyarrow", "pandas>=3"],
    "nannyml": ["nannyml==0.13.1", "pandas<2.3", "numpy<2", "scikit-learn<1.6", "pyarrow"],
    "evidently": ["evidently==0.7.23", "pandas<3", "numpy<2.1", "pyarrow"],
    "whylogs": ["whylogs[viz]==1.6.4", "pandas<2.3", "numpy<2", "setuptools<81", "pyarrow"],
    "popmon": ["popmon==1.4.12", "pandas<3", "setuptools<81", "pyarrow"],
}


def python_of(name: str, folder: Path) -> tuple[str, str]:
    """Give the Python of an environment, made where it is missing, or why there is none."""
    place = folder / name
    python = place / "bin" / "python"
    ready = place / "ready"
    wanted = "\n".join(PINS[name])
    if ready.exists() and ready.read_text() == wanted:
        return str(python), ""
    sys.stderr.write(f"installing {', '.join(PINS[name])}\n")
    venv.create(place, with_pip=True, clear=True)
    command = [str(python), "-m", "pip", "install", "--quiet", "--disable-pip-version-check"]
    run = subprocess.run(  # noqa: S603 (our own command)
        [*command, *PINS[name]], capture_output=True, text=True, check=False
    )
    if run.returncode:
        errors = [line for line in run.stderr.splitlines() if line.startswith("ERROR")]
        return "", (errors or ["pip failed"])[0].removeprefix("ERROR: ")
    ready.write_text(wanted)
    return str(python), ""
