import subprocess
import sys

import pytest

from core.scheduling.locks import AlreadyRunning, only_one

from .samples import ROOT

HOLDER = """
import sys, time
from pathlib import Path
from core.scheduling.locks import only_one
with only_one(Path(sys.argv[1])):
    print("held", flush=True)
    time.sleep(60)
"""


def test_a_second_process_is_refused_until_the_first_is_dead(tmp_path):
    path = tmp_path / "orders.toml"
    path.touch()
    command = [sys.executable, "-c", HOLDER, path]
    with subprocess.Popen(command, stdout=subprocess.PIPE, cwd=ROOT) as holder:
        assert holder.stdout.readline() == b"held\n"
        with pytest.raises(AlreadyRunning, match=r"orders\.toml is under way"), only_one(path):
            pass
        holder.kill()
    with only_one(path):
        assert [each.name for each in tmp_path.iterdir()] == ["orders.toml"]


def test_other_settings_files_have_other_locks(tmp_path):
    for name in ("a", "b"):
        (tmp_path / name).touch()
    with only_one(tmp_path / "a"), only_one(tmp_path / "b"):
        pass
