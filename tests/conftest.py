"""Fixtures that the tests share."""

from __future__ import annotations

from pathlib import Path

import pytest
from papers import SHARED_REAL


@pytest.fixture
def real_papers() -> Path:
    if not SHARED_REAL.is_dir():
        pytest.skip("the real papers (../shared/real) are not here")
    return SHARED_REAL
