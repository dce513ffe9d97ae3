"""Tideline: has my data drifted? Which features, how, and is it more than chance?

    from core import check
    report = check("reference.csv", "live.csv")

The public names are listed below, and loaded on first use so that importing stays quick.
"""

from importlib import import_module

_CATALOGUE = {
    "Chunking": "reading.windows",
    "History": "storing.history",
    "Profile": "profiling.profiles",
    "Report": "deciding.reports",
    "Settings": "settings",
    "State": "deciding.reports",
    "Timeline": "deciding.reports",
    "check": "pipeline",
    "count": "counting",
    "judge": "pipeline",
    "load": "reading.sources",
    "profile": "pipeline",
    "timeline": "timelines",
    "write": "reporting.exports",
}

__all__ = list(_CATALOGUE)


def __getattr__(name: str) -> object:
    if name not in _CATALOGUE:
        raise AttributeError(f"module 'core' has no attribute '{name}'")
    return getattr(import_module(f".{_CATALOGUE[name]}", __name__), name)


def __dir__() -> list[str]:
    return __all__
