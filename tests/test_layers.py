"""The floors of the house: imports inside `core` and `dashboard` only point down."""

import ast
from pathlib import Path

ROOT = Path(__file__).parents[1]

_BELOW = {"core.reading", "core.profiling", "core.deciding", "core.settings"}

# What each room may import of ours, beside itself.
MAY_IMPORT = {
    "core": set(),  # the catalogue loads by name
    "core.storing.files": set(),
    "core.choices": set(),
    "core.refusals": {"core.choices"},
    "core.settings": {"core.choices", "core.refusals"},
    "core.schedules": {"core.settings", "core.refusals"},
    "core.terminal": set(),
    "core.reading": {"core.storing.files"},
    "core.profiling": {"core.storing.files"},
    "core.measuring": set(),
    "core.deciding": {"core.profiling", "core.measuring"},
    "core.reporting": {"core.deciding", "core.storing.files"},
    "core.sums": {"core.reading", "core.profiling"},
    "core.counting": {
        *("core.clusters", "core.cutting", "core.pairing", "core.sums", "core.reading"),
        *("core.profiling", "core.settings"),
    },
    "core.pairing": {"core.cutting", "core.reading", "core.profiling", "core.settings"},
    "core.beyond": {"core.profiling", "core.deciding", "core.settings"},
    "core.cutting": {"core.reading", "core.profiling"},
    "core.clusters": {"core.cutting", "core.reading", "core.profiling"},
    "core.previews": {"core.counting", "core.reading", "core.profiling", "core.settings"},
    "core.choosing": {"core.profiling", "core.deciding", "core.settings"},
    "core.timelines": {"core.cutting", "core.choosing", *_BELOW},
    "core.spans": {"core.cutting", "core.choosing", "core.choices", "core.timelines", *_BELOW},
    "core.relations": {"core.profiling", "core.deciding", "core.settings"},
    "core.judging": {
        *("core.spans", "core.relations", "core.beyond", "core.cutting", "core.choosing"),
        *_BELOW,
    },
    "core.pipeline": {
        *("core.judging", "core.spans", "core.timelines"),
        *("core.cutting", "core.counting", "core.previews", "core.choosing"),
        *_BELOW,
    },
    "core.storing": {"core.reading.windows", "core.profiling", "core.deciding.reports"},
    "core.scheduling": {
        "core.counting",
        "core.cutting",
        "core.timelines",
        "core.pipeline",
        "core.reporting",
        "core.schedules",
        "core.storing",
        *_BELOW,
    },
    "core.cli": {
        "core.terminal",
        "core.pipeline",
        "core.settings",
        "core.reporting",
        "core.schedules",
        "core.scheduling",
        "core.storing.problems",
    },
    "core.__main__": {"core.cli"},
    "dashboard.lessons": {"core.measuring", "core.reporting"},
    "dashboard": {
        *("dashboard.lessons", "core.measuring"),
        *("core.pipeline", "core.settings", "core.choices", "core.schedules", "core.reporting"),
        *("core.deciding.reports", "core.deciding.segment_reports", "core.deciding.alarms"),
        *("core.scheduling.states", "core.scheduling.archives", "core.storing.problems"),
        *("core.storing.history", "core.storing.outbox"),
    },
}

# Inside a room, from the ground up: a file imports only those before it.
ORDER = {
    "core.reading": "options problems tables dialects headers quotes texts numerals moments values "
    "delimited opened written places frames records workbooks databases spark dask columnar unions "
    "sources "
    "windows references",
    "core.profiling": "buffers cells texts hashes quantities categories kinds vectors archives "
    "soundness sums segments pairs profiles faults parts engines",
    "core.measuring": "smoothing divergences mixtures distances samples conventions bins gaussians "
    "significance dependence information vigils batches intervals normals "
    "directions",
    "core.deciding": "labels grids binnings poolings comparisons isolation changes chunks evidence "
    "sparse lattices weights window_numbers window_labels states timeline_reports "
    "segment_reports vector_reports pair_reports outcome_reports reports obstacles segmented "
    "groupings pair_figures dependences classes information label_obstacles summaries "
    "records decisions outcomes pair_obstacles vector_obstacles vector_gaps vector_details vectors "
    "weighing vigils tracks timelines alarms cautions conventions",
    "core.reporting": "palette words bars changes places certainty vectors sentences segments "
    "pairs outcomes boards conventions "
    "facts figures courses "
    "sketches columns effects rankings heatmaps trends strips guards notices deliveries exports",
    "core.storing": "moments tables problems databases outbox keys history",
    "core.scheduling": "locks arrivals judgements materials runs alerts checks states archives",
    "dashboard.lessons": "measures examples cases pictures",
    "dashboard": "memory worker jobs folders schedules state parts teaching sampling curriculum "
    "files details vectors controls laboratory columns loading courses windows relations outcomes "
    "views app",
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


def is_below(target, module, home):
    """Tell whether inside the room `home` the file of `target` comes before that of `module`."""
    order = ORDER.get(home, "").split()
    below, above = (name.removeprefix(f"{home}.").split(".")[0] for name in (target, module))
    return below == above or not order or order.index(below) < order.index(above)


def test_imports_only_point_down():
    wrong = []
    for path in [*ROOT.glob("core/**/*.py"), *ROOT.glob("dashboard/**/*.py")]:
        module = ".".join(path.relative_to(ROOT).with_suffix("").parts).removesuffix(".__init__")
        for target in imports(path):
            if target.split(".")[0] not in {"core", "dashboard"}:
                continue
            home = room(module)
            inside = room(target) == home and is_below(target, module, home)
            if not inside and not any(f"{target}.".startswith(f"{n}.") for n in MAY_IMPORT[home]):
                wrong.append(f"{module} imports {target}")
    assert not wrong
