"""Find the agenda items of a meeting's page.

The page is read in document order: a number cell or an item title opens an item, and what
follows belongs to it. So a table, a list and a skin that dropped both read alike.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING

from hwbtext.scrape.moderngov.skins import has_class, label_of
from hwbtext.scrape.records import Placement

if TYPE_CHECKING:
    from lxml import etree

_NUMBER = re.compile(r"^\(?[A-Z]{0,3}\d{1,4}[a-z]?(?:[./]\s?\d{1,4}[a-z]?)*[a-z]?\)?\.?$", re.I)


@dataclass(slots=True)
class Item:
    """An agenda item; its links are counted while the page is read."""

    number: str | None = None
    item_id: str | None = None
    title: str | None = None
    table: etree._Element | None = None
    reasons_url: str | None = None
    n_links: int = 0

    @property
    def placement(self) -> Placement:
        """Return where a document stands that this item links."""
        return Placement(self.item_id, self.number, self.title)


def find_items(
    root: etree._Element,
) -> tuple[tuple[Item, ...], dict[etree._Element, Item]]:
    """Return the agenda items of a meeting's page, and the item that each element stands in."""
    items: list[Item] = []
    at: dict[etree._Element, Item] = {}
    current: Item | None = None
    cell: etree._Element | None = None
    for element in root.iter("*"):
        if cell is not None and cell in element.iterancestors():
            continue
        cell = None
        is_cell = has_class(element, "mgItemNumberCell")
        if is_cell or has_class(element, "mgAiTitleTxt"):
            label = label_of(element)
            numbered = is_cell or (bool(_NUMBER.match(label)) and _anchor(element) is not None)
            if numbered or current is None or current.title is not None:
                current = Item(table=_table_of(element))
                items.append(current)
            if numbered:
                current.number = label.rstrip(".") or None
                current.item_id = _anchor(element)
                cell = element
            else:
                current.title = label or None
        if current is not None and _ended(element, current):
            current = None
        if current is not None:
            at[element] = current
    return tuple(items), at


def _anchor(element: etree._Element) -> str | None:
    for one in element.iter("a"):
        name = one.get("name") or one.get("id") or ""
        if match := re.fullmatch(r"#?AI(\d+)", name):
            return match[1]
    return None


def _table_of(element: etree._Element) -> etree._Element | None:
    return next((one for one in element.iterancestors("table")), None)


def _ended(element: etree._Element, item: Item) -> bool:
    if has_class(element, "mgFooter"):
        return True
    return item.table is not None and item.table not in element.iterancestors()
