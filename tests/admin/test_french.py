"""Every word of the admin has its French."""

import ast
import re

import pytest
from django.conf import settings
from django.contrib import admin
from django.utils.translation import gettext, ngettext, override
from django.utils.translation.template import templatize

# Alike in both languages.
SAME = {
    "logo",
    "intact",
    "description",
    "source",
    "total",
    "Code",
    "Messages",
    "Questions",
    "Document",
    "Dates",
    "ID",
    "id",
    "Vitay",
}
CODE = ["vitay/*.py", "apps/*/admin.py", "apps/staff/**/*.py", "apps/firms/forms.py"]
LITERAL = r"""('''.*?'''|\"\"\".*?\"\"\"|'(?:[^'\\]|\\.)*'|"(?:[^"\\]|\\.)*")"""


def words_of_code():
    for pattern in CODE:
        for path in settings.BASE_DIR.glob(pattern):
            for node in ast.walk(ast.parse(path.read_text())):
                if not isinstance(node, ast.Call):
                    continue
                called = getattr(node.func, "id", "")
                texts = [each.value for each in node.args if isinstance(each, ast.Constant)]
                if called in ("_", "gettext", "gettext_lazy") and texts:
                    yield texts[0], None
                elif called == "ngettext":
                    yield texts[0], texts[1]


def words_of_templates():
    for path in settings.BASE_DIR.glob("templates/admin/*.html"):
        code = templatize(path.read_text(), origin=str(path))
        for found in re.finditer(rf"(?<!n)gettext\(u?{LITERAL}\)|_\({LITERAL}\)", code, re.DOTALL):
            yield ast.literal_eval(found[1] or found[2]), None


def test_every_sentence():
    with override("fr"):
        missing = {
            one
            for one, many in [*words_of_code(), *words_of_templates()]
            if one not in SAME and (ngettext(one, many, 1) if many else gettext(one)) == one
        }
    assert missing == set()


def test_every_choice():
    """Of what a list, a page or a form lets staff choose from."""
    with override("fr"):
        missing = {
            str(label)
            for model in admin.site._registry
            if model.__module__.startswith("apps.")
            for field in model._meta.local_fields
            if field.choices and field.name != "language"
            for value, label in field.choices
            if str(label).lower() == value.replace("_", " ")
        }
    assert missing <= {"API", "Important", "Page", "Date"}, missing


def test_forms_of_our_own(as_administrator):
    as_administrator.cookies["django_language"] = "fr"
    page = as_administrator.get("/admin/onboard/").content.decode()
    assert "Fuseau horaire" in page and "Time zone" not in page


@pytest.mark.parametrize(
    "model", [m for m in admin.site._registry if m.__module__.startswith("apps.")]
)
def test_every_name(model):
    """Of what the first page and the headings list."""
    names = model._meta.verbose_name, model._meta.verbose_name_plural
    alike = {"question", "questions", "message", "messages", "document", "documents"}
    with override("en"):
        english = {str(name) for name in names}
    with override("fr"):
        assert not english & {str(name) for name in names} - alike, english


@pytest.mark.parametrize(
    "model", [m for m in admin.site._registry if m.__module__.startswith("apps.")]
)
def test_every_label(model):
    """Of what a list or a page shows."""
    model_admin = admin.site._registry[model]
    shown = str(model_admin.fieldsets) + str(model_admin.fields) + str(model_admin.list_display)
    with override("en"):
        english = {
            field.name: str(field.verbose_name)
            for field in model._meta.local_fields
            if f"'{field.name}'" in shown
        }
    with override("fr"):
        french = {name: str(model._meta.get_field(name).verbose_name) for name in english}
        alike = {"description", "document", "message", "notes", "position", "question", "code",
                 "province", "total", "type", "source", "maximum", "minimum"}  # fmt: skip
        same = {name for name in english if english[name] == french[name]} - alike
    assert same <= {"sha256", "audience", "channel", "logo", "bio"}, same
