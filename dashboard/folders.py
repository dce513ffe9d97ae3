"""Files on the server that may be compared: those below the folders that the operator listed.

`TIDELINE_FOLDERS` lists them, parted as in PATH. Nobody types a path: a name is chosen from what
was found, links are resolved, and what they lead to outside of a folder is not offered.
"""

import os
from collections.abc import Iterator, Mapping
from pathlib import Path

VARIABLE = "TIDELINE_FOLDERS"
MOST = 5000  # files offered: a longer list would help nobody
TYPES = "csv tsv txt parquet feather arrow jsonl ndjson xlsx gz zip zst profile".split()  # noqa: SIM905 (reads better)


def offered() -> Mapping[str, Path]:
    """List the files by the name under which they are offered: folder and path below it."""
    names: dict[str, Path] = {}
    listed = _folders()
    alike = [folder.name for folder in listed]
    for folder in listed:
        # Two folders of one name are told apart by the one above.
        base = folder.parent if alike.count(folder.name) > 1 else folder
        above = f"{base.name}/" if base != folder else ""
        for path in _files(folder):
            names[f"{above}{folder.name}/{path.relative_to(folder).as_posix()}"] = path
            if len(names) == MOST:
                return names
    return names


def _folders() -> list[Path]:
    listed = os.environ.get(VARIABLE, "").split(os.pathsep)
    return [Path(each).resolve() for each in listed if each and Path(each).is_dir()]


def _files(folder: Path) -> Iterator[Path]:
    for place, inside, names in os.walk(folder):
        inside[:] = sorted(name for name in inside if not name.startswith("."))
        for name in sorted(names):
            path = Path(place, name)
            if path.suffix.lower().removeprefix(".") in TYPES and _is_inside(path, folder):
                yield path


def _is_inside(path: Path, folder: Path) -> bool:
    try:
        target = path.resolve(strict=True)
    except OSError:
        return False
    return target.is_relative_to(folder) and target.is_file()
