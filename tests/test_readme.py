"""The README is true: its Python runs, and what it names is there."""

from __future__ import annotations

import re
import shutil
from typing import TYPE_CHECKING

import pytest
from papers import REPOSITORY, SAMPLE

from hwbtext.sites import read_register
from hwbtext.store import SCHEMAS

if TYPE_CHECKING:
    from pathlib import Path

README = (REPOSITORY / "README.md").read_text(encoding="utf-8")


def python_of_readme() -> str:
    return "\n".join(re.findall(r"```python\n(.*?)```", README, re.DOTALL))


def lay_out(folder: Path) -> None:
    """Put papers where the README's script expects them."""
    shutil.copytree(SAMPLE / "aldermarsh", folder / "minutes")
    shutil.copy(next((SAMPLE / "aldermarsh").glob("*Minutes.pdf")), folder / "minutes.pdf")


@pytest.mark.slow
@pytest.mark.filterwarnings("default")  # what bertopic imports warns
def test_the_script_runs(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    lay_out(tmp_path)
    monkeypatch.chdir(tmp_path)
    names: dict[str, object] = {}
    exec(compile(python_of_readme(), "README.md", "exec"), names)
    printed = capsys.readouterr().out
    assert "['process']" in printed
    assert "ownership:lacking" in printed
    assert len(names["passages"]) > 50  # type: ignore[arg-type]
    assert (tmp_path / "out" / "report.html").is_file()
    from hwbtext.store import load_table

    assert len(load_table("out", "topics")) > 0


def test_every_table_and_file_that_it_names_is_there() -> None:
    for name in SCHEMAS:
        assert f"`{name}`" in README
    for target in re.findall(r"\]\(([^)#]+)\)", README):
        assert (REPOSITORY / target).exists(), target
    for path in re.findall(r"`((?:hwbtext|corpora|benchmarks|docs)/[\w/.*-]+)`", README):
        assert list(REPOSITORY.glob(path.rstrip("/"))), path
    for target in re.findall(r"`make (\w+)`|^make (\w+)", README, re.MULTILINE):
        name = target[0] or target[1]
        assert f"\n{name}:" in (REPOSITORY / "Makefile").read_text(encoding="utf-8")


def test_the_count_of_sites_is_that_of_the_register() -> None:
    sites = read_register().values()
    on_moderngov = sum(entry.site.platform == "ModernGov" for entry in sites)
    assert f"{on_moderngov} of the {len(sites)} English councils" in README
