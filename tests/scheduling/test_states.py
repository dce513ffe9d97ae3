from datetime import timedelta

import pytest

from core.reading.dialects import Unreadable
from core.scheduling.checks import check
from core.scheduling.states import status
from core.storing.history import HistoryProblem

from .samples import NOW, drift, job, load

HOUR = timedelta(hours=1)


def said(path, now=NOW):
    found = status(load(path), now)
    return found.overdue, "\n".join(found.lines)


def test_f16_a_job_that_never_ran_is_overdue(tmp_path):
    path = job(tmp_path)
    overdue, text = said(path)
    assert overdue
    assert "the job never ran" in text
    assert "expected every 1 day" in text
    run = drift("status", "--settings", path)
    assert (run.returncode, run.stderr) == (1, "")
    assert not (tmp_path / "tideline.db").exists()


def test_a_job_that_ran_says_when_and_what(tmp_path):
    path = job(tmp_path, moved=(2,))
    check(load(path), now=NOW)
    overdue, text = said(path, NOW + 2 * HOUR)
    assert not overdue
    assert "orders: ▲ Drift. Last run 2026-04-01 00:00 UTC, exit code 1" in text
    assert "Last success 2 hours ago" in text
    assert "Outbox: empty." in text
    assert "History: 3 windows are kept, up to 2026-03-05 00:00 UTC." in text


def test_f16_a_job_that_stopped_is_overdue(tmp_path):
    path = job(tmp_path)
    check(load(path), now=NOW)
    assert said(path, NOW + 29 * HOUR)[0] is False
    overdue, text = said(path, NOW + 31 * HOUR)
    assert overdue
    assert "OVERDUE: last success 1 day ago" in text


def test_how_often_it_is_expected_can_be_chosen(tmp_path):
    path = job(tmp_path, more='[notify]\nexpect_every = "1h"\n')
    check(load(path), now=NOW)
    assert said(path, NOW + HOUR)[0] is False
    assert said(path, NOW + 2 * HOUR)[0] is True


def test_a_job_that_fails_each_time_is_overdue_in_the_end(tmp_path):
    path = job(tmp_path)
    check(load(path), now=NOW)
    (tmp_path / "live.csv").unlink()
    for hours in (1, 40):
        with pytest.raises(Unreadable):
            check(load(path), now=NOW + hours * HOUR)
    overdue, text = said(path, NOW + 40 * HOUR)
    assert overdue
    assert "failed. Last run" in text
    assert "does not exist" in text


def test_f11_a_clock_that_was_set_back_is_told(tmp_path):
    path = job(tmp_path)
    check(load(path), now=NOW)
    overdue, text = said(path, NOW - HOUR)
    assert overdue
    assert "the clock was set back" in text


def test_what_waits_in_the_outbox_is_told(tmp_path, monkeypatch):
    monkeypatch.setattr(
        "core.scheduling.alerts.deliver", lambda sent, _: ["it is down."] * len(sent)
    )
    more = '[notify]\nurls = ["https://hooks.example.org/x"]\n'
    path = job(tmp_path, moved=(2,), more=more)
    check(load(path), now=NOW)
    assert "Outbox: 1 waiting. it is down." in said(path)[1]


def test_a_damaged_history_is_told(tmp_path):
    path = job(tmp_path)
    (tmp_path / "tideline.db").write_bytes(b"no database" * 1000)
    with pytest.raises(HistoryProblem, match="is damaged"):
        said(path)
