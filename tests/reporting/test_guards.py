import socket
import threading

import pytest

from core.reporting.guards import AddressRefused, only_allowed, require_allowed

PRIVATE = [
    "127.0.0.1",
    "127.8.8.8",
    "0.0.0.0",  # noqa: S104
    "10.1.2.3",
    "172.16.0.1",
    "192.168.1.1",
    "169.254.169.254",
    "100.64.0.1",
    "224.0.0.1",
    "[::1]",
    "[::]",
    "[fe80::1]",
    "[fd00::1]",
    "[::ffff:127.0.0.1]",
    "[::ffff:169.254.169.254]",
    "[64:ff9b::a00:1]",
    "[2002:7f00:1::]",
]


@pytest.mark.parametrize("host", PRIVATE)
def test_an_address_that_is_not_public_is_refused(host):
    with pytest.raises(AddressRefused, match="private network") as caught:
        require_allowed(f"https://{host}:8443/hook", ())
    assert caught.value.code == "address_refused"


@pytest.mark.parametrize("host", ["127.1", "2130706433", "0x7f.1", "localhost"])
def test_other_ways_to_write_it_do_not_help(host):
    with pytest.raises(AddressRefused):
        require_allowed(f"http://{host}/", ())


@pytest.mark.parametrize("host", ["1.1.1.1", "[2606:4700:4700::1111]", "[64:ff9b::101:101]"])
def test_a_public_address_is_fine(host):
    require_allowed(f"https://{host}/", ())


@pytest.mark.parametrize("address", ["file:///etc/passwd", "/etc/passwd", "http://[bad"])
def test_what_is_no_address_is_refused(address):
    with pytest.raises(AddressRefused):
        require_allowed(address, ())


def test_a_token_is_never_looked_up(monkeypatch):
    monkeypatch.setattr(socket, "getaddrinfo", lambda *_: pytest.fail("looked up"))
    require_allowed("slack://T0k3n/b/c", ())


def test_a_name_that_does_not_resolve_is_left_to_the_delivery(monkeypatch):
    def unknown(*_):
        raise socket.gaierror

    monkeypatch.setattr(socket, "getaddrinfo", unknown)
    require_allowed("https://no.such.host.example/", ())


def test_a_name_is_judged_by_what_it_resolves_to(monkeypatch):
    monkeypatch.setattr(socket, "getaddrinfo", lambda *_: [(0, 0, 0, "", ("10.0.0.7", 443))])
    with pytest.raises(AddressRefused, match=r"hooks\.example\.org"):
        require_allowed("https://hooks.example.org/", ())
    require_allowed("https://hooks.example.org/", ("hooks.example.org",))


@pytest.mark.parametrize("allow", ["10.0.0.7", "10.0.0.0/8"])
def test_an_address_or_a_network_can_be_allowed(allow):
    require_allowed("https://10.0.0.7/", (allow,))
    with pytest.raises(AddressRefused):
        require_allowed("https://192.168.0.7/", (allow,))


def test_a_socket_is_stopped_when_it_connects_whatever_the_name_was():
    with socket.create_server(("127.0.0.1", 0)) as listening:
        with pytest.raises(AddressRefused), only_allowed(()):
            socket.create_connection(listening.getsockname())
        with only_allowed(("127.0.0.1",)):
            socket.create_connection(listening.getsockname()).close()
        socket.create_connection(listening.getsockname()).close()  # the guard is over


def test_a_refusal_that_a_library_swallows_is_told_at_the_end():
    def swallow():
        try:
            socket.create_connection(("127.0.0.1", 9))
        except OSError:
            return

    with pytest.raises(AddressRefused), only_allowed(()):
        swallow()


def test_other_threads_are_not_guarded():
    failures = []

    def connect(address):
        try:
            socket.create_connection(address).close()
        except OSError as failure:
            failures.append(failure)

    with socket.create_server(("127.0.0.1", 0)) as listening, only_allowed(()):
        other = threading.Thread(target=connect, args=(listening.getsockname(),))
        other.start()
        other.join()
    assert failures == []
