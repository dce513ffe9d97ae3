"""Notices on the wire: webhooks and mail by the standard library, everything else by apprise.

An address is tried three times with growing waits, all addresses at once, half a minute in all:
what never answers costs no more. Addresses may hold secrets: no sentence here shows more of one
than its scheme and host.
"""

import json
import logging
import smtplib
import socket
import threading
import time
import urllib.error
import urllib.request
from base64 import b64encode
from collections.abc import Callable, Sequence
from email.message import EmailMessage
from functools import partial
from http.client import HTTPException, HTTPMessage, responses
from typing import IO, Final
from urllib.parse import parse_qs, unquote, urlsplit

from .guards import AddressRefused, only_allowed, require_allowed

TRIES: Final = 3
SECONDS: Final = 8.0  # for one try
_WAITS: Final = (1.0, 3.0)  # between tries; with the tries half a minute in all
_LOOKING_SECONDS: Final = 5.0  # for the names of addresses
_ANSWER_BYTES: Final = 65_536  # of an answer that are read
_HEADERS: Final = {"Content-Type": "application/json", "User-Agent": "Tideline"}
_PORTS: Final = {"smtp": 25, "smtps": 465}

Message = tuple[str, str]  # an address and the JSON of a notice


class NotDelivered(ValueError):
    """A notice did not arrive; the sentence says why."""


def label(address: str) -> str:
    """Name an address without what may be secret in it.

    >>> label("https://me:secret@hooks.example.org/T0/B0/secret"), label("slack://secret/b/c")
    ('https://hooks.example.org', 'slack://…')
    """
    try:
        parts = urlsplit(address)
    except ValueError:
        return "an address"
    shown = parts.hostname if parts.scheme in {"http", "https", "smtp", "smtps"} else "…"
    return f"{parts.scheme}://{shown}"


def deliver(
    messages: Sequence[Message],
    allow: Sequence[str] = (),
    *,
    seconds: float = SECONDS,
    waits: Sequence[float] = _WAITS,
) -> list[str | None]:
    """Send each message; tell of each None, or in a sentence why it did not arrive."""
    failures: list[str | None] = [None] * len(messages)
    left = list(range(len(messages)))
    for wait in (0.0, *waits):
        if not left:
            break
        time.sleep(wait)
        found = _at_once([_sender(messages[each], allow, seconds) for each in left], seconds)
        for each, failure in zip(left, found, strict=True):
            failures[each] = failure and f"{label(messages[each][0])}: {failure}"
        left = [each for each in left if failures[each]]
    return failures


def call(address: str, allow: Sequence[str] = (), *, seconds: float = SECONDS) -> str | None:
    """Call a ping address once; None, or in a sentence why that failed."""

    def ping() -> None:
        _open(urllib.request.Request(address), seconds)  # noqa: S310 (_open knows only the web)

    (failure,) = _at_once([lambda: _guarded(ping, allow)], seconds)
    return failure and f"{label(address)}: {failure}"


def refusals(addresses: Sequence[str], allow: Sequence[str] = ()) -> list[str]:
    """Tell why some addresses must not be called; a name that does not resolve in time may be."""

    def refusal(address: str) -> str | None:
        try:
            require_allowed(address, allow)
        except AddressRefused as refused:
            return str(refused)
        return None

    acts = [partial(refusal, address) for address in addresses]
    found = _at_once(acts, _LOOKING_SECONDS, unanswered=None)
    return list(dict.fromkeys(each for each in found if each))


def _sender(message: Message, allow: Sequence[str], seconds: float) -> Callable[[], str | None]:
    address, body = message
    ways = {"http": _post, "https": _post, "smtp": _mail, "smtps": _mail}
    way = ways.get(address.partition(":")[0].lower(), _apprise)
    return lambda: _guarded(lambda: way(address, body, seconds), allow)


def _guarded(act: Callable[[], None], allow: Sequence[str]) -> str | None:
    try:
        with only_allowed(allow):
            act()
    except (AddressRefused, NotDelivered) as problem:
        return str(problem)
    except urllib.error.HTTPError as error:
        error.close()
        return f"it answered {error.code} {responses.get(error.code, '')}.".replace(" .", ".")
    except (OSError, HTTPException, ValueError) as error:  # those of smtplib are OSErrors, too
        return _reason(getattr(error, "reason", error))
    return None


def _reason(error: object) -> str:
    """Say why an address did not answer, in words that hold nothing of the address."""
    if isinstance(error, AddressRefused):
        return str(error)
    if isinstance(error, TimeoutError):
        return "no answer in time."
    if code := getattr(error, "smtp_code", None):
        return f"the mail server refused it ({code})."
    return f"it cannot be reached ({getattr(error, 'strerror', None) or 'no proper answer'})."


def _at_once(
    acts: Sequence[Callable[[], str | None]],
    seconds: float,
    unanswered: str | None = "no answer in time.",
) -> list[str | None]:
    """Do all at once, in threads that are left behind when the time is over."""
    answers = [unanswered] * len(acts)

    def run(place: int) -> None:
        answers[place] = acts[place]()

    threads = [threading.Thread(target=run, args=(i,), daemon=True) for i in range(len(acts))]
    for thread in threads:
        thread.start()
    last = time.monotonic() + seconds
    for thread in threads:
        thread.join(max(last - time.monotonic(), 0))
    return list(answers)


class _Redirects(urllib.request.HTTPRedirectHandler):
    """Post again where the server says so; a redirect that would lose the notice is a failure."""

    def redirect_request(
        self,
        req: urllib.request.Request,
        fp: IO[bytes],
        code: int,
        msg: str,
        headers: HTTPMessage,
        newurl: str,
    ) -> urllib.request.Request | None:
        if urlsplit(newurl).scheme not in {"http", "https"}:
            raise AddressRefused("it redirects to something that is no web address.")
        if req.get_method() == "GET":
            return super().redirect_request(req, fp, code, msg, headers, newurl)
        if code in {307, 308}:
            return urllib.request.Request(newurl, req.data, _HEADERS)  # noqa: S310 (no password)
        return None


def _open(request: urllib.request.Request, seconds: float) -> None:
    opener = urllib.request.OpenerDirector()
    for handler in (
        urllib.request.ProxyHandler(),
        urllib.request.HTTPHandler(),
        urllib.request.HTTPSHandler(),
        urllib.request.HTTPDefaultErrorHandler(),
        urllib.request.HTTPErrorProcessor(),
        _Redirects(),
    ):
        opener.add_handler(handler)
    answer = opener.open(request, timeout=seconds)
    if answer is None:
        raise NotDelivered("it is no web address.")
    with answer:
        answer.read(_ANSWER_BYTES)


def _post(address: str, body: str, seconds: float) -> None:
    parts, headers = urlsplit(address), dict(_HEADERS)
    if parts.username:
        pair = f"{unquote(parts.username)}:{unquote(parts.password or '')}"
        headers["Authorization"] = f"Basic {b64encode(pair.encode()).decode()}"
        address = parts._replace(netloc=parts.netloc.rpartition("@")[2]).geturl()
    _open(urllib.request.Request(address, body.encode(), headers), seconds)  # noqa: S310


def _mail(address: str, body: str, seconds: float) -> None:
    """Send mail by smtp://user:password@host:587?from=a@x.org&to=b@x.org, or smtps://."""
    parts, notice = urlsplit(address), json.loads(body)
    asked = {key: values[-1] for key, values in parse_qs(parts.query).items()}
    if not asked.get("to") or not parts.hostname:
        raise NotDelivered("it names no host or nobody to write to: smtp://host?from=...&to=...")
    mail = EmailMessage()
    mail["From"], mail["To"] = asked.get("from", asked["to"].split(",")[0]), asked["to"]
    mail["Subject"] = " ".join(notice["title"].split())
    mail.set_content(notice["text"])
    secure = parts.scheme == "smtps"
    kind = smtplib.SMTP_SSL if secure else smtplib.SMTP
    port, me = parts.port or _PORTS[parts.scheme], socket.gethostname()  # a full name takes long
    with kind(parts.hostname, port, me, timeout=seconds) as server:
        server.ehlo()
        if not secure and server.has_extn("starttls"):
            server.starttls()
            secure = True
        if parts.username:
            if not secure:
                raise NotDelivered("it offers no encryption for the password; use smtps://.")
            server.login(unquote(parts.username), unquote(parts.password or ""))
        server.send_message(mail)


def _apprise(address: str, body: str, _seconds: float) -> None:
    try:
        import apprise  # noqa: PLC0415 (an extra)
    except ImportError:
        sentence = "this kind of address needs the extra: pip install 'tideline[notify]'."
        raise NotDelivered(sentence) from None
    logging.getLogger("apprise").disabled = True  # it would print addresses, and with them secrets
    notice, service, sent = json.loads(body), None, False
    try:
        service = apprise.Apprise.instantiate(address)
        if service:  # its own notify: that of Apprise would send from another thread, unguarded
            sent = service.notify(title=notice["title"], body=notice["text"])
    except AddressRefused:
        raise
    except Exception as error:
        raise NotDelivered("apprise failed.") from error
    if not service:
        raise NotDelivered("apprise knows no such kind of address.")
    if not sent:
        raise NotDelivered("apprise could not deliver it.")
