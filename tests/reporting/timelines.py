"""A timeline made by hand: a drift that went back, a gap, a quiet feature with an evil name."""

from core.deciding.reports import Change, FeatureTimeline, State, Timeline, TimelineWindow

from .samples import EVIL

S, W, A, U, N = State.STABLE, State.WARN, State.ALERT, State.INSUFFICIENT, State.NO_DATA


def windows(count=6, gap=3):
    return tuple(
        TimelineWindow(
            start=f"2026-01-{day:02}T00:00:00+00:00",
            end=f"2026-01-{day + 1:02}T00:00:00+00:00",
            name=f"2026-01-{day:02}",
            rows=0 if day == gap + 1 else 500,
            verdict=None if day == gap + 1 else "stable",
            reference="january.csv",
        )
        for day in range(1, count + 1)
    )


def line(name, states, values, changes=(), **more):
    known = [value is not None for value in values]
    wide = [v if isinstance(v, float) else 0.9 for v in values]
    return FeatureTimeline(
        name=name,
        kind="numeric",
        worst=min(states, key=list(State).index),
        states=tuple(states),
        n=tuple(1000 * k for k in known),
        m=tuple(500 * k for k in known),
        measure="js_distance_corrected",
        value=tuple(values),
        low=tuple(w * 0.8 if k else None for w, k in zip(wide, known, strict=True)),
        high=tuple(w * 1.2 if k else None for w, k in zip(wide, known, strict=True)),
        noise=tuple(0.15 if k else None for k in known),
        p=tuple(0.01 if k else None for k in known),
        q=tuple(0.02 if k else None for k in known),
        warn=0.1,
        alert=0.2,
        changes=tuple(changes),
        sentence="What happened.",
        **more,
    )


CHANGE = Change(first=1, end=4, began="2026-01-02", ended="2026-01-05", evidence=40.0)
DRIFTED = line("temperature", [S, A, W, N, S, U], [0.02, 0.5, 0.15, None, 0.03, 0.3], [CHANGE])
TIMELINE = Timeline(
    every="1d",
    windows=windows(),
    features=(DRIFTED, line(EVIL, [S, S, S, N, S, S], [0.0, 0.01, 0.0, None, 0.02, 0.0])),
    assumption="Rows are taken as independent.",
)
