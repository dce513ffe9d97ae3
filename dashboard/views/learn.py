"""Learn: the numbers of this tool in plain words, each of them to be moved."""

from dashboard import curriculum
from dashboard.parts import say

say("Learn what the numbers mean", "h1")
say(
    "Move something and see what it does. The code that judges your data computes every number.",
    look="lead",
)
curriculum.draw()
