from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING

import pytest

from hwbtext.corpus import read_folder
from hwbtext.errors import InputError, MetadataError, MissingPathError

if TYPE_CHECKING:
    from pathlib import Path


def test_lists_files_and_their_metadata(tmp_path: Path) -> None:
    (tmp_path / "a").mkdir()
    (tmp_path / "a" / "one.txt").write_text("Minutes")
    (tmp_path / ".hidden.txt").write_text("no")
    (tmp_path / "picture.png").write_bytes(b"\x89PNG")
    (tmp_path / "a" / "metadata.csv").write_text(
        "path,site,meeting_date,kind\none.txt,Harbour Town Council,2019-03-12,minutes\n"
    )
    corpus = read_folder(tmp_path)
    assert [(file.relative, file.is_paper) for file in corpus.files] == [
        ("picture.png", False),
        ("a/one.txt", True),
    ]
    assert corpus.files[1].metadata == {
        "site": "Harbour Town Council",
        "meeting_date": date(2019, 3, 12),
        "kind": "minutes",
    }
    assert [document.text for document in corpus] == ["Minutes\n"]


def test_missing_empty_and_file(tmp_path: Path) -> None:
    with pytest.raises(MissingPathError, match="no folder"):
        read_folder(tmp_path / "nowhere")
    with pytest.raises(InputError, match="holds no files"):
        read_folder(tmp_path)
    (tmp_path / "a.txt").write_text("x")
    with pytest.raises(InputError, match="is a file"):
        read_folder(tmp_path / "a.txt")


@pytest.mark.parametrize(
    ("table", "message"),
    [
        ("file,site\na.txt,X\n", "no column 'path'"),
        ("path,colour\na.txt,red\n", "unknown columns"),
        ("path,kind\na.txt,poem\n", "line 2: unknown kind 'poem'"),
        ("path,meeting_date\na.txt,12/03/2019\n", "not a date like"),
        ("path,site\nb.txt,X\n", "no file or folder 'b.txt'"),
        ("path,site\n../a.txt,X\n", "not a path below"),
    ],
)
def test_bad_metadata_is_refused_with_line_and_cure(
    tmp_path: Path, table: str, message: str
) -> None:
    (tmp_path / "a.txt").write_text("x")
    (tmp_path / "metadata.csv").write_text(table)
    with pytest.raises(MetadataError, match=message):
        read_folder(tmp_path)


def test_a_link_out_of_the_folder_is_passed_over(tmp_path: Path) -> None:
    outside = tmp_path / "outside.txt"
    outside.write_text("secret")
    inside = tmp_path / "papers"
    inside.mkdir()
    (inside / "a.txt").write_text("x")
    (inside / "link.txt").symlink_to(outside)
    assert [file.relative for file in read_folder(inside).files] == ["a.txt"]


def test_a_folders_row_holds_for_all_in_it_and_the_nearest_wins(tmp_path: Path) -> None:
    (tmp_path / "a").mkdir()
    for name in ("a/one.txt", "a/two.txt", "three.txt"):
        (tmp_path / name).write_text("x")
    (tmp_path / "metadata.csv").write_text(
        "path,site,kind\n.,Harbour Town Council,\na,,minutes\na/two.txt,Quay Council,\n"
    )
    by_name = {file.relative: dict(file.metadata) for file in read_folder(tmp_path).files}
    assert by_name == {
        "three.txt": {"site": "Harbour Town Council"},
        "a/one.txt": {"site": "Harbour Town Council", "kind": "minutes"},
        "a/two.txt": {"site": "Quay Council", "kind": "minutes"},
    }


def test_what_spreadsheets_write_is_read(tmp_path: Path) -> None:
    for name in ("a.txt", "b.txt"):
        (tmp_path / name).write_text("x")
    (tmp_path / "metadata.csv").write_bytes(
        b"\xef\xbb\xbfpath,site\ra.txt,Caf\xc3\xa9 Council\r,\rb.txt,\r"
    )
    by_name = {file.relative: dict(file.metadata) for file in read_folder(tmp_path).files}
    assert by_name == {"a.txt": {"site": "Café Council"}, "b.txt": {}}


@pytest.mark.parametrize(
    ("table", "message"),
    [
        ("path;site\na.txt;X\n", "not semicolons"),
        ("path,site\na.txt,X\n\na.txt,Y\n", "line 4: 'a.txt' has a row already"),
        ("path,site,site\na.txt,X,Y\n", "names a column twice"),
        (f"path,site\n{'n' * 5000},X\n", "no file or folder"),
    ],
)
def test_more_bad_metadata_is_refused(tmp_path: Path, table: str, message: str) -> None:
    (tmp_path / "a.txt").write_text("x")
    (tmp_path / "metadata.csv").write_text(table)
    with pytest.raises(MetadataError, match=message):
        read_folder(tmp_path)
