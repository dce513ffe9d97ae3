"""Digests that tell whether a window was stored, or judged, before."""

import hashlib
import json
from collections.abc import Mapping

from ..profiling.archives import digest
from ..profiling.profiles import Profile
from ..reading.windows import Window
from .moments import number


def run_key(
    dataset: str,
    window: Window,
    profile: Profile,
    settings: Mapping[str, object],
    basis: str = "",
) -> str:
    """Give the key of a run: the same rows of the same window under the same settings.

    `basis` stands for what the settings do not say, such as the reference.
    """
    parts = [
        dataset,
        *map(number, (window.start, window.end)),
        profile_digest(profile),
        settings,
        basis,
    ]
    return hashlib.sha256(json.dumps(parts, sort_keys=True).encode()).hexdigest()


def profile_digest(profile: Profile) -> str:
    """Digest what is exact in the counts: neither their source nor the order of rows matters."""
    kinds = json.dumps(dict(profile.kinds), sort_keys=True)
    return hashlib.sha256(f"{kinds}{digest(profile.features)}".encode()).hexdigest()
