"""The floors of the house: imports inside `core` and `dashboard` only point down."""

import ast
from pathlib import Path

ROOT = Path(__file__).parents[1]

_BELOW = {"core.reading", "core.profiling", "core.deciding", "core.settings"}

# What each room may import of ours, beside itself.
MAY_IMPORT = {
    "core": set(),  # the catalogue loads by name
    "core.storing.files": set(),
    "core.settings": set(),
    "core.reading": {"core.storing.files"},
    "core.profiling": {"core.storing.files"},
    "core.measuring": set(),
    "core.deciding": {"core.profiling", "core.measuring"},
    "core.reporting": {"core.deciding", "core.storing.files"},
    "core.counting": {"core.reading", "core.profiling", "core.settings"},
    "core.pipeline": {"core.counting", *_BELOW},
    "core.cli": {"core.pipeline", "core.settings", "core.reporting"},
    "core.__main__": {"core.cli"},
    "dashboard": {"core.pipeline", "core.settings", "core.reporting", "core.deciding.reports"},
}


def room(module):
    return max((name for name in MAY_IMPORT if f"{module}.".startswith(f"{name}.")), key=len)


def imports(path):
    package = path.relative_to(ROOT).with_suffix("").parts
    for node in ast.walk(ast.parse(path.read_text())):
        if isinstance(node, ast.ImportFrom):
            start = ".".join(package[: len(package) - node.level]) if node.level else ""
            stem = ".".join(filter(None, (start, node.module)))
            yield from (f"{stem}.{alias.name}" for alias in node.names)
        elif isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)


def test_imports_only_point_down():
    wrong = []
    for path in [*ROOT.glob("core/**/*.py"), *ROOT.glob("dashboard/**/*.py")]:
        module = ".".join(path.relative_to(ROOT).with_suffix("").parts).removesuffix(".__init__")
        for target in imports(path):
            if target.split(".")[0] not in {"core", "dashboard"} or room(target) == room(module):
                continue
            allowed = MAY_IMPORT[room(module)]
            if not any(f"{target}.".startswith(f"{name}.") for name in allowed):
                wrong.append(f"{module} imports {target}")
    assert not wrong
