"""Titles of agenda items: where a title ends and what is said begins."""

from __future__ import annotations

import re

_MAX_TITLE_WORDS = 16
_MAX_LONG_TITLE_WORDS = 40  # "To receive and, if thought fit, to approve …"
_REFERENCE = re.compile(
    r"\s*[(\[]\s*(?:agenda\s+)?(?:items?|pages?|pp?\.?|paper|enc(?:losure)?|minute|report)\b"
    r"[^()\[\]]{0,60}[)\]]\s*$",
    re.IGNORECASE,
)
# Between a title and what was said of it: "FUNDS (Agenda item 4) RESOLVED: That …".
_AGENDA_ITEM = re.compile(
    r"(?<=\S)\s*[(\[](?:agenda\s+)?item(?:\s+no\.?)?\s+\w{1,4}[)\]]\s+(?=[A-Z])", re.IGNORECASE
)
_PAGES = re.compile(r"\s*\((?:pages?|pp?\.)\s\d{1,4}(?:\s?[-–]\s?\d{1,4})?\)", re.IGNORECASE)
_LABEL = re.compile(r"^(?:discussion(?:\s+points?)?|title|subject|item)\s*:\s*", re.IGNORECASE)
_FINITE = re.compile(
    r"\b(?:was|were|is|are|had|has|have|will|would|could|said|asked|reported|advised|informed|"
    r"thanked|welcomed|explained|presented|stated|confirmed|requested|queried|apologised|read)\b"
)
_OPENS_SENTENCE = re.compile(
    r"(?:The|A|An|It|There|This|These|That|Mr|Mrs|Ms|Miss|Dr|Cllrs?|Councillors?|Members|"
    r"Following|In|No|All|None|Apologies|He|She|They|We|As|At|On|After|RESOLVED|Resolved|AGREED|"
    r"Agreed|[A-Z]{2,3})\b"
)
# A line that was printed after the title and ran on into it: "Chair's report The Chair said …".
_RUNS_ON = re.compile(
    r"(?<=[\w)])(?<!\bfrom)(?<!\bfor)(?<!\bof)(?<!\bby)(?<!\band)(?<!\bto)(?<!\b[Tt]he)(?<!\bwith)"
    r"(?<!\bin)(?<!\bon)(?<!\bat)(?<!\ba)(?<!\ban)(?<!\b[Tt]hose)(?<!\b[Oo]ne)(?<!\bnew)"
    r"(?<!\bRecord)(?<!\bParish)(?<!\ball)(?<!\b[Nn]o)(?<!\b[Nn]O)\s+"
    r"(?=(?:The|There|It|This|These|We|They|He|She|Were|An?(?=\s[a-z])|No|All|None|Mr|Mrs|Ms|Miss|Dr|Cllrs?|Members|"
    r"(?:Parish|Town)\s+(?:Councillors?|Clerk)|Councillors?|Clerk(?=\s[a-z])|Following|Upon|Apologies|[A-Z]\.?(?=\s[A-Z][a-z]+\s[a-z]))\s|(?:RESOLVED|Resolved|AGREED)\b|[A-Z]{2,3}\s(?:[a-z]{2,14}ed|was|were|is|has|had)\s|"
    r"(?:One|Two|Three|Four|Five|Six|Several|Both|Some|Many|Further|Nothing|Quotes?|Quotations?|"
    r"Discussions?|Concerns?|Comments|Contact|Thanks|Having)(?:\s[a-z]+){0,3}\s(?:had|has|have|having|was|were|will)\s)"
)
# Who sees to it closes a title: "Play area (JA/Clerk) The swing needs a new chain".
_OWNER = re.compile(
    r"(?<=[a-z])\s?\((?:[A-Z]{2,3}|Clerk|Chair)(?:\s?/\s?(?:[A-Z]{2,3}|Clerk|Chair))*\)(?=\s+[A-Z])"
)
_DECIDED = re.compile(r"(?:RESOLVED|Resolved|AGREED)\b")
_CAPITALS = re.compile(
    r"(?:[A-Z][A-Z'&/,-]+|\([^()a-z]{1,40}\)|\d+|[-&]|and|of|the|for|to|in|on|by)(?:\s+|$)"
)
# "Apologies Mr Ash and Mrs Elm".
_NAMED = re.compile(
    r"(?P<title>(?:Apologies(?:\s+for\s+absence)?|Present|In\s+attendance))\s+"
    r"(?=(?:(?:Mr|Mrs|Ms|Miss|Dr|Cllrs?|Councillors?)\b|[A-Z]\.)\.?\s?[A-Z]|"
    r"(?!(?:and|for|of|from|received|accepted|welcome)\b)(?-i:[A-Z][a-z]+\s[A-Z][a-z]+))",
    re.IGNORECASE,
)
_MARK = re.compile(r"(?:[a-z]|[ivx]{1,3})\W?(?:\s|$)")
# What stands behind a title in capitals: "ROADS No report", "ROADS i. Fen Lane".
_NOTHING = re.compile(r"(?:No|None|Nil|Nothing|i\.|a\.)\s")
_FEWEST_SAID = 5  # words in small letters
_FEWEST_CAPITALS = 8  # letters: fewer are the name of a body
_SOON = 100  # characters within which a sentence that ran on shows its verb
_PAST = re.compile(
    r"\b(?:[a-z]{3,14}ed|left|gave|took|felt|told|spoke|made|brought|sent|found|sought|drew)\b"
)
_SAYS = re.compile(r"\b(?:may|must|should|can|cannot|put|came|went|needs?|seems?)\b")
_REPORTS = re.compile(r"\b(?:reports?|notes?|says?|asks?|advises?|confirms?|thanks?)\s*$")
_INSTRUCTION = re.compile(r"^To\s\w+(?:\sand\s\w+)?$", re.IGNORECASE)
_AFTER_STOP = re.compile(r"[.?!]\s+(?=[A-Z\"'(]|\d{1,2}\.\d)")
# What was set below the title: points with bullets, and the first item below this one.
_POINTS = re.compile(
    r"\s+[•●▪\uf0b7]\s|\s+(?=\d{1,2}\.1\.?\s+[A-Z])|\s+(?=\(?a\)\s+[A-Z])|"
    r"\s+(?=1\.\s+[A-Z].{0,300}\s2\.\s+[A-Z])"
)
_ABBREVIATED = re.compile(
    r"(?:\b(?:Mr|Mrs|Ms|Dr|Prof|Cllr|Cllrs|Rev|St|No|Nos|Ref|vs|v|inc|Ltd|Co)|\b[A-Z])\.$"
)
_COMPANY = re.compile(r"\b(?:Ltd|Co|Inc|plc)\.$")
_DASH = re.compile(r"\s+-+\s+|(?<=\w)-\s+|\s+-(?=[A-Z])")
# Print between a title and what was said, in text that lost its lines.
# Below a title such as "Planning" stands an application with its reference.
_APPLICATION = re.compile(r"(?<=[a-z])\W+(?=\d{2}/\d{3,5}/[A-Z]{1,4}\s+\w)")
_OF_APPLICATION = re.compile(r"\d{2}/\d{3,5}/[A-Z]{1,4}\b")
_FOOTER = re.compile(r"(?<=\S)\s+Page\s\d{1,3}\sof\s\d{1,3}\b")
_WHEN = re.compile(r"(?:(?:mon|tues|wednes|thurs|fri|satur|sun)day)\b", re.IGNORECASE)
_MAX_CHARS = 600  # bounds the time of what follows


def find_title(text: str, *, printed: bool) -> tuple[int, int] | None:
    """Return where the title stands in what follows an item's number.

    Parameters
    ----------
    text : str
        The rest of the block, in plain spelling (:func:`hwbtext.text.same_length`).
    printed : bool
        Whether print, or a word such as "Item", shows it to be a heading. If not, a sentence
        is no title.

    Returns
    -------
    tuple of int or None
        Start and end in ``text``; None where it does not open with a title.

    Examples
    --------
    >>> text = "Apologies for absence. Apologies were received from Healthwatch."
    >>> start, end = find_title(text, printed=False)
    >>> text[start:end]
    'Apologies for absence'
    >>> find_title("The Director reported that admissions had fallen.", printed=False)
    """
    label = _LABEL.match(text)
    start = label.end() if label and text[label.end() :].strip() else 0
    head = text[start : start + _MAX_CHARS]
    head = _FOOTER.split(head.split("\n", 1)[0], maxsplit=1)[0]
    head = _POINTS.split(head, maxsplit=1)[0]
    head = _AGENDA_ITEM.split(head, maxsplit=1)[0] or head
    head = _cut_reference(head)
    head = _cut_run_in(head, printed=printed)
    words = head.split()
    if not words or not any(c.isalpha() for c in head):
        return None
    if len(words) > _MAX_LONG_TITLE_WORDS:
        return None
    if not printed and _is_sentence(head):
        return None
    if len(words) > _MAX_TITLE_WORDS and not printed and _FINITE.search(head):
        return None
    end = start + len(head.rstrip(" .:;,-"))
    start += len(head) - len(head.lstrip())
    return (start, end) if end > start else None


def rough_title(text: str) -> tuple[int, int]:
    """Return the opening words of a line that is an item by its number, but has no title.

    Examples
    --------
    >>> text = "Emergency procedures were read by the Vice-Chair. Nobody spoke."
    >>> text[slice(*rough_title(text))]
    'Emergency procedures were read by the Vice-Chair'
    """
    head = _POINTS.split(text[:_MAX_CHARS], maxsplit=1)[0]
    stop = next(
        (s for s in _AFTER_STOP.finditer(head) if not _ABBREVIATED.search(head[: s.start() + 1])),
        None,
    )
    whole = stop is None and head == text  # one sentence: all of it is the heading
    head = head[: stop.start()] if stop else head
    words = list(re.finditer(r"\S+", head))
    if not whole or len(words) > _MAX_LONG_TITLE_WORDS:
        words = words[:_MAX_TITLE_WORDS]
    end = words[-1].end() if words else 0
    return 0, len(head[:end].rstrip(" .:;,-"))


def tells(title: str) -> bool:
    """Return whether the words of a title tell something: "Item 5 - the hedge has been cut".

    Examples
    --------
    >>> tells("The hedge has been cut"), tells("Hedges")
    (True, False)
    """
    return _FINITE.search(title) is not None


def has_verb(title: str) -> bool:
    """Return whether the words of a title hold a verb: "The Chairman asked why", "Bins may go".

    Examples
    --------
    >>> has_verb("The Chairman asked why"), has_verb("Roads")
    (True, False)
    """
    return _PAST.search(title) is not None or _SAYS.search(title) is not None


def clean_title(title: str) -> str:
    """Return a title without references to pages that print put between its words.

    Examples
    --------
    >>> clean_title("Minutes of the meeting (Pages 1 - 14) of 3 May")
    'Minutes of the meeting of 3 May'
    """
    return " ".join(_PAGES.sub(" ", title).split())


def _cut_reference(head: str) -> str:
    """Cut "(Item 3)" and "(Pages 1 - 14)" from the end."""
    for _ in range(3):
        shorter = _REFERENCE.sub("", head)
        if shorter == head or not shorter.strip():
            break
        head = shorter
    return head.rstrip()


def _cut_run_in(head: str, *, printed: bool) -> str:
    """Cut what was said from a line that opens with a title."""
    if application := _APPLICATION.search(head):
        head = head[: application.start()]
    title, colon, rest = head.partition(":")
    apart = not _INSTRUCTION.match(title) and rest.strip() and not rest[0].isdigit()
    said = _is_sentence(rest.strip()) or rest.rstrip().endswith(".")
    if colon and apart and _OF_APPLICATION.match(title):
        apart = said  # "19/123/F Outline application: ten houses at Elm" is one title
    n_title = len(title.split())
    short = 0 < n_title <= 8 or (n_title <= _MAX_TITLE_WORDS and not tells(title))
    if colon and apart and short and (said or not printed):
        return title
    goes_on = False
    for stop in _AFTER_STOP.finditer(head):
        before = head[: stop.start() + 1]
        names = _COMPANY.search(before) and _OPENS_SENTENCE.match(head, stop.end())
        if _ABBREVIATED.search(before[-8:]) and not names:
            continue
        if len(before.split()) <= _MAX_LONG_TITLE_WORDS:
            head = head[: stop.start()]
            goes_on = True
        break
    for dash in _DASH.finditer(head):
        rest = head[dash.end() :]
        said = _is_sentence(rest) or (
            (goes_on or has_verb(rest)) and _OPENS_SENTENCE.match(rest) is not None
        )
        said = said or (rest[:1].islower() and _FINITE.search(rest) is not None)
        said = said or _WHEN.match(rest) is not None  # "Next meeting - Monday 4 May at 7 pm"
        if dash.start() and len(rest.split()) >= 4 and said and not printed:
            return head[: dash.start()]
    if not printed and (end := _capitals_end(head)):
        return head[:end]
    if not printed and (named := _NAMED.match(head)):
        return named["title"]
    for owner in () if printed else _OWNER.finditer(head):
        rest = head[owner.end() : owner.end() + _SOON]
        if tells(rest) or has_verb(rest):
            return head[: owner.end()]
    for joint in _RUNS_ON.finditer(head):
        rest = head[joint.end() : joint.end() + _SOON]
        verbs = [verb for verb in (_FINITE.search(rest), _PAST.search(rest)) if verb]
        verb = min(verbs, key=lambda verb: verb.start(), default=None)
        if not printed and _DECIDED.match(rest):
            return head[: joint.start()]
        clause = re.search(r"\b(?:who|which|that)\b", rest[: verb.start()]) if verb else None
        reported = clause and _REPORTS.search(rest[: clause.start()])
        if verb and not printed and (not clause or reported):
            return head[: joint.start()]
    return head


def _capitals_end(head: str) -> int | None:
    """Return where a title in capitals ends before what was said, or the mark of its first part."""
    at = end = 0
    while match := _CAPITALS.match(head, at):
        at = match.end()
        end = at if not match.group()[0].islower() else end
    rest = head[end:]
    if not rest or sum(character.isupper() for character in head[:end]) < _FEWEST_CAPITALS:
        return None
    if rest[0].islower():
        said = len(rest.split()) >= _FEWEST_SAID
    else:
        said = rest[0].isupper() and (tells(rest) or _PAST.search(rest) is not None)
    return end if said or _MARK.fullmatch(rest) or _NOTHING.match(rest) else None


def _is_sentence(text: str) -> bool:
    """Return whether a text reads as something said, not as a title."""
    words = text.split()
    if text.startswith("To "):
        return False
    if text.rstrip().endswith(".") and len(words) > 7:
        return True
    return bool(_OPENS_SENTENCE.match(text) and _FINITE.search(text))
