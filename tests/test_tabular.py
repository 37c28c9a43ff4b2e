"""Reading tables: every dialect to the same cells, and a clear refusal for what is no table."""

import io
import random
import zipfile
from datetime import date

import pytest
from openpyxl import Workbook as NewWorkbook

from funnelcrm.tabular import NotAValue, Unreadable, open_table, workbook
from funnelcrm.tabular.safe_csv import SafeWriter, inert

HEADER, ROW = ["name", "city", "value"], ["Müller & Söhne", "Zürich", "1.054,00"]


def written(tmp_path, data: bytes | str, name: str = "file.csv", encoding: str = "utf-8"):
    path = tmp_path / name
    path.write_bytes(data if isinstance(data, bytes) else data.encode(encoding))
    return path


def sheet(tmp_path, *rows, name: str = "file.xlsx"):
    book = NewWorkbook()
    for row in rows:
        book.active.append(row)
    book.save(tmp_path / name)
    return tmp_path / name


def dialect(delimiter: str, newline: str = "\r\n") -> str:
    lines = [delimiter.join(f'"{cell}"' for cell in cells) for cells in (HEADER, ROW, ROW)]
    return newline.join(lines) + newline


@pytest.mark.parametrize("delimiter", [",", ";", "\t", "|"])
@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "utf-16-le", "utf-16-be", "cp1252"])
def test_every_dialect_reads_the_same(tmp_path, delimiter, encoding):
    table = open_table(written(tmp_path, dialect(delimiter), encoding=encoding))
    assert table.header == HEADER
    assert [cells for _, cells in table.rows()] == [ROW, ROW]


@pytest.mark.parametrize("newline", ["\n", "\r\n", "\r"])
def test_every_line_ending_reads_the_same(tmp_path, newline):
    table = open_table(written(tmp_path, dialect(",", newline)))
    assert [cells for _, cells in table.rows()] == [ROW, ROW]


@pytest.mark.parametrize(
    ("text", "encoding"),
    [
        (
            "Компания;Город\r\nСтроительная компания Заря;Москва\r\nЗавод имени Петрова;Нижний Новгород",  # noqa: RUF001
            "cp1251",
        ),
        ("会社名;都市\r\n株式会社山田製作所;東京都渋谷区\r\n鈴木商店;大阪市北区", "cp932"),
        ("Firma;Ort\r\nBäcker;Köln", "cp1252"),
        ("betrag;ort\r\n12,00 €;Köln", "cp1252"),
    ],
)
def test_the_letters_tell_the_encoding(tmp_path, text, encoding):
    table = open_table(written(tmp_path, text, encoding=encoding))
    assert [table.header, *(cells for _, cells in table.rows())] == [
        line.split(";") for line in text.split("\r\n")
    ]


def test_the_encoding_and_the_delimiter_can_be_told(tmp_path):
    path = written(tmp_path, "a,b;c\r\nŁódź,x;y\r\n", encoding="cp1250")
    table = open_table(path, encoding="cp1250", delimiter="semicolon")
    assert list(table.rows()) == [(2, ["Łódź,x", "y"])]


def test_rows_have_the_numbers_of_a_spreadsheet(tmp_path):
    path = written(tmp_path, 'a,b\n1,"two\nlines"\n\n,\n3,4\n')
    assert [number for number, _ in open_table(path).rows()] == [2, 5]


def test_rows_can_be_read_again(tmp_path):
    table = open_table(written(tmp_path, "a,b\n1,2\n"))
    assert list(table.rows()) == list(table.rows()) == [(2, ["1", "2"])]


@pytest.mark.parametrize(
    ("data", "says"),
    [
        (b"", "empty"),
        (b"\xef\xbb\xbf", "empty"),
        (b"\n\n\n", "blank"),
        (b",,,\n1,2,3,4\n", "blank"),
        (b"2016-10-20,1054,5\n2016-10-21,1,2\n", "looks like data"),
        (b"name,Name,city\nx,y,z\n", "Two columns"),
        (b'a,b\n1,"never closed\n' + b"2,3\n" * 5, "never closed"),
        (b'a,b\n1,"never closed\n' + b"2,3\n" * 90_000, "never closed"),
        (b'a,b\n1,"clo"sed\n', "quotation mark"),
        (b"a,b\n1,\x00\n", "NUL"),
        (",".join(f"c{n}" for n in range(10_000)).encode() + b"\n1\n", "10,000 columns"),
        (b"x" * 5_000_000, "not a table"),
        (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\0" * 600, "old Excel"),
        (b"PK\x03\x04 and nothing more", "damaged"),
    ],
)
def test_what_is_no_table_is_refused_with_a_sentence(tmp_path, data, says):
    with pytest.raises(Unreadable, match=says):
        list(open_table(written(tmp_path, data)).rows())


def test_a_text_that_is_not_in_the_told_encoding_is_refused(tmp_path):
    path = written(tmp_path, "a,b\nKöln,x\n", encoding="cp1252")
    with pytest.raises(Unreadable, match="not valid utf-8"):
        list(open_table(path, encoding="utf-8").rows())
    with pytest.raises(Unreadable, match="no encoding"):
        open_table(path, encoding="klingon")
    with pytest.raises(Unreadable, match="no encoding"):
        open_table(path, encoding="base64")
    with pytest.raises(Unreadable, match="delimiter"):
        open_table(path, delimiter="x")


def test_there_is_a_cap_on_rows(tmp_path):
    path = written(tmp_path, "a\n" + "x\n" * 11)
    assert len(list(open_table(path, max_rows=11).rows())) == 11
    with pytest.raises(Unreadable, match="more than 10 rows"):
        list(open_table(path, max_rows=10).rows())


def test_a_workbook_gives_true_days_and_numbers(tmp_path):
    path = sheet(tmp_path, ["name", "day", "value"], ["Müller", date(2016, 10, 20), 1054.5])
    assert list(open_table(path).rows()) == [(2, ["Müller", date(2016, 10, 20), 1054.5])]


def test_a_formula_is_not_a_value(tmp_path):
    path = sheet(tmp_path, ["name", "value"], ["x", "=1+1"])
    ((_, cells),) = open_table(path).rows()
    assert isinstance(cells[1], NotAValue)
    assert "formula" in cells[1].why


def test_a_sheet_can_be_told(tmp_path):
    book = NewWorkbook()
    book.active.append(["cover"])
    book.create_sheet("Deals").append(["name"])
    book.save(tmp_path / "two.xlsx")
    assert open_table(tmp_path / "two.xlsx", sheet="Deals").header == ["name"]
    with pytest.raises(Unreadable, match="no sheet “Leads”"):
        open_table(tmp_path / "two.xlsx", sheet="Leads")


def test_a_text_called_xlsx_is_refused(tmp_path):
    with pytest.raises(Unreadable, match="not an XLSX"):
        open_table(written(tmp_path, "a,b\n1,2\n", name="file.xlsx"))


def test_a_sheet_with_10000_columns_is_refused(tmp_path):
    path = sheet(tmp_path, [f"c{n}" for n in range(10_000)])
    with pytest.raises(Unreadable, match="10,000 columns"):
        open_table(path)


SPACE = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
STRINGS = "xl/sharedStrings.xml"


def rewritten(tmp_path, part: str, content: bytes):
    """A sound workbook with one part replaced, or added as its shared strings."""
    source = sheet(tmp_path, ["name"], ["x"], name="source.xlsx")
    target = tmp_path / "hostile.xlsx"
    kind = "application/vnd.openxmlformats-officedocument.spreadsheetml.sharedStrings+xml"
    strings = f'<Override PartName="/{part}" ContentType="{kind}"/></Types>'.encode()
    with zipfile.ZipFile(source) as old, zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED) as new:
        for name in {*old.namelist(), part}:
            data = content if name == part else old.read(name)
            if name == "[Content_Types].xml" and part not in old.namelist():
                data = data.replace(b"</Types>", strings)
            new.writestr(name, data)
    return target


@pytest.mark.parametrize("part", ["xl/worksheets/sheet1.xml", STRINGS])
def test_a_bomb_is_refused_before_it_is_parsed(tmp_path, monkeypatch, part):
    path = rewritten(tmp_path, part, b" " * (20 << 20))
    monkeypatch.setattr(workbook, "load_workbook", lambda *_, **__: pytest.fail("was parsed"))
    with pytest.raises(Unreadable, match="more tightly"):
        open_table(path)


@pytest.mark.parametrize("part", [STRINGS, "xl/worksheets/strings.xml", "xl/styles.xml"])
def test_what_is_held_in_memory_has_a_limit_whatever_its_name(tmp_path, monkeypatch, part):
    monkeypatch.setattr(workbook, "MAX_SHARED_STRINGS", 100_000)
    monkeypatch.setattr(workbook, "MAX_PART", 100_000)
    path = rewritten(tmp_path, part, random.Random(1).randbytes(100_001))
    with pytest.raises(Unreadable, match="too big"):
        open_table(path)


@pytest.mark.parametrize(
    "part", ["xl/worksheets/sheet1.xml", "xl/workbook.xml", "[Content_Types].xml", STRINGS]
)
def test_entities_are_refused(tmp_path, part):
    bomb = b'<?xml version="1.0"?><!DOCTYPE x [<!ENTITY e SYSTEM "file:///etc/passwd">]><x>&e;</x>'
    with pytest.raises(Unreadable, match="damaged"):
        list(open_table(rewritten(tmp_path, part, bomb)).rows())


def test_a_workbook_cannot_make_us_count_for_ever(tmp_path):
    name = '<row r="1"><c r="A1" t="inlineStr"><is><t>name</t></is></c></row>'
    last = '<row r="999999999"><c r="A999999999"><v>1</v></c></row>'
    far = f'<worksheet xmlns="{SPACE}"><sheetData>{name}{last}</sheetData></worksheet>'
    with pytest.raises(Unreadable, match="more rows than a sheet"):
        list(open_table(rewritten(tmp_path, "xl/worksheets/sheet1.xml", far.encode())).rows())


@pytest.mark.parametrize(
    ("cell", "written_as"),
    [
        ("=1+1", "'=1+1"),
        ("  =cmd|' /C calc'!A0", "'=cmd|' /C calc'!A0"),
        ("\t@SUM(1)", "'@SUM(1)"),
        ("-2+3", "'-2+3"),
        ("-2.5", "-2.5"),
        ("+49 170 1", "'+49 170 1"),
        ("\uff1d1+1", "'\uff1d1+1"),
        ("Müller", "Müller"),
        (None, ""),
    ],
)
def test_what_we_write_is_inert(cell, written_as):
    assert inert(cell) == written_as
    file = io.StringIO()
    SafeWriter(file).row([cell, 5])
    assert file.getvalue().endswith(",5\r\n")
