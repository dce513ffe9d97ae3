"""The scheduled runs that the operator shows: is the job alive, and the windows it has kept.

`TIDELINE_SCHEDULES` lists their settings files, parted as in PATH.
"""

import os
from collections.abc import Mapping

from core.schedules import Schedule
from core.scheduling.states import Status, status
from core.settings import BadSettings
from core.storing.problems import HistoryProblem

VARIABLE = "TIDELINE_SCHEDULES"
PLACE = "history:"  # before a data set's name in the address


def shown() -> tuple[Mapping[str, Schedule], list[str]]:
    """List the scheduled runs by data set, and what is wrong with those that cannot be read."""
    found: dict[str, Schedule] = {}
    problems = []
    for path in filter(None, os.environ.get(VARIABLE, "").split(os.pathsep)):
        try:
            schedule = Schedule.load(path)
            found[schedule.dataset] = schedule
        except BadSettings as problem:
            problems.append(str(problem))
    return found, problems


def state(schedule: Schedule) -> Status | str:
    """Tell whether the job is alive, or in a sentence why that cannot be told."""
    try:
        return status(schedule)
    except HistoryProblem as problem:
        return str(problem)
