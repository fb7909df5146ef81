import pytest

from core.csvfile import csv_file, csv_text


@pytest.mark.parametrize("cell", ["=1+1", "+1", "-1", "@SUM(A1)", "\t=1", "\r=1"])
def test_cell_that_would_be_a_formula_gets_an_apostrophe(cell):
    [line] = csv_text([[cell]]).splitlines() if "\r" not in cell else [csv_text([[cell]])]
    assert line.strip('"\r\n').startswith("'")


@pytest.mark.parametrize(
    ("cell", "safe"),
    [
        ("x;=1+1", "x;'=1+1"),
        ("x\t@SUM(A1)", "x\t'@SUM(A1)"),
        ('x; "-1', '"x; ""\'-1"'),
        ("x, y\n+1", '"x, y\n\'+1"'),
        ("a;b = 1", "a;b = 1"),
        ("a-b", "a-b"),
    ],
)
def test_separators_of_other_spreadsheets_begin_no_formula(cell, safe):
    assert csv_text([[cell]]) == f"{safe}\r\n"


def test_numbers_stay_numbers_and_commas_are_quoted():
    assert csv_text([[-1, "a, b", None, 'say "x"']]) == '-1,"a, b",,"say ""x"""\r\n'


def test_file_is_downloaded_and_not_kept():
    response = csv_file("keys", ["key"], [["x"]])
    assert response.content == b"\xef\xbb\xbfkey\r\nx\r\n"
    assert response.headers["Content-Disposition"] == 'attachment; filename="keys.csv"'
    assert response.headers["Cache-Control"] == "private, no-store"
