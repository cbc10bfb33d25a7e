"""CSV bytes to a table of strings, with the true line number of every row.

Line ends of all systems, blanks around quotation marks and empty cells too many are read; other delimiters than commas
are refused by name. Pandas reads long plain texts; short ones, and whatever pandas stumbles over, go through the `csv`
module, which knows which line is wrong. Issue codes are those of the canonical GTFS validator (https://gtfs-validator.mobilitydata.org/rules.html).
"""

from __future__ import annotations

import csv
import io
import re
import warnings
from dataclasses import dataclass, replace

import numpy as np
import numpy.typing as npt
import pandas as pd

from transit_model.errors import Issue

MAX_ROW_ISSUES = 5
FAST_CHARS = 100_000
"""Longer texts go to pandas, which is fast but has a start-up cost a small table would feel."""
MAX_CELL_CHARS = 131_072
"""Longest cell: the limit of the `csv` module, which is one for the whole process and is left alone."""
_BOMS = ((b"\xff\xfe\x00\x00", "utf-32"), (b"\xff\xfe", "utf-16"), (b"\xfe\xff", "utf-16"))
_GUESSED_BYTES = 64
_OTHER_DELIMITERS = ((";", "semicolons"), ("\t", "tabs"), ("|", "bars"), ("，", "full-width commas"))
_BLANK = r"[^\S\n]"
_LOOSE_QUOTE = re.compile(rf'(?:\A|[,\n]){_BLANK}+"|"{_BLANK}+(?:[,\n]|\Z)')
_QUOTED_CELL = re.compile(rf'(\A|[,\n]){_BLANK}*("(?:[^"]|"")*+"){_BLANK}*(?=[,\n]|\Z)')
_BROKEN_HINT = "look for a quotation mark that is not closed, or a file that was cut off"


@dataclass(frozen=True, eq=False)
class StringTable:
    """A table of stripped strings ("" for empty) and the file line of each row, or None when unreadable."""

    table: pd.DataFrame
    lines: npt.NDArray[np.int64]

    def locate(self, issues: list[Issue]) -> list[Issue]:
        """Return issues whose line counts table rows (row 0 = line 2) with the true lines of the file."""
        moved = []
        for issue in issues:
            row = -1 if issue.line is None else issue.line - 2
            moved.append(replace(issue, line=int(self.lines[row])) if 0 <= row < len(self.lines) else issue)
        return moved


def decode_text(data: bytes, *, file: str, strict: bool = False) -> tuple[str, list[Issue]]:
    """Return text of bytes: UTF-8 with or without BOM, else UTF-16 or GB18030 with an issue.

    Parameters
    ----------
    strict : bool
        Another encoding than UTF-8 is an error instead of a warning.
    """
    for mark, encoding in _BOMS:
        if data.startswith(mark):
            return data.decode(encoding, errors="replace"), [_encoding_issue(file, encoding, 1, strict=strict)]
    if encoding := _find_wide(data):
        return data.decode(encoding, errors="replace"), [_encoding_issue(file, encoding, 1, strict=strict)]
    try:
        return data.decode("utf-8-sig").lstrip("\ufeff"), []
    except UnicodeDecodeError as error:
        line = _join_lines(data[: error.start].decode("latin-1")).count("\n") + 1
    # GB18030 is what office programs in China write; Western single bytes are most often no GB18030, or odd characters.
    for encoding in ("gb18030", "cp1252") if _looks_chinese(data) else ("cp1252", "gb18030"):
        try:
            return data.decode(encoding), [_encoding_issue(file, encoding, line, strict=strict)]
        except UnicodeDecodeError:
            continue
    return data.decode("latin-1"), [_encoding_issue(file, "latin-1", line, strict=True)]


def _find_wide(data: bytes) -> str:
    """Return the UTF-16 of a text without its mark: every second byte of the first ones is zero. "" for another."""
    start = data[:_GUESSED_BYTES]
    if len(start) < 4:
        return ""
    even, odd = any(start[0::2]), any(start[1::2])
    return "utf-16-le" if even and not odd else "utf-16-be" if odd and not even else ""


def _join_lines(text: str) -> str:
    """Return a text whose lines all end in LF, whether they ended in CRLF, CR or LF."""
    return text.replace("\r\n", "\n").replace("\r", "\n") if "\r" in text else text


def _looks_chinese(data: bytes) -> bool:
    """Return whether bytes above ASCII are mostly common Chinese characters in GB encoding.

    Half of the characters must be of the first level of GB 2312 (lead byte B0 to D7, second byte from A1): accented
    letters of Western encodings read as pairs fall outside (``ç`` E7, ``ã`` E3, or a letter as second byte).
    """
    common = total = at = 0
    while at < len(data):
        if data[at] < 0x80:
            at += 1
            continue
        second = data[at + 1] if at + 1 < len(data) else 0
        total += 1
        common += 0xB0 <= data[at] <= 0xD7 and second >= 0xA1
        at += 2
    return 2 * common >= total


def _encoding_issue(file: str, encoding: str, line: int, *, strict: bool) -> Issue:
    return Issue(
        "not_utf8",
        "error" if strict else "warning",
        "the file is not UTF-8" if strict else f"the file is not UTF-8 and was read as {encoding}: check the names",
        file=file,
        line=line,
        hint='save it as "CSV UTF-8"',
    )


def read_csv_text(data: bytes, *, file: str, strict: bool = False) -> tuple[StringTable | None, list[Issue]]:
    """Read CSV bytes into a table of stripped strings.

    Returns
    -------
    StringTable or None
        None when there is no header at all. Rows of a wrong length are left out of the table.
    list of Issue
        ``empty_file``, ``not_utf8``, ``invalid_character``, ``duplicated_column``, ``empty_column_name``,
        ``wrong_delimiter``, ``invalid_row_length`` (a warning where only empty cells are too many),
        ``csv_parsing_failed``, ``empty_row`` (warning).
    """
    empty = Issue("empty_file", "error", "the file is empty", file=file, hint="it needs a header line")
    if not data.strip(b"\x00\r\n\t ,\xef\xbb\xbf"):
        return None, [empty]
    text, issues = decode_text(data, file=file, strict=strict)
    if not text.strip("\x00\r\n\t ,\ufeff"):
        return None, [empty]
    text = _join_lines(text)
    if "\x00" in text or "\ufffd" in text:
        mark = text.find("\x00") if "\x00" in text else text.find("\ufffd")
        line = text.count("\n", 0, mark) + 1
        issues.append(
            Issue("invalid_character", "error", "the file holds bytes that are no text", file=file, line=line)
        )
        text = text.replace("\x00", "")
    if '"' in text and _LOOSE_QUOTE.search(text):
        text = _QUOTED_CELL.sub(r"\1\2", text)
    header_issues = _check_header(text, file)
    issues += header_issues
    if any(issue.severity == "error" for issue in header_issues):
        return None, issues
    table = _read_fast(text) if len(text) > FAST_CHARS else None
    if table is None:
        return _read_slowly(text, issues, file)
    return StringTable(table, np.arange(len(table), dtype=np.int64) + 2), issues


def _check_header(text: str, file: str) -> list[Issue]:
    try:
        header = [name.strip() for name in next(csv.reader(io.StringIO(text, newline="")), [])]
    except csv.Error as error:
        return [_broken(error, file, 1)]
    first = text.lstrip("\n").split("\n", 1)[0]
    for mark, name in _OTHER_DELIMITERS:
        if first.count(mark) >= max(len(header), 1):
            message = f"the columns are separated by {name}, not by commas"
            hint = 'save it as "CSV UTF-8 (comma delimited)"'
            return [Issue("wrong_delimiter", "error", message, file=file, line=1, value=first[:60], hint=hint)]
    issues = []
    for name in sorted({n for n in header if n and header.count(n) > 1}):
        issues.append(Issue("duplicated_column", "error", "a column stands twice", file=file, line=1, field=name))
    if "" in header and any(header[header.index("") :]):
        issues.append(Issue("empty_column_name", "error", "a column has no name", file=file, line=1))
    return issues


def _read_fast(text: str) -> pd.DataFrame | None:
    """Read with pandas; None when a row has a wrong length, spans lines or is blank."""
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("error")
            table = pd.read_csv(
                io.StringIO(text),
                dtype=str,
                keep_default_na=False,
                index_col=False,
                skip_blank_lines=False,
                encoding_errors="strict",
            )
    except (pd.errors.ParserError, pd.errors.ParserWarning, pd.errors.EmptyDataError):
        return None
    table.columns = [str(name).strip() for name in table.columns]
    table = table.loc[:, [not name.startswith("Unnamed:") and name != "" for name in table.columns]]
    if not _has_plain_rows(text, len(table)):
        return None
    for name in table.columns:
        if len(table) and table[name].str.len().max() > MAX_CELL_CHARS:
            return None
        table[name] = table[name].str.strip()
    # A row of commas only would fill the list of issues with one a column.
    first = table[table.columns[0]] == "" if len(table.columns) else pd.Series(dtype=bool)
    if first.any() and bool((table[first.to_numpy()] == "").all(axis=1).any()):
        return None
    return table


def _has_plain_rows(text: str, n_rows: int) -> bool:
    """Return whether every row stands on one line and has as many fields as the header (pandas pads short ones)."""
    lines = text.count("\n") + (not text.endswith("\n"))
    if lines != n_rows + 1:
        return False
    if '"' not in text:
        header = text.split("\n", 1)[0]
        return text.count(",") == header.count(",") * lines
    try:
        lengths = {len(cells) for cells in csv.reader(io.StringIO(text, newline=""), strict=True)}
    except csv.Error:
        return False
    return len(lengths) == 1


def _broken(error: csv.Error, file: str, line: int) -> Issue:
    message = f"the line cannot be read: {error}"
    return Issue("csv_parsing_failed", "error", message, file=file, line=line, hint=_BROKEN_HINT)


def _read_slowly(text: str, issues: list[Issue], file: str) -> tuple[StringTable | None, list[Issue]]:
    reader = csv.reader(io.StringIO(text, newline=""), strict=True)
    header: list[str] = []
    rows: list[list[str]] = []
    lines: list[int] = []
    wrong: list[tuple[int, int]] = []
    blank: list[int] = []
    padded: list[int] = []
    before = 0
    try:
        for cells in reader:
            line, before = before + 1, reader.line_num
            if not header:
                header = [name.strip() for name in cells]
            elif not any(cell.strip() for cell in cells):
                blank.append(line)
            elif len(cells) > len(header) and not any(cell.strip() for cell in cells[len(header) :]):
                rows.append([cell.strip() for cell in cells[: len(header)]])
                lines.append(line)
                padded.append(line)
            elif len(cells) != len(header):
                wrong.append((line, len(cells)))
            else:
                rows.append([cell.strip() for cell in cells])
                lines.append(line)
    except csv.Error as error:
        issues.append(_broken(error, file, before + 1))
    if blank and blank != [before]:  # a blank last line is no slip
        message = f"{len(blank)} blank rows are passed over"
        issues.append(Issue("empty_row", "warning", message, file=file, line=blank[0]))
    if padded:
        message = f"{len(padded)} rows end in more empty cells than the header has columns; these are passed over"
        issues.append(Issue("invalid_row_length", "warning", message, file=file, line=padded[0]))
    for line, length in wrong[:MAX_ROW_ISSUES]:
        more = f" (and {len(wrong) - MAX_ROW_ISSUES} more rows)" if len(wrong) > MAX_ROW_ISSUES else ""
        message = f"the row has {length} fields, the header {len(header)}{more}"
        hint = "quote values that contain a comma; the file may be cut off here"
        issues.append(Issue("invalid_row_length", "error", message, file=file, line=line, hint=hint))
    table = pd.DataFrame(rows, columns=header, dtype="str")
    if "" in header:
        table = table.loc[:, [name != "" for name in header]]
    return StringTable(table, np.array(lines, dtype=np.int64)), issues
