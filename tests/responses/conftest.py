"""Fixtures of the tests against local servers."""

from __future__ import annotations

from pathlib import Path

import pytest
from responses.collecting import Collector


@pytest.fixture
def collect(tmp_path: Path) -> Collector:
    return Collector(tmp_path / "papers")
