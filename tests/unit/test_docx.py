import io

import docx
from docx.oxml import parse_xml

from hwbtext.parse import parse_bytes

_W = 'xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main"'


def test_tracked_changes_are_read_as_accepted() -> None:
    paper = docx.Document()
    paper.add_heading("Terms of reference", 2)
    paragraph = paper.add_paragraph("The Board meets ")
    paragraph._p.append(
        parse_xml(f"<w:del {_W}><w:r><w:delText>monthly</w:delText><w:t>gone</w:t></w:r></w:del>")
    )
    paragraph._p.append(parse_xml(f"<w:ins {_W}><w:r><w:t>quarterly</w:t></w:r></w:ins>"))
    buffer = io.BytesIO()
    paper.save(buffer)
    document = parse_bytes(buffer.getvalue(), "a.docx")
    assert [
        (b.kind, b.level, document.text[b.span.start : b.span.end]) for b in document.blocks
    ] == [("heading", 2, "Terms of reference"), ("paragraph", 0, "The Board meets quarterly")]
