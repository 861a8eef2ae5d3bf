"""Real CLIs are installed once; where that is impossible the tests say so, and in CI they fail."""

from __future__ import annotations

import os

import pytest

from tests.real.install import NotInstallable, install


@pytest.fixture
def installed():
    """Return a call that installs a CLI by name, or skips the test (fails it in CI) where it cannot be."""

    def call(name: str) -> None:
        try:
            install(name)
        except NotInstallable as problem:
            if os.environ.get("CI"):
                raise
            pytest.skip(str(problem))

    return call
