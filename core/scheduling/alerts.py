"""Who is told what: a change of state becomes a notice, is stored, and then sent."""

import hashlib
from collections.abc import Sequence
from datetime import datetime, timedelta

from ..deciding.reports import Report
from ..reporting.deliveries import call, deliver, refusals
from ..reporting.guards import AddressRefused
from ..reporting.notices import Event, compose
from ..schedules import Notify, Schedule
from ..storing import outbox
from ..storing.history import History

_FAILED = "+failed"
_DAY = timedelta(days=1)


def require_addresses(notify: Notify) -> None:
    """Refuse addresses that a notice must not go to, before anything is done."""
    addresses = [*notify.urls, *([notify.ping] if notify.ping else [])]
    refused = refusals(addresses, notify.allow)
    if refused:
        raise AddressRefused(" ".join(refused))


def change(told: str, state: str | None) -> tuple[Event | None, str]:
    """Tell what a new state means after what was told last, and what then counts as told.

    States are "drift", "quiet", "failed", and None where the data cannot tell.

    >>> change("quiet", "drift"), change("drift", "drift"), change("drift", "failed")
    (('drift_began', 'drift'), (None, 'drift'), ('job_failed', 'drift+failed'))
    """
    before = told.removesuffix(_FAILED)
    if state == "failed":
        return (None if told.endswith(_FAILED) else "job_failed"), before + _FAILED
    now = state or before
    if now == "drift" != before:
        return "drift_began", now
    if before == "drift" and now == "quiet":
        return "drift_ended", now
    return ("job_recovered" if told.endswith(_FAILED) else None), now


def notices(
    schedule: Schedule, event: Event | None, now: datetime, *, report: Report | None, sentence: str
) -> tuple[outbox.Notice, ...]:
    """Write what is to be told of a run: one notice for each address, none where none is due."""
    notify = schedule.notify
    if event is None and notify.on == "always":
        event = "report"
    if event is None or notify.on == "never":
        return ()
    body = compose(event, schedule.dataset, report=report, sentence=sentence, link=notify.link)
    return tuple(outbox.Notice(key(url), body, now) for url in notify.urls)


def is_quota_used(schedule: Schedule, history: History, now: datetime) -> bool:
    """Tell whether as many notices as `per_day` allows were written within a day."""
    written = outbox.count_since(history.database, schedule.dataset, now - _DAY)
    return written >= schedule.notify.per_day


def send(schedule: Schedule, history: History, now: datetime) -> list[str]:
    """Send what waits, of this run and of earlier ones; list what did not arrive."""
    waiting = outbox.take(history.database, schedule.dataset, now)
    urls = {key(url): url for url in schedule.notify.urls}
    known = [each for each in waiting if each.address in urls]
    failures = deliver([(urls[each.address], each.body) for each in known], schedule.notify.allow)
    fates = [(each.number, failure) for each, failure in zip(known, failures, strict=True)]
    gone = [(each.number, None) for each in waiting if each.address not in urls]
    if waiting:
        outbox.settle(history.database, [*fates, *gone], now)
    return [failure for failure in failures if failure]


def send_at_once(schedule: Schedule, notices: Sequence[outbox.Notice]) -> list[str]:
    """Send notices that could not be stored; list what did not arrive."""
    urls = {key(url): url for url in schedule.notify.urls}
    messages = [(urls[each.address], each.body) for each in notices]
    return [failure for failure in deliver(messages, schedule.notify.allow) if failure]


def ping(notify: Notify) -> str | None:
    """Call the ping address, if there is one; a sentence where that failed."""
    return call(notify.ping, notify.allow) if notify.ping else None


def key(url: str) -> str:
    """Give a short digest of an address: it finds the address again and does not give it away."""
    return hashlib.sha256(url.encode()).hexdigest()[:8]
