"""The register of English councils with a Health and Wellbeing Board."""

from __future__ import annotations

import csv
import re
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from pathlib import Path
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

from hwbtext.errors import InputError, MissingPathError
from hwbtext.records import Site
from hwbtext.text import slugify

if TYPE_CHECKING:
    import os
    from collections.abc import Iterable, Mapping
    from importlib.resources.abc import Traversable

_KIND_WORDS = re.compile(
    r"\b(?:the|london|royal|borough|city|county|metropolitan|district|unitary|council|of)\b"
)
REGISTER_COLUMNS = (
    "site_id",
    "name",
    "platform",
    "base_url",
    "confidence",
    "notes",
    "permission",
    "committees",
)


@dataclass(frozen=True, slots=True)
class RegisterEntry:
    """A row of the register.

    Attributes
    ----------
    confidence : str
        How sure platform and address are: high, medium, low, or user (a file of the user's own).
    notes : str
        What is known of the site: how it answered, where it moved.
    permission : str
        "who; 2026-09-01; reference" where the council gave leave to fetch what its robots.txt
        refuses; else empty.
    committees : tuple of str
        Ids of the committees to read, where their names do not tell; else empty.
    """

    site: Site
    confidence: str = ""
    notes: str = ""
    permission: str = ""
    committees: tuple[str, ...] = ()


def corpora() -> Traversable:
    """Return the folder ``corpora``: beside the package in a checkout, inside it in a wheel."""
    inside = files("hwbtext") / "corpora"
    if inside.is_dir():
        return inside
    beside = Path(__file__).resolve().parent.parent / "corpora"
    if beside.is_dir():
        return beside
    msg = "The folder 'corpora' is neither in the package nor beside it. Install hwbtext again."
    raise MissingPathError(msg)


@cache
def load_register() -> dict[str, Site]:
    """Return the sites of ``corpora/sites.csv`` by ONS code."""
    return {entry.site.site_id: entry.site for entry in read_register().values()}


def read_register(own: str | os.PathLike[str] | None = None) -> dict[str, RegisterEntry]:
    """Return the rows of the register by ONS code, a file of the user's own laid over them.

    Parameters
    ----------
    own : path-like, optional
        A CSV with the columns of ``corpora/sites.csv``: ``site_id`` and any of the others, and
        ``committees`` (ids, parted by spaces). A cell that is not empty replaces the register's;
        a new ``site_id`` is a new site.

    Raises
    ------
    MissingPathError
        There is no such file.
    InputError
        It has no column ``site_id``, a column of another name, or a row without an id.

    Examples
    --------
    >>> read_register()["E10000016"].site.name
    'Kent County Council'
    """
    text = (corpora() / "sites.csv").read_text(encoding="utf-8")
    entries = {row["site_id"]: _entry(row) for row in csv.DictReader(text.splitlines())}
    if own is not None:
        for row in _own_rows(Path(own)):
            entries[row["site_id"]] = _laid_over(entries.get(row["site_id"]), row)
    return entries


def choose_sites(
    names: Iterable[str], register: Mapping[str, RegisterEntry]
) -> tuple[RegisterEntry, ...]:
    """Return the rows that the names mean: ONS code, whole or short name, or a base address.

    Raises
    ------
    InputError
        A name fits no row, or more than one.

    Examples
    --------
    >>> [entry.site.site_id for entry in choose_sites(["Kent"], read_register())]
    ['E10000016']
    >>> choose_sites(["https://papers.example.gov.uk/mg"], {})[0].site.site_id
    'papers-example-gov-uk-mg'
    """
    chosen = {}
    for name in names:
        entry = _choose(name.strip(), register)
        chosen[entry.site.site_id] = entry
    return tuple(chosen.values())


def _choose(name: str, register: Mapping[str, RegisterEntry]) -> RegisterEntry:
    if name in register:
        return register[name]
    if "://" in name:
        parts = urlsplit(name)
        if parts.scheme not in ("http", "https") or not parts.hostname:
            msg = f"{name!r} is no address of a site. One looks like https://democracy.x.gov.uk."
            raise InputError(msg)
        same = [
            entry
            for entry in register.values()
            if (entry.site.base_url or "").rstrip("/").lower() == name.rstrip("/").lower()
        ]
        site_id = slugify(f"{parts.netloc}{parts.path}".replace(".", "-").replace("/", "-"))
        return same[0] if same else RegisterEntry(Site(site_id, site_id, "ModernGov", name), "user")
    whole = [one for one in register.values() if one.site.name.lower() == name.lower()]
    short = [one for one in register.values() if _key(one.site.name) == _key(name) != ""]
    found = whole or short
    if len(found) == 1:
        return found[0]
    if found:
        names = ", ".join(f"{one.site.name} ({one.site.site_id})" for one in found)
        msg = f"{name!r} may be {names}. Give the code."
        raise InputError(msg)
    near = [one.site.name for one in register.values() if name.lower() in one.site.name.lower()]
    hint = f" Is it {' or '.join(near[:3])}?" if near and name else ""
    msg = f"No site {name!r} is in the register.{hint} `hwbtext sites` lists them."
    raise InputError(msg)


def _entry(row: Mapping[str, str]) -> RegisterEntry:
    return RegisterEntry(
        Site(row["site_id"], row["name"], row["platform"], row["base_url"]),
        row["confidence"],
        row["notes"],
        row["permission"],
    )


def _own_rows(path: Path) -> list[dict[str, str]]:
    if not path.is_file():
        msg = f"There is no file {str(path)!r}."
        raise MissingPathError(msg)
    reader = csv.DictReader(path.read_text(encoding="utf-8-sig").splitlines())
    columns = [column.strip() for column in reader.fieldnames or ()]
    unknown = [column for column in columns if column not in REGISTER_COLUMNS]
    if "site_id" not in columns or unknown:
        msg = (
            f"{str(path)!r} has the columns {', '.join(columns) or 'none'}; it needs site_id and "
            f"any of {', '.join(REGISTER_COLUMNS[1:])}."
        )
        raise InputError(msg)
    reader.fieldnames = columns
    rows = [
        {key: (value or "").strip() for key, value in row.items() if key is not None}
        for row in reader
    ]
    for number, row in enumerate(rows, start=2):
        if not row["site_id"]:
            msg = f"{str(path)!r}, line {number}: the site_id is empty."
            raise InputError(msg)
    return rows


def _laid_over(entry: RegisterEntry | None, row: Mapping[str, str]) -> RegisterEntry:
    old = entry or RegisterEntry(Site(row["site_id"], row["site_id"], "ModernGov", None))
    site = Site(
        row["site_id"],
        row.get("name") or old.site.name,
        row.get("platform") or old.site.platform,
        row.get("base_url") or old.site.base_url,
    )
    return RegisterEntry(
        site,
        row.get("confidence") or "user",
        row.get("notes") or old.notes,
        row.get("permission") or old.permission,
        tuple(row.get("committees", "").split()) or old.committees,
    )


@cache
def _by_key() -> dict[str, Site | None]:
    keys: dict[str, Site | None] = {}
    for site in load_register().values():
        for key in {_key(site.name), slugify(site.name)}:
            # Two councils of one short name (there are such) are told apart by neither.
            keys[key] = None if key in keys and keys[key] != site else site
    return keys


def _key(name: str) -> str:
    return slugify(_KIND_WORDS.sub(" ", name.lower()))


def find_site(name: str) -> Site:
    """Return the site of a council's name: from the register, else with a slug as its id.

    Only a name that says which kind of council it is ("Kent County Council") or stands in the
    register as written is matched: a place alone ("Kent") may be another body's.

    Examples
    --------
    >>> find_site("London Borough of Barnet").site_id
    'E09000003'
    >>> find_site("Milburn Parish Council").site_id
    'milburn-parish-council'
    """
    plain = " ".join(name.split())
    lower = plain.lower()
    council = re.search(r"\bcouncil\b|\bborough\b|\bcity of\b", lower)
    if council and not re.search(r"\b(?:parish|town|community)\b", lower):
        site = _by_key().get(_key(plain))
        # "Ashford Borough Council" is no Ashford of the register unless the kinds agree.
        if site is not None and _kinds_agree(lower, site.name.lower()):
            return site
    return Site(slugify(plain), plain, None, None)


def _kinds_agree(one: str, other: str) -> bool:
    return all((kind in one.split()) == (kind in other.split()) for kind in ("county", "district"))


def site_from_folder(name: str) -> Site | None:
    """Return the site whose ONS code or whole name a folder bears, else None.

    Examples
    --------
    >>> site_from_folder("E10000016").name
    'Kent County Council'
    >>> site_from_folder("minutes") is None
    True
    """
    if name in load_register():
        return load_register()[name]
    slug = slugify(name)
    site = _by_key().get(slug)
    return site if site is not None and slug == slugify(site.name) else None
