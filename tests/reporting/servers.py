"""Servers on loopback that answer as servers do: well, badly, elsewhere, or never."""

import json
import socket
import threading
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer


class Handler(BaseHTTPRequestHandler):
    """The path says what is answered; what was posted is kept by the server."""

    def do_POST(self):
        body = self.rfile.read(int(self.headers["Content-Length"]))
        self.server.received.append((self.path, json.loads(body), dict(self.headers)))
        self.answer()

    def do_GET(self):
        self.server.received.append((self.path, None, dict(self.headers)))
        self.answer()

    def answer(self):
        word, _, target = self.path.partition("?")[0].strip("/").partition("/")
        if self.server.failures:
            word = self.server.failures.pop(0)
        code = int(word) if word.isdigit() else 200
        self.send_response(code)
        if target:
            self.send_header("Location", target)
        self.send_header("Content-Length", "0")
        self.end_headers()

    def log_message(self, *_):
        pass


@contextmanager
def web():
    """Serve on a free port; `received` has what came, `failures` codes to answer first."""
    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    server.received, server.failures = [], []
    server.url = f"http://127.0.0.1:{server.server_port}"
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02})
    thread.start()
    try:
        yield server
    finally:
        server.shutdown()
        server.server_close()
        thread.join()


@contextmanager
def silent():
    """Listen on a port and never answer; gives its URL."""
    with socket.create_server(("127.0.0.1", 0)) as listening:
        yield f"http://127.0.0.1:{listening.getsockname()[1]}/"


@contextmanager
def mail(*, offers=(), accepts=True):
    """Take mail as a server does; gives its port and the lines it heard."""
    heard = []
    with socket.create_server(("127.0.0.1", 0)) as listening:
        thread = threading.Thread(target=_take, args=(listening, heard, offers, accepts))
        thread.start()
        yield listening.getsockname()[1], heard
        thread.join(10)


def _take(listening, heard, offers, accepts):
    talk, _ = listening.accept()
    with talk, talk.makefile("rwb", buffering=0) as lines:
        lines.write(b"220 test\r\n")
        for line in lines:
            heard.append(line.decode().rstrip())
            word = heard[-1][:4].upper()
            if word == "DATA":
                lines.write(b"354 go on\r\n")
                while (text := lines.readline()) != b".\r\n":
                    heard.append(text.decode().rstrip())
            if word == "EHLO":
                lines.write(b"".join(b"250-%s\r\n" % each for each in offers) + b"250 done\r\n")
            elif word == "QUIT":
                lines.write(b"221 bye\r\n")
                return
            else:
                lines.write(b"250 ok\r\n" if accepts else b"550 no\r\n")
