import doctest
import importlib
import pkgutil

import pytest

from core import profiling

MODULES = sorted(
    module.name for module in pkgutil.walk_packages(profiling.__path__, f"{profiling.__name__}.")
)
# Records and bytes: what they do is shown by what uses them.
WITHOUT_EXAMPLES = {"core.profiling.archives", "core.profiling.engines"}


@pytest.mark.parametrize("name", MODULES)
def test_examples_in_docstrings_give_what_they_show(name):
    failed, attempted = doctest.testmod(importlib.import_module(name))
    assert (attempted == 0) == (name in WITHOUT_EXAMPLES)
    assert failed == 0
