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


@pytest.fixture
def without_tesseract(monkeypatch: pytest.MonkeyPatch) -> None:
    """Scans are told, not read: what a machine without Tesseract gives."""
    monkeypatch.setenv("PATH", "")
