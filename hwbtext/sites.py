"""The register of English councils with a Health and Wellbeing Board."""

from __future__ import annotations

import csv
import re
from functools import cache
from importlib.resources import files
from pathlib import Path
from typing import TYPE_CHECKING

from hwbtext.errors import MissingPathError
from hwbtext.records import Site
from hwbtext.text import slugify

if TYPE_CHECKING:
    from importlib.resources.abc import Traversable

_KIND_WORDS = re.compile(
    r"\b(?:the|london|royal|borough|city|county|metropolitan|district|unitary|council|of)\b"
)


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
    text = (corpora() / "sites.csv").read_text(encoding="utf-8")
    rows = csv.DictReader(text.splitlines())
    return {
        row["site_id"]: Site(row["site_id"], row["name"], row["platform"], row["base_url"])
        for row in rows
    }


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
