# ruff: noqa: INP001 (a script: its folder is no package)
"""Let twenty analysts move a threshold at once, and tell how long each change takes.

`python bench/analysts.py` starts a server of its own on loopback. Each analyst speaks the protocol
of the browser: opens the settings on the sample data, moves the slider of the alert threshold, and
waits until the server has drawn the page anew. Bounded: so many analysts, so many changes.
"""

import argparse
import asyncio
import random
import socket
import subprocess
import sys
import time
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import numpy as np
from streamlit.proto.BackMsg_pb2 import BackMsg
from streamlit.proto.ForwardMsg_pb2 import ForwardMsg
from websockets.asyncio.client import ClientConnection, connect

ROOT = Path(__file__).resolve().parents[1]
QUERY = "reference=sample&live=sample"
LABEL = "Drift from"
READY = 120.0  # seconds for a session to open
ARRIVING = 2.0  # seconds between two analysts who come
LOOKING = 1.0  # seconds between two looks at tables being counted
SETTLING = 20.0  # seconds in which the windows of all sessions are counted and judged
THINKING = (2.0, 8.0)  # seconds between two changes of one analyst


@contextmanager
def server() -> Iterator[int]:
    """Serve the dashboard on a free port of loopback."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    command = [sys.executable, "-m", "streamlit", "run", "dashboard/app.py"]
    command += ["--server.port", str(port), "--server.fileWatcherType", "none"]
    process = subprocess.Popen(  # noqa: S603 (our own command)
        command, cwd=ROOT, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL
    )
    try:
        for _ in range(300):
            try:
                health = f"http://127.0.0.1:{port}/_stcore/health"
                urllib.request.urlopen(health, timeout=1).close()
                break
            except OSError:
                time.sleep(0.1)
        yield port
    finally:
        process.terminate()
        process.wait(10)


class Analyst:
    """One session: what it saw of the page, and how long each change took."""

    def __init__(self, socket: ClientConnection) -> None:
        self.socket = socket
        self.page = ""
        self.slider = ""

    async def ask(self, value: float | None = None) -> float:
        """Have the page drawn, with the slider at `value`; tell the seconds until it was."""
        message = BackMsg()
        state = message.rerun_script
        state.query_string, state.page_script_hash = QUERY, self.page
        if value is not None:
            widget = state.widget_states.widgets.add(id=self.slider)
            widget.double_array_value.data.append(value)
        start = time.monotonic()
        await self.socket.send(message.SerializeToString())
        await self._finished()
        return time.monotonic() - start

    async def _finished(self) -> None:
        while True:
            # Streamlit sends bytes alone, and its messages have no types.
            forward = ForwardMsg.FromString(await self.socket.recv())  # type: ignore[arg-type]
            kind = forward.WhichOneof("type")
            if kind == "navigation":
                pages = forward.navigation.app_pages
                self.page = next(p.page_script_hash for p in pages if p.url_pathname == "settings")
            element = forward.delta.new_element if kind == "delta" else None
            if element is not None and element.slider.label == LABEL:
                self.slider = element.slider.id
            if kind == "script_finished" and forward.script_finished in (
                ForwardMsg.FINISHED_SUCCESSFULLY,
                ForwardMsg.FINISHED_FRAGMENT_RUN_SUCCESSFULLY,
            ):
                return


async def analyse(port: int, changes: int, number: int, ready: asyncio.Barrier) -> list[float]:
    """Open a session, wait until all have their tables, then move the threshold so many times."""
    rng = random.Random(number)  # noqa: S311 (no secret)
    await asyncio.sleep(ARRIVING * number)
    address = f"ws://127.0.0.1:{port}/_stcore/stream"
    # The protocol's name is a type of its own to the checker, and a text to the library.
    async with connect(address, subprotocols=["streamlit"], max_size=None) as socket:  # type: ignore[list-item]
        analyst = Analyst(socket)
        deadline = time.monotonic() + READY
        while not analyst.slider:
            if time.monotonic() > deadline:
                raise TimeoutError("a session did not show its settings in time")
            await analyst.ask()
            await asyncio.sleep(LOOKING)
        await ready.wait()
        await asyncio.sleep(SETTLING)
        await analyst.ask()
        taken = []
        for _ in range(changes):
            await asyncio.sleep(rng.uniform(*THINKING))
            taken.append(await analyst.ask(round(rng.uniform(0.1, 0.6), 3)))
        return taken


async def everybody(port: int, analysts: int, changes: int) -> list[float]:
    """Let all work at once."""
    ready = asyncio.Barrier(analysts)
    work = [analyse(port, changes, i, ready) for i in range(analysts)]
    return [seconds for taken in await asyncio.gather(*work) for seconds in taken]


def main() -> None:
    """Print the quantiles of the seconds from a change to the new page."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--analysts", type=int, default=20)
    parser.add_argument("--changes", type=int, default=15)
    chosen = parser.parse_args()
    with server() as port:
        taken = asyncio.run(everybody(port, chosen.analysts, chosen.changes))
    half, most, worst = np.quantile(taken, [0.5, 0.95, 1.0])
    sys.stdout.write(
        f"{chosen.analysts} analysts, {len(taken)} changes of a threshold, sample data: "
        f"median {half:.2f} s, 95th percentile {most:.2f} s, longest {worst:.2f} s\n"
    )


if __name__ == "__main__":
    main()
