from __future__ import annotations

import subprocess
import sys

import pytest

import hwbtext

HEAVY = (
    "torch",
    "sentence_transformers",
    "bertopic",
    "sklearn",
    "spacy",
    "pandas",
    "pyarrow",
    "numpy",
)


def test_every_public_name_exists_and_the_list_is_sorted() -> None:
    assert list(hwbtext.__all__) == sorted(hwbtext.__all__)
    for name in hwbtext.__all__:
        assert getattr(hwbtext, name).__doc__
    assert set(hwbtext.__all__) < set(dir(hwbtext))
    with pytest.raises(AttributeError, match="no attribute 'nothing'"):
        _ = hwbtext.nothing


def test_importing_it_loads_nothing_heavy() -> None:
    code = f"import sys, hwbtext; print([m for m in {HEAVY!r} if m in sys.modules])"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "[]"


def test_parse_stays_the_function_after_its_package_is_imported() -> None:
    import hwbtext.parse.pdf

    assert callable(hwbtext.parse)
