"""Candidates from a CSV file: up to fifty, all of them or none."""

import csv
import io

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils.translation import gettext as _

from apps.candidates.models import Candidate
from apps.jsonapi.fold import fold

MAX_ROWS = 50
COLUMNS = (
    "first_name", "last_name", "email", "country_code", "phone",
    "internal_id", "notes", "language",
)  # fmt: skip
REQUIRED = {"first_name", "last_name"}
# As spreadsheets name them, folded: most of them French.
OTHERS = {
    "prenom": "first_name", "nom": "last_name", "nom_de_famille": "last_name",
    "courriel": "email", "indicatif": "country_code", "telephone": "phone",
    "langue": "language", "e-mail": "email", "adresse_courriel": "email", "cellulaire": "phone",
}  # fmt: skip


@transaction.atomic
def import_candidates(raw: bytes, by) -> list[Candidate]:
    """The candidates of a file. ValidationError on `row <n>.<column>` for each that is wrong."""
    rows, wrong, made = read(raw), {}, []
    for number, row in rows:
        try:
            with transaction.atomic():
                made.append(Candidate(**row).create(by))
        except ValidationError as error:
            for field, problems in error.error_dict.items():
                wrong[f"row {number}.{field}"] = [
                    ValidationError(
                        _("Row %(row)s, %(column)s: %(problem)s")
                        % {"row": number, "column": field, "problem": message},
                        code=each.code,
                    )
                    for each in problems
                    for message in each.messages
                ]
    if wrong:
        raise ValidationError(wrong)
    return made


def read(raw: bytes) -> list[tuple[int, dict]]:
    """The file's rows by their line as a spreadsheet shows it; empty ones are passed over."""
    try:
        text = _text(raw)
    except UnicodeDecodeError as error:
        raise _refused(_("Save the file as CSV in UTF-8.")) from error
    if "\0" in text:
        raise _refused(_("This is not a CSV file."))
    first = text.partition("\n")[0]
    delimiter = ";" if first.count(";") > first.count(",") else ","
    try:
        lines = list(csv.reader(io.StringIO(text), delimiter=delimiter))
    except csv.Error as error:
        raise _refused(_("This is not a CSV file.")) from error
    header = [_column(name) for name in lines[0]] if lines else []
    while header and not header[-1]:  # as spreadsheets leave behind what was cleared
        header.pop()
    if not set(header) >= REQUIRED or len(set(header)) != len(header):
        raise _refused(_("The first row names the columns: %(names)s.") % {"names": _names()})
    if unknown := [name for name in header if name not in COLUMNS]:
        raise _refused(
            _("There is no column %(name)s; there are %(names)s.")
            % {"name": unknown[0][:40], "names": _names()}
        )
    for number, line in enumerate(lines[1:], start=2):
        if any(cell.strip() for cell in line[len(header) :]):
            raise _refused(_("Row %(row)s has more cells than columns.") % {"row": number})
    rows = [
        (number, dict(zip(header, (cell.strip() for cell in line), strict=False)))
        for number, line in enumerate(lines[1:], start=2)
        if any(cell.strip() for cell in line)
    ]
    if not rows or len(rows) > MAX_ROWS:
        raise _refused(_("Send between 1 and %(most)s candidates.") % {"most": MAX_ROWS})
    return rows


def _text(raw: bytes) -> str:
    """UTF-8, or what Excel writes by default in Quebec."""
    try:
        return raw.decode("utf-8-sig")
    except UnicodeDecodeError:
        return raw.decode("cp1252")


def _column(name: str) -> str:
    """However it is spelled: `First name`, `Prénom`."""
    folded = fold(name).replace(" ", "_")
    return OTHERS.get(folded, folded)


def _names() -> str:
    return ", ".join(COLUMNS)


def _refused(message: str) -> ValidationError:
    return ValidationError({"file": ValidationError(message, code="invalid_file")})
