from __future__ import annotations

from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from papers import HashEncoder

import hwbtext as hwb
from hwbtext.errors import InputError

pytestmark = pytest.mark.filterwarnings("default")  # numba and umap, which bertopic imports, warn
THEMES = ("damp homes and cold tenants", "footpaths across the marsh", "carers of people at home")


class OtherEncoder(HashEncoder):
    model_id = "other@1"


def write_papers(folder: Path, years: range) -> None:
    folder.mkdir(exist_ok=True)
    rng = np.random.default_rng(years.start)
    for year in years:
        for month in (2, 6, 10):
            paragraphs = [
                f"{number}. The Board heard that {THEMES[int(rng.integers(3))]} were looked at in "
                f"street {int(rng.integers(10_000))} of the {year} plan for the town."
                for number in range(1, 16)
            ]
            text = (
                f"Ashmere Council\nHealth and Wellbeing Board\nMinutes of the meeting held on "
                f"5 {('February', 'June', 'October')[(month - 2) // 4]} {year}\n\n"
            )
            (folder / f"{year}-{month:02}.txt").write_text(text + "\n\n".join(paragraphs))


def topics_of(out: Path, last_year: int) -> pd.DataFrame:
    frame = hwb.load_table(out, "topics")
    kept = frame[frame["year"] <= last_year]
    return kept.sort_values("passage_id").reset_index(drop=True)


def test_a_new_year_changes_no_topic_of_the_old_ones(tmp_path: Path) -> None:
    papers, out = tmp_path / "papers", tmp_path / "out"
    write_papers(papers, range(2015, 2019))
    hwb.mine(papers, out, encoder=HashEncoder(), model="lexicon")
    before, space = topics_of(out, 2018), (out / "topic_model" / "space.json").read_bytes()
    assert len(before) > 150
    shares = hwb.load_table(out, "topic_shares")

    write_papers(papers, range(2019, 2021))
    hwb.mine(papers, out, force=True, encoder=HashEncoder(), model="lexicon")
    assert set(hwb.load_table(out, "topics")["year"]) == set(range(2015, 2021))
    pd.testing.assert_frame_equal(topics_of(out, 2018), before, check_exact=True)
    again = hwb.load_table(out, "topic_shares")
    again = again[again["year"] <= 2018].reset_index(drop=True)
    # The pooled share looks at all years of the site.
    pd.testing.assert_frame_equal(
        again.drop(columns="pooled"), shares.drop(columns="pooled"), check_exact=True
    )
    assert (out / "topic_model" / "space.json").read_bytes() == space

    elsewhere = tmp_path / "elsewhere"
    given = out / "topic_model"
    hwb.mine(papers, elsewhere, topic_model=given, encoder=HashEncoder(), model="lexicon")
    pd.testing.assert_frame_equal(topics_of(elsewhere, 2018), before, check_exact=True)
    # A run's folder holds the space of its topics: the next run there goes on with it.
    assert (elsewhere / "topic_model" / "space.json").read_bytes() == space
    assert len(hwb.load_bertopic(elsewhere / "topic_model").get_topics()) > 1

    hwb.mine(papers, out, force=True, refit_topics=True, encoder=HashEncoder(), model="lexicon")
    assert (out / "topic_model" / "space.json").read_bytes() != space


def test_a_space_that_cannot_be_used_ends_the_run_before_it_starts(tmp_path: Path) -> None:
    papers, out = tmp_path / "papers", tmp_path / "out"
    write_papers(papers, range(2015, 2018))
    hwb.mine(papers, out, encoder=HashEncoder(), model="lexicon")
    run = (out / "run.json").read_bytes()
    with pytest.raises(InputError, match="--refit-topics"):
        hwb.mine(papers, out, force=True, encoder=OtherEncoder(), model="lexicon")
    with pytest.raises(InputError, match="not both"):
        hwb.mine(
            papers,
            tmp_path / "new",
            refit_topics=True,
            topic_model=out / "topic_model",
            encoder=HashEncoder(),
        )
    with pytest.raises(InputError, match="holds no topic model"):
        hwb.mine(papers, tmp_path / "new", topic_model=tmp_path, encoder=HashEncoder())
    assert (out / "run.json").read_bytes() == run
    assert not (tmp_path / "new").exists()
