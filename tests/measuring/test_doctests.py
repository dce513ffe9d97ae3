import doctest
import importlib
import pkgutil

import pytest

from core import measuring

MODULES = sorted(module.name for module in pkgutil.iter_modules(measuring.__path__))


@pytest.mark.parametrize("name", MODULES)
def test_examples_in_docstrings_give_what_they_show(name):
    module = importlib.import_module(f"{measuring.__name__}.{name}")
    failed, attempted = doctest.testmod(module)
    assert attempted > 0
    assert failed == 0
