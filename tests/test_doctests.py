"""Every example in a docstring runs and gives what it shows."""

import doctest
import importlib
import pkgutil

import pytest

import core

MODULES = [found.name for found in pkgutil.walk_packages(core.__path__, "core.")]


@pytest.mark.parametrize("name", [name for name in MODULES if name != "core.__main__"])
def test_examples_give_what_they_show(name):
    results = doctest.testmod(importlib.import_module(name), globs=None)
    assert not results.failed


def test_there_are_examples():
    modules = (importlib.import_module(name) for name in ("core.settings", "core.pipeline"))
    assert all(doctest.testmod(module).attempted for module in modules)
