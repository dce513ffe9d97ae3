import subprocess
import sys

import pytest

import core


@pytest.mark.parametrize("name", core.__all__)
def test_every_public_name_is_there_and_documented(name):
    assert getattr(core, name).__doc__


def test_an_unknown_name_is_an_attribute_error():
    with pytest.raises(AttributeError, match="no attribute 'chek'"):
        core.chek  # noqa: B018


def test_importing_the_catalogue_loads_nothing_heavy():
    script = (
        "import sys, core; print([m for m in ('numpy', 'pandas', 'pyarrow') if m in sys.modules])"
    )
    found = subprocess.run(
        [sys.executable, "-c", script], capture_output=True, text=True, check=True
    )
    assert found.stdout.strip() == "[]"
