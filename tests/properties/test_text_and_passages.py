"""Properties that hold for any text."""

from __future__ import annotations

from hypothesis import given, settings
from hypothesis import strategies as st
from papers import make_document

from hwbtext.frontpage import describe
from hwbtext.passages import segment
from hwbtext.text import n_words, normalize, same_length, sentences

# Words and marks of minutes, so that the grammar is met and not only noise.
piece = st.sampled_from(
    ["RESOLVED", "that", "(1)", "(2)", "(a)", "1.", "2.", "The Board", "noted", "the report", ";",
     ".", ":", "–", "\n", "\n\n", "12 March 2019", "Present", "Minutes of", "•", "|", "\t", "# ",
     "Apologies", "It was agreed", "ACTION:", "£", "’", "é", "3.1", "a " * 120]
)  # fmt: skip
papers = st.one_of(
    st.text(max_size=400), st.lists(piece, max_size=60).map(" ".join), st.lists(piece).map("".join)
)
names = st.sampled_from(["a.txt", "a.md", "a.html"])


@settings(max_examples=300, deadline=None)
@given(papers, names)
def test_passages_point_at_their_text_and_miss_no_word_of_the_body(text: str, name: str) -> None:
    document = make_document(text, name)
    passages = segment(document)
    at = 0
    for passage in passages:
        assert document.text[passage.span.start : passage.span.end] == passage.text
        assert passage.text.strip() == passage.text != ""
        assert at <= passage.span.start
        at = passage.span.end
    body = sum(
        n_words(document.text[block.span.start : block.span.end])
        for block in document.blocks
        if block.kind not in ("heading", "furniture")
    )
    assert sum(n_words(passage.text) for passage in passages) >= body
    assert "".join(document.text[p.span.start : p.span.end] for p in document.pages) == (
        document.text
    )


@settings(max_examples=200, deadline=None)
@given(papers, st.text(max_size=40))
def test_any_front_page_can_be_described(text: str, folder: str) -> None:
    facts, issues = describe(make_document(text), f"{folder.replace('/', '')}/a.txt")
    assert facts.kind
    assert all(issue.code for issue in issues)


@given(st.text())
def test_same_length_keeps_every_offset(text: str) -> None:
    assert len(same_length(text)) == len(text)


@given(papers)
def test_sentences_are_in_order_and_hold_every_printed_character(text: str) -> None:
    spans = sentences(text)
    kept = "".join(text[a:b] for a, b in spans)
    assert "".join(kept.split()) == "".join(text.split())
    assert all(one.end <= other.start for one, other in zip(spans, spans[1:], strict=False))


@given(st.text())
def test_normalizing_twice_changes_nothing_more(text: str) -> None:
    assert normalize(normalize(text)) == normalize(text)
