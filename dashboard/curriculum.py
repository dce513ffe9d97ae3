"""The order of the lessons, and the worked examples that belong to each."""

from collections.abc import Callable

import streamlit as st

from dashboard import sampling, teaching
from dashboard.lessons.examples import examples
from dashboard.parts import say
from dashboard.state import choices

Lesson = tuple[Callable[[], None] | None, tuple[int, ...]]
ALL = "All twenty examples"
DIRECTIONS = (
    "KL(p‖q) is a divergence from p to q, one way; the JSD is a divergence, the same both ways; "
    "the JS distance is its root. A bit is 0.6931 nats."
)
LESSONS: dict[str, Lesson] = {
    "Two distributions": (teaching.two_distributions, (14, 15)),
    "Coins": (teaching.coins, (5, 6)),
    "Two classifiers": (teaching.classifiers, (1, 2, 3, 4, 11)),
    "Black swan": (teaching.black_swan, (13,)),
    "Normal curves": (teaching.gaussians, (7, 20)),
    "Empty bins": (sampling.support, (8, 9, 10)),
    "Merging bins": (sampling.merging, (17,)),
    "From KL to p": (sampling.significance, (12, 18)),
    "Sample size": (sampling.sample_size, ()),
    "Dependence": (sampling.dependence, (16, 19)),
    ALL: (None, tuple(range(1, 21))),
}


@st.fragment
def draw() -> None:
    """Draw the choice of a lesson, the lesson, and its worked examples."""
    name = st.pills(
        "Lesson",
        list(LESSONS),
        default=None if "lesson" in st.session_state else next(iter(LESSONS)),
        required=True,
        label_visibility="collapsed",
        **choices.linked("lesson"),
    )
    lesson, wanted = LESSONS[name or ALL]
    say(name or ALL, "h2")
    if lesson:
        lesson()
    if wanted:
        if lesson:
            say("Worked examples", "h2")
        say(DIRECTIONS, look="quiet")
        teaching.worked([each for each in examples() if each.number in wanted])
