"""The wheel holds all that the main job needs, and works far from the checkout."""

from __future__ import annotations

import os
import subprocess
import sys
import sysconfig
import venv
from pathlib import Path

import pytest
from papers import MINUTES, REPOSITORY, make_pdf
from test_readme import lay_out, python_of_readme

from hwbtext.gold import SHIPPED, load_gold


@pytest.fixture(scope="module")
def elsewhere(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A new venv with the wheel in it; its dependencies are those of the tests."""
    folder = tmp_path_factory.mktemp("elsewhere")
    built = subprocess.run(
        [sys.executable, "-m", "build", "--wheel", "--no-isolation", "-o", folder, REPOSITORY],
        capture_output=True,
        text=True,
    )
    assert built.returncode == 0, built.stdout + built.stderr
    venv.create(folder / "venv", symlinks=True)
    site = Path(sysconfig.get_path("purelib", vars={"base": str(folder / "venv")}))
    # A path in a .pth file comes after the venv's own packages, and its .pth files (the
    # editable install of this checkout) are not read.
    (site / "dependencies.pth").write_text(sysconfig.get_path("purelib") + "\n")
    (wheel,) = folder.glob("*.whl")
    subprocess.run(
        [sys.executable, "-m", "pip", "--python", folder / "venv" / "bin" / "python", "install",
         "--quiet", "--no-deps", "--no-index", wheel],
        check=True,
    )  # fmt: skip
    return folder


def run(folder: Path, *arguments: str | Path) -> str:
    environment = {k: v for k, v in os.environ.items() if k != "PYTHONPATH"}
    done = subprocess.run(
        [folder / "venv" / "bin" / "python", *arguments],
        cwd=folder,
        env=environment,
        capture_output=True,
        text=True,
    )
    assert done.returncode == 0, done.stdout + done.stderr
    return done.stdout


def test_the_wheel_mines_two_pdfs(elsewhere: Path) -> None:
    where = run(elsewhere, "-c", "import hwbtext; print(hwbtext.__file__)")
    assert str(elsewhere) in where
    papers = elsewhere / "papers"
    papers.mkdir()
    (papers / "one.pdf").write_bytes(make_pdf(MINUTES))
    (papers / "two.pdf").write_bytes(make_pdf([*MINUTES, "", "More was said of housing."]))
    printed = run(elsewhere, "-m", "hwbtext.cli", "mine", "papers", "-o", "two")
    assert "2 files: 2 read" in printed
    assert (elsewhere / "two" / "report.html").is_file()


@pytest.mark.slow
def test_the_readme_runs_from_the_wheel(elsewhere: Path) -> None:
    lay_out(elsewhere)
    (elsewhere / "readme.py").write_text(python_of_readme())
    assert "['process']" in run(elsewhere, "readme.py")


def test_register_and_sample_are_in_the_wheel(elsewhere: Path) -> None:
    code = (
        "from hwbtext.sites import corpora, load_register\n"
        "print(len(load_register()), len(list(corpora().joinpath('sample').iterdir())))"
    )
    n_sites, n_entries = run(elsewhere, "-c", code).split()
    assert int(n_sites) == 153
    assert int(n_entries) == 6  # five councils and metadata.csv


def test_the_gold_is_in_the_wheel_and_loads_by_name(elsewhere: Path) -> None:
    code = (
        "from hwbtext.gold import SHIPPED, load_folds, load_gold\n"
        "print([len(load_gold(name)) for name in SHIPPED], len(load_folds('hwb-v1')) > 60)\n"
        "from hwbtext.sites import corpora\n"
        "gold = corpora() / 'gold'\n"
        "print(sorted(entry.name for entry in gold.iterdir()))\n"
        "print((gold / 'hwb-v1' / 'README.md').is_file())"
    )
    here = [len(load_gold(name)) for name in SHIPPED]
    parts = ["example", "hwb-v1"]  # and nothing of what builds them
    assert run(elsewhere, "-c", code).splitlines() == [f"{here} True", str(parts), "True"]
