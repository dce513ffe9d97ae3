import json
import socket
import sys
import time

import pytest

from core.reporting.deliveries import call, deliver, label
from core.reporting.notices import compose

from .samples import report
from .servers import mail, silent, web

BODY = compose("drift_began", "sales", report=report())
HERE = ("127.0.0.1",)
OLD_MODULES = pytest.mark.filterwarnings("ignore::DeprecationWarning")  # apprise imports some
QUICK = {"waits": (0.01, 0.02), "seconds": 5.0}


@pytest.fixture
def server():
    with web() as started:
        yield started


def closed_port():
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        return free.getsockname()[1]


def test_a_webhook_gets_the_notice_as_json(server):
    assert deliver([(f"{server.url}/hook?a=1", BODY)], HERE, **QUICK) == [None]
    ((path, received, headers),) = server.received
    assert path == "/hook?a=1"
    assert received == json.loads(BODY)
    assert headers["Content-Type"] == "application/json"


def test_name_and_password_in_the_url_become_a_header(server):
    address = server.url.replace("http://", "http://me:pa%3A55@")
    assert deliver([(address, BODY)], HERE, **QUICK) == [None]
    assert server.received[0][2]["Authorization"] == "Basic bWU6cGE6NTU="


def test_a_server_that_fails_twice_is_tried_a_third_time(server):
    server.failures = ["500", "503"]
    assert deliver([(server.url, BODY)], HERE, **QUICK) == [None]
    assert len(server.received) == 3


def test_a_server_that_always_fails_is_told_after_three_tries(server):
    (failure,) = deliver([(f"{server.url}/500", BODY)], HERE, **QUICK)
    assert failure == "http://127.0.0.1: it answered 500 Internal Server Error."
    assert len(server.received) == 3


def test_a_server_that_is_down_is_told():
    (failure,) = deliver([(f"http://127.0.0.1:{closed_port()}", BODY)], HERE, **QUICK)
    assert "cannot be reached (Connection refused)" in failure


def test_waits_grow_between_the_tries(server, monkeypatch):
    waited = []
    monkeypatch.setattr("core.reporting.deliveries.time.sleep", waited.append)
    deliver([(f"{server.url}/500", BODY)], HERE)
    assert waited == sorted(waited)
    assert 0 < sum(waited) <= 30 - 3 * 8


def test_a_port_that_never_answers_holds_up_nobody(server):
    with silent() as never:
        began = time.monotonic()
        failures = deliver(
            [(never, BODY), (server.url, BODY)], HERE, seconds=0.3, waits=(0.01, 0.02)
        )
        assert time.monotonic() - began < 3
    assert failures[1] is None
    assert "no answer" in failures[0]
    assert len(server.received) == 1


def test_a_redirect_that_keeps_the_notice_is_followed(server):
    assert deliver([(f"{server.url}/307/{server.url}/moved", BODY)], HERE, **QUICK) == [None]
    assert [path for path, _, _ in server.received][-1] == "/moved"
    assert server.received[-1][1] == json.loads(BODY)


@pytest.mark.parametrize("code", ["301", "302", "303"])
def test_a_redirect_that_would_lose_the_notice_is_a_failure(server, code):
    (failure,) = deliver([(f"{server.url}/{code}/{server.url}/moved", BODY)], HERE, waits=())
    assert f"it answered {code}" in failure
    assert len(server.received) == 1


@pytest.mark.parametrize("target", ["http://127.0.0.2:{port}/x", "file:///etc/passwd", "ftp://a/b"])
def test_a_redirect_to_where_nothing_may_go_is_refused(server, target):
    target = target.format(port=server.server_port)
    (failure,) = deliver([(f"{server.url}/307/{target}", BODY)], HERE, waits=())
    assert "private network" in failure or "no web address" in failure or "answered 307" in failure
    assert len(server.received) == 1


def test_a_password_is_not_taken_along_a_redirect(server):
    address = server.url.replace("http://", "http://me:pa55@")
    assert deliver([(f"{address}/307/{server.url}/moved", BODY)], HERE, **QUICK) == [None]
    assert "Authorization" not in server.received[-1][2]


def test_what_is_not_allowed_by_name_is_never_called(server):
    (failure,) = deliver([(server.url, BODY)], (), waits=())
    assert "allow = [" in failure
    assert server.received == []


def test_mail_is_sent_without_any_extra():
    with mail() as (port, heard):
        address = f"smtp://127.0.0.1:{port}?from=drift@example.org&to=a@example.org,b@example.org"
        assert deliver([(address, BODY)], HERE, **QUICK) == [None]
    text = "\n".join(heard)
    assert "RCPT TO:<a@example.org>" in text.upper().replace("A@EXAMPLE.ORG", "a@example.org")
    assert "Subject: sales: drift began" in text
    assert "temperature_f" in text


def test_mail_that_the_server_refuses_is_told():
    with mail(accepts=False) as (port, _):
        address = f"smtp://127.0.0.1:{port}?to=a@example.org"
        (failure,) = deliver([(address, BODY)], HERE, waits=())
    assert "refused" in failure


def test_no_password_goes_over_an_open_line():
    with mail() as (port, heard):
        address = f"smtp://me:pa55@127.0.0.1:{port}?to=a@example.org"
        (failure,) = deliver([(address, BODY)], HERE, waits=())
    assert "use smtps" in failure
    assert not any("AUTH" in line for line in heard)


def test_mail_without_a_reader_is_told():
    (failure,) = deliver([("smtp://127.0.0.1", BODY)], HERE, waits=())
    assert "nobody to write to" in failure


@OLD_MODULES
def test_other_addresses_go_through_apprise(server):
    pytest.importorskip("apprise", reason="needs the extra: pip install 'tideline[notify]'")
    address = server.url.replace("http://", "json://")
    assert deliver([(address, BODY)], HERE, **QUICK) == [None]
    assert server.received[0][1]["title"] == "sales: drift began"
    assert "temperature_f" in server.received[0][1]["message"]


@OLD_MODULES
def test_apprise_cannot_call_what_is_not_allowed(server, capfd):
    pytest.importorskip("apprise", reason="needs the extra: pip install 'tideline[notify]'")
    address = server.url.replace("http://", "json://me:pa55@")
    (failure,) = deliver([(address, BODY)], (), waits=())
    assert "private network" in failure
    assert server.received == []
    (unknown,) = deliver([("nosuch://token", BODY)], HERE, waits=())
    assert "no such kind" in unknown
    assert "pa55" not in "".join(capfd.readouterr())


def test_without_apprise_the_extra_is_named(monkeypatch):
    monkeypatch.setitem(sys.modules, "apprise", None)
    (failure,) = deliver([("slack://a/b/c", BODY)], HERE, waits=())
    assert (
        failure
        == "slack://…: this kind of address needs the extra: pip install 'tideline[notify]'."
    )


@pytest.mark.parametrize(
    "address",
    [
        "https://me:s3cret@127.0.0.1:9/s3cret?token=s3cret",
        pytest.param("slack://s3cret/s3cret/s3cret", marks=OLD_MODULES),
        "smtp://me:s3cret@127.0.0.1:9?to=a@example.org",
        "http://[s3cret",
    ],
)
def test_no_sentence_holds_a_secret(address):
    for failure in (*deliver([(address, BODY)], HERE, waits=()), call(address, HERE)):
        assert failure
        assert "s3cret" not in failure
    assert "s3cret" not in label(address)


def test_a_ping_is_one_call(server):
    assert call(f"{server.url}/ping", HERE) is None
    assert [path for path, _, _ in server.received] == ["/ping"]
    assert "it answered 500" in call(f"{server.url}/500", HERE)
    assert "private network" in call(server.url)
