"""What every test runs under: deterministic hypothesis, and no skip where none is allowed."""

import os

import pytest
from hypothesis import HealthCheck, settings

settings.register_profile(
    "tideline",
    derandomize=True,
    deadline=None,
    database=None,
    max_examples=60,
    suppress_health_check=[HealthCheck.too_slow],
)
settings.load_profile("tideline")


@pytest.hookimpl(hookwrapper=True)
def pytest_runtest_makereport(item, call):
    """Turn a skip into a failure where the environment forbids skips (`.ci/run`)."""
    outcome = yield
    report = outcome.get_result()
    if report.skipped and os.environ.get("TIDELINE_NO_SKIPS"):
        report.outcome = "failed"
