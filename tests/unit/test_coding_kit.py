"""The coding kit out, filled by a script, and read back: the same codes, or all that is wrong."""

from __future__ import annotations

import csv
import io
import zipfile
from datetime import datetime

import openpyxl
import pytest

from hwbtext.codebook import load_codebook
from hwbtext.coding import (
    agreed_coding,
    import_codings,
    import_sheets,
    load_plan,
    plan_kit,
    plan_sample,
    write_kit,
)
from hwbtext.errors import GoldError, InputError, MissingPathError, OutputExistsError
from hwbtext.gold import Coding, GoldMention, load_gold
from hwbtext.store import write_table

TEXTS = [
    "=HYPERLINK(1) the plan was noted – by the Board’s members.",
    "+44 people had moved in. The Director would act as lead for housing.",
    "-5% was the change in waiting times; the Trust was asked to explain why.",
    "@the meeting the Board approved the strategy.",
    "'=quoted: the Board heard that the gap had narrowed.",
    "The Board noted the report. The Board noted the report's appendix.",
]
ROWS = [
    {
        "passage_id": f"d{at % 2}:{at}-{at + 9}",
        "doc_id": f"d{at % 2}",
        "doc_sha256": "0123456789abcdef" * 4,
        "start": at,
        "end": at + 9,
        "site": "Carrow",
        "year": 2019,
        "page": 3,
        "item_title": "Better Care Fund",
        "fragment": False,
        "text": text,
    }
    for at, text in enumerate(TEXTS)
]
CODES = [
    {"outcome": "process", "subtype": "process.note", "act": "noted"},
    {
        "outcome": "tangible",
        "subtype": "tangible.delivery",
        "direction": "na",
        "act": "none",
        "ownership": "yes",
        "ownership_polarity": "affirmed",
        "ownership_quote": "The Director would act as lead",
    },
    {
        "outcome": "tangible",
        "direction": "better",
        "accountability": "yes",
        "accountability_polarity": "affirmed",
        "accountability_quote": "the Trust was asked to explain why",
    },
    {"outcome": "process", "subtype": "process.approve", "ownership": "no"},
    {
        "outcome": "tangible",
        "subtype": "tangible.population",
        "inequality": "yes",
        "inequality_polarity": "affirmed | neutral",
        "inequality_quote": "the gap had narrowed | the gap",
    },
    {},
]
BY_TEXT = dict(zip(TEXTS, CODES, strict=True))


@pytest.fixture
def plan():
    return plan_sample(ROWS, 6, name="kit")


def fill_xlsx(path, codes_of=BY_TEXT.get, change=None):
    book = openpyxl.load_workbook(path)
    sheet = book["passages"]
    head = {cell.value: cell.column for cell in sheet[1]}
    for row in range(2, sheet.max_row + 1):
        for column, value in codes_of(sheet.cell(row, head["text"]).value).items():
            sheet.cell(row, head[column]).value = value
    if change:
        change(book, sheet, head)
    book.save(path)


def fill_csv(path, codes_of=BY_TEXT.get, encoding="utf-8-sig", delimiter=",", change=None):
    with path.open(encoding="utf-8-sig", newline="") as file:
        rows = list(csv.DictReader(file))
    for row in rows:
        text = row["text"]
        row.update(codes_of(text[1:] if text.startswith("'") else text))
        if change:
            change(row)
    out = io.StringIO(newline="")
    writer = csv.DictWriter(out, rows[0], delimiter=delimiter)
    writer.writeheader()
    writer.writerows(rows)
    path.write_bytes(out.getvalue().encode(encoding))


def check_codes(sample, coder="coder-1"):
    """Every code of CODES is there, and quotes stand at their offsets."""
    assert {unit.text for unit in sample.units} == set(TEXTS[:5])
    for unit in sample.units:
        codes, coding = BY_TEXT[unit.text], dict(unit.coders)[coder]
        for name in ("outcome", "subtype", "direction", "act"):
            assert getattr(coding, name) == codes.get(name)
        found = {(m.category, m.polarity, m.quote) for m in coding.mentions}
        wanted = {
            (category, polarity.strip(), quote.strip())
            for category in load_codebook().categories
            if codes.get(category) == "yes"
            for polarity, quote in zip(
                codes[f"{category}_polarity"].split("|"),
                codes[f"{category}_quote"].split("|"),
                strict=True,
            )
        }
        assert found == wanted
        assert all(unit.text[m.start : m.end] == m.quote for m in coding.mentions)


def test_plan_to_gold_and_back_by_xlsx(tmp_path, plan):
    kit, *_ = write_kit(plan, tmp_path / "kit.xlsx")
    fill_xlsx(kit)
    lines = import_sheets([kit], tmp_path / "gold.jsonl", annotators="people")
    gold = load_gold(tmp_path / "gold.jsonl")
    check_codes(gold)
    assert gold.annotators == "people"
    planned = {unit.id: unit for unit in plan.units}
    for unit in gold.units:
        drawn = planned[unit.id]
        assert (unit.prob, unit.pool, unit.stratum) == (drawn.prob, "estimation", "systematic")
        assert (unit.doc_sha256, unit.doc_start, unit.doc_end, unit.passage_id) == (
            drawn.doc_sha256, drawn.doc_start, drawn.doc_end, drawn.passage_id,
        )  # fmt: skip
        assert (unit.place, unit.year, unit.page, unit.item) == (
            "Carrow", 2019, 3, "Better Care Fund",
        )  # fmt: skip
    assert "1 passages that nobody coded are left out." in lines
    assert any("5 of the 6 passages drawn are coded" in line for line in lines)


@pytest.mark.parametrize("with_plan", [True, False])
@pytest.mark.parametrize(
    ("encoding", "delimiter"),
    [("utf-8-sig", ","), ("utf-8", ";"), ("cp1252", ";"), ("utf-16", "\t")],
)
def test_plan_to_gold_and_back_by_csv(tmp_path, plan, encoding, delimiter, with_plan):
    _, kit, plan_file = write_kit(plan, tmp_path / "kit.xlsx")
    fill_csv(kit, encoding=encoding, delimiter=delimiter)
    read = import_codings([kit], plan=load_plan(plan_file) if with_plan else None)
    check_codes(read.sample)
    assert {unit.prob for unit in read.sample.units} == {unit.prob for unit in plan.units}
    assert read.sample.annotators == "unknown"
    notes = " ".join(read.notes)
    assert ("Windows-1252" in notes) == (encoding == "cp1252")
    assert ("parted by ';'" in notes) == (delimiter == ";")


def test_a_passage_never_becomes_a_formula(tmp_path, plan):
    kit, table, _ = write_kit(plan, tmp_path / "kit.xlsx")
    book = openpyxl.load_workbook(kit)
    kinds = {cell.data_type for sheet in book for row in sheet for cell in row if cell.value}
    assert kinds == {"s"}
    texts = {row[6].value: row[6].quotePrefix for row in book["passages"]}
    assert all(texts[text] for text in TEXTS[:5])
    with zipfile.ZipFile(kit) as archive:
        assert b"<f>" not in archive.read("xl/worksheets/sheet2.xml")
    with table.open(encoding="utf-8-sig", newline="") as file:
        cells = [cell for row in csv.reader(file) for cell in row]
    assert not [cell for cell in cells if cell[:1] in tuple("=+-@\t\r")]
    assert "'=HYPERLINK(1) the plan was noted – by the Board’s members." in cells


def test_the_kit_is_ready_to_code_in(tmp_path, plan):
    files = write_kit(plan, tmp_path / "kit.xlsx", coders=("anna", "ben"))
    assert [file.name for file in files] == [
        "kit-anna.xlsx", "kit-anna.csv", "kit-ben.xlsx", "kit-ben.csv", "kit.plan.jsonl",
    ]  # fmt: skip
    book = openpyxl.load_workbook(files[0])
    assert book.sheetnames == [
        "instructions", "passages", "codebook", "rulings", "lists", "plan",
    ]  # fmt: skip
    assert (book["lists"].sheet_state, book["plan"].sheet_state) == ("hidden", "veryHidden")
    sheet = book["passages"]
    assert sheet.freeze_panes == "B2"
    hidden = {cell.value for cell in sheet[1] if sheet.column_dimensions[cell.column_letter].hidden}
    assert {"site", "year", "prob", "stratum", "doc_sha256", "doc_start", "doc_end"} <= hidden
    assert not {"id", "item", "before", "text", "after", "outcome"} & hidden
    rules = {str(rule.sqref): rule.formula1 for rule in sheet.data_validations.dataValidation}
    columns = {cell.value: cell.column_letter for cell in sheet[1]}
    column = rules[f"{columns['subtype']}2:{columns['subtype']}7"].split("$")[1]
    listed = [cell.value for cell in book["lists"][column] if cell.value]
    assert listed[0] == "subtype"
    assert {code.id for code in load_codebook().codes if code.family == "none"} <= set(listed)
    codes = {row[0].value for row in book["codebook"]}
    assert {code.id for code in load_codebook().codes} <= codes
    orders = [[row[0].value for row in openpyxl.load_workbook(f)["passages"]] for f in files[:3:2]]
    assert orders[0] != orders[1]
    assert sorted(orders[0]) == sorted(orders[1])
    shown = write_kit(plan, tmp_path / "open.xlsx", blind=False)[0]
    assert not openpyxl.load_workbook(shown)["passages"].column_dimensions["C"].hidden


def test_kits_are_not_written_over_or_to_nowhere(tmp_path, plan):
    write_kit(plan, tmp_path / "kit.xlsx")
    with pytest.raises(OutputExistsError, match="may hold codes"):
        write_kit(plan, tmp_path / "kit.xlsx")
    write_kit(plan, tmp_path / "kit.xlsx", overwrite=True)
    with pytest.raises(MissingPathError, match="no folder"):
        write_kit(plan, tmp_path / "none" / "kit.xlsx")
    with pytest.raises(InputError, match=r"must be named \.xlsx"):
        write_kit(plan, tmp_path / "kit.csv")
    with pytest.raises(InputError, match="labels that differ"):
        write_kit(plan, tmp_path / "b.xlsx", coders=("Anna", "anna"))


def test_coders_merge_and_agree_only_where_all_do(tmp_path, plan):
    files = write_kit(plan, tmp_path / "kit.xlsx", coders=("anna", "ben"))
    fill_xlsx(files[0])

    def bens(text):
        codes = dict(BY_TEXT[text])
        if text == TEXTS[3]:
            codes["outcome"], codes["subtype"] = "none", "none.discussion"
        if text == TEXTS[1]:
            codes["ownership_quote"] = "Director would act as lead for housing"
        return codes

    fill_xlsx(files[2], bens)
    read = import_codings([files[0], files[2]])
    check_codes(read.sample, "anna")
    by_text = {unit.text: unit for unit in read.sample.units}
    assert read.sample.coders == ("anna", "ben")
    assert by_text[TEXTS[0]].agreed.subtype == "process.note"
    assert by_text[TEXTS[3]].agreed is None
    assert by_text[TEXTS[1]].agreed.mentions[0].quote == "Director would act as lead"
    assert read.n_disagreed == 1

    def settle(book, sheet, head):
        agreed = book.create_sheet("agreed")
        agreed.append(["id", "outcome", "subtype"])
        agreed.append([by_text[TEXTS[3]].id, "process", "process.approve"])

    fill_xlsx(files[0], change=settle)
    settled = import_codings([files[0], files[2]])
    found = {unit.text: unit for unit in settled.sample.units}[TEXTS[3]]
    assert found.agreed == Coding("process", "process.approve", None, None)
    assert settled.sample.coders == ("anna", "ben")
    assert settled.n_disagreed == 0


def test_everything_wrong_is_told_at_once_with_its_place_and_cure(tmp_path, plan):
    kit = write_kit(plan, tmp_path / "kit.xlsx")[0]

    def spoil(book, sheet, head):
        rows = {sheet.cell(row, head["text"]).value: row for row in range(2, 8)}

        def put(text, column, value):
            sheet.cell(rows[TEXTS[text]], head[column]).value = value

        put(0, "outcome", "proces")
        put(1, "ownership_quote", "The Director would act as leader")
        put(0, "direction", "sideways")
        put(3, "subtype", "tangible.service")
        put(3, "ownership", "perhaps")
        put(4, "inequality_quote", datetime(2020, 3, 1))
        put(5, "act", "noted")
        sheet.cell(rows[TEXTS[2]], head["text"]).value = TEXTS[2].replace("5%", "15%")
        sheet.append([sheet.cell(2, column).value for column in range(1, sheet.max_column + 1)])
        sheet.append(["p0000000000"])

    fill_xlsx(kit, change=spoil)
    with pytest.raises(GoldError) as caught:
        import_codings([kit])
    told = "\n".join(caught.value.problems)
    for words in (
        "column outcome (I): 'proces' is not in the codebook (version 1.1). Did you mean 'process'",
        "column ownership_quote (O): 'The Director would act as leader' does not stand in the text",
        "(nearest: 'The Director would act as lead')",
        "column subtype (J): 'tangible.service' is of the outcome 'tangible', and the row says",
        "column ownership (M): 'perhaps' is neither yes nor no",
        "column outcome (I): empty, though other cells of the row are filled",
        "is not the text of",
        "column id (A): 'p0000000000' is no passage of the kit.",
        "already. Keep one of the rows",
        "column inequality_quote (U): '2020-03-01 00:00:00' is a date",
        "column direction (K): 'sideways' is not in the codebook",
    ):
        assert words in told, words
    assert all("kit.xlsx, sheet passages, row " in problem for problem in caught.value.problems)


def test_what_spreadsheets_do_to_values_is_tolerated(tmp_path, plan):
    kit = write_kit(plan, tmp_path / "kit.xlsx")[0]
    untidy = {
        TEXTS[0]: {"outcome": " Process ", "subtype": "PROCESS.NOTE\u00a0", "act": "Noted"},
        TEXTS[1]: {
            "subtype": "Delivered output reaching people",
            "ownership": True,
            "ownership_polarity": "Affirmed ",
            "ownership_quote": "“the director  would act as lead”",
        },
        TEXTS[3]: {"outcome": "none", "ownership": 0, "inequality": "N"},
    }

    def more(book, sheet, head):
        sheet.cell(1, sheet.max_column + 1).value = "my notes"
        sheet.cell(2, sheet.max_column).value = "hm"

    fill_xlsx(kit, lambda text: untidy.get(text, {}), change=more)
    read = import_codings([kit])
    found = {unit.text: unit.coders[0][1] for unit in read.sample.units}
    assert found[TEXTS[0]] == Coding("process", "process.note", None, "noted")
    assert found[TEXTS[1]].outcome == "tangible"
    assert found[TEXTS[1]].mentions[0].quote == "The Director would act as lead"
    assert found[TEXTS[3]] == Coding("none", None, None, None)
    assert any("'my notes'" in note for note in read.notes)


def test_a_spreadsheet_of_ones_own_is_read_by_its_own_headings(tmp_path):
    own = tmp_path / "ours.csv"
    own.write_text(
        "Council;Extract;Outcome;Ownership;Ownership polarity\n"
        "Carrow;The report was noted.;process;;\n"
        "Westholme;The Director would lead on it.;process;yes;affirmed\n",
        encoding="utf-8",
    )
    columns = {"place": "Council", "text": "Extract"}
    with pytest.raises(GoldError, match="0 quotes for 1 polarities"):
        import_codings([own], columns=columns)
    sample = import_codings([own], columns=columns, quotes="passage").sample
    assert sample.places == ("Carrow", "Westholme")
    assert sample.labels == ("process", "process")
    assert sample.units[1].coders[0][1].mentions == (
        GoldMention("ownership", "affirmed", 0, 30, "The Director would lead on it."),
    )
    assert {(unit.prob, unit.pool, unit.stratum) for unit in sample.units} == {
        (None, None, "unknown")
    }
    with pytest.raises(GoldError, match=r"no column 'text'.*--column text=HEADING"):
        import_codings([own])
    with pytest.raises(GoldError, match="no column 'Passage', which was said to be 'text'"):
        import_codings([own], columns={**columns, "text": "Passage"})


def test_changed_text_is_told_without_the_plan_too(tmp_path, plan):
    kit = write_kit(plan, tmp_path / "kit.xlsx")[1]
    fill_csv(kit, change=lambda row: row.update(text=row["text"].replace("Director", "Chair")))
    with pytest.raises(GoldError, match="was changed since the kit was written"):
        import_codings([kit])


def test_two_plans_do_not_merge(tmp_path, plan):
    one = write_kit(plan, tmp_path / "one.xlsx")[0]
    two = write_kit(plan_sample(ROWS, 5, seed=9), tmp_path / "two.xlsx")[0]
    for kit in (one, two):
        fill_xlsx(kit)
    with pytest.raises(GoldError, match="of another plan"):
        import_codings([one, two])


def repack(path, name, content):
    with zipfile.ZipFile(path) as archive:
        parts = {entry: archive.read(entry) for entry in archive.namelist()}
    parts[name] = content
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        for entry, data in parts.items():
            archive.writestr(entry, data)


def test_hostile_workbooks_are_refused(tmp_path, plan):
    secret = tmp_path / "secret.txt"
    secret.write_text("not for the gold")
    kit = write_kit(plan, tmp_path / "kit.xlsx")[0]
    with zipfile.ZipFile(kit) as archive:
        sheet = archive.read("xl/worksheets/sheet2.xml").decode()
    entity = f'<!DOCTYPE x [<!ENTITY e SYSTEM "{secret.as_uri()}">]>'
    head, _, body = sheet.partition("<worksheet")
    repack(kit, "xl/worksheets/sheet2.xml", f"{head}{entity}<worksheet{body}".encode())
    with pytest.raises(GoldError, match="Entit"):
        import_codings([kit])
    bomb = write_kit(plan, tmp_path / "bomb.xlsx")[0]
    repack(bomb, "xl/media/image1.png", bytes(300 * 2**20))
    with pytest.raises(GoldError, match=r"unpacks to 3\d\d,\d\d\d,\d\d\d bytes"):
        import_codings([bomb])
    for name, data, words in (
        ("damaged.xlsx", b"PK\x03\x04 no more", "not a readable XLSX"),
        ("old.xlsx", bytes.fromhex("d0cf11e0a1b11ae1") + b"x", "old XLS file, or one with a pass"),
    ):
        (tmp_path / name).write_bytes(data)
        with pytest.raises(GoldError, match=words):
            import_codings([tmp_path / name])


def test_arguments_of_the_import_are_checked(tmp_path, plan):
    kit = write_kit(plan, tmp_path / "kit.xlsx")[0]
    with pytest.raises(GoldError, match="No row is coded"):
        import_codings([kit])
    with pytest.raises(MissingPathError, match="no file"):
        import_codings([tmp_path / "none.xlsx"])
    with pytest.raises(InputError, match="annotators must be one of"):
        import_codings([kit], annotators="humans")
    with pytest.raises(InputError, match="annotators must be one of people, model"):
        import_sheets([kit], tmp_path / "g.jsonl", annotators="humans")
    with pytest.raises(InputError, match="columns names 'colour'"):
        import_codings([kit], columns={"colour": "x"})
    odd = tmp_path / "codes.ods"
    odd.write_bytes(b"x")
    with pytest.raises(InputError, match=r"neither in \.csv nor in \.xlsx"):
        import_codings([odd])


def test_agreement_of_one_is_none_and_mentions_must_pair():
    mention = GoldMention("ownership", "affirmed", 0, 5, "Board")
    other = GoldMention("ownership", "affirmed", 6, 9, "was")
    with_one = Coding("none", None, None, None, (mention,))
    text = "Board was here."
    assert agreed_coding([with_one], text) is None
    assert agreed_coding([with_one, with_one], text) == with_one
    assert agreed_coding([with_one, Coding("none", None, None, None)], text) is None
    apart = Coding("none", None, None, None, (other,))
    assert agreed_coding([with_one, apart], text) is None


def test_command_bodies_from_a_run_to_gold(tmp_path):
    base = {"doc_id": "d0", "site_id": "s", "year": 2019, "doc_kind": "minutes"}
    document = {**base, "site": "Carrow", "sha256": "0123456789abcdef" * 4, "paths": ["x.pdf"]}
    keys = ("passage_id", "start", "end", "page", "item_title", "fragment", "text")
    write_table([document], "documents", tmp_path)
    write_table([{**base, **{k: row[k] for k in keys}} for row in ROWS], "passages", tmp_path)
    lines = plan_kit(tmp_path, tmp_path / "kit.xlsx", n=6)
    assert lines[0].startswith("6 of 6 passages drawn. Stratified by site, year (1 cells)")
    assert any("a share of 5%" in line for line in lines)
    fill_xlsx(tmp_path / "kit.xlsx")
    said = import_sheets([tmp_path / "kit.xlsx"], tmp_path / "gold.jsonl", annotators="model")
    assert load_gold(tmp_path / "gold.jsonl").annotators == "model-annotated"
    assert any(line.startswith("Written: ") for line in said)
    with pytest.raises(OutputExistsError, match="--force"):
        import_sheets([tmp_path / "kit.xlsx"], tmp_path / "gold.jsonl")
