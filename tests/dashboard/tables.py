"""Two small CSV files: income moved up, a channel is new, and region stayed as it was."""

import random


def csv(shift=0.0, channels=("web", "shop"), rows=600, seed=1):
    draw = random.Random(seed)  # noqa: S311 (a sample, no secret)
    lines = ["income,channel,region"]
    for i in range(rows):
        income = round(draw.gauss(41_000 + shift, 9_000), 2)
        lines.append(f"{income},{draw.choice(channels)},{'north' if i % 3 else 'south'}")
    return "\n".join(lines).encode()


REFERENCE = csv()
LIVE = csv(9_000, ("web", "shop", "partner"), seed=2)
CONTROL = csv(seed=3)
EVIL = "<script>alert(1)</script>"
EVIL_IMAGE = "<img src=x onerror=alert(1)>"


def hostile(share=0.5, rows=400):
    """Name a column and a category as an attacker would."""
    cut = int(rows * share)
    lines = [f"{EVIL},plain"]
    lines += [f"{EVIL_IMAGE if i < cut else 'other'},{i % 50}" for i in range(rows)]
    return "\n".join(lines).encode()
