"""Every list and page opens, finds, exports, and asks the database as often for many as for few."""

import pytest
from django.contrib import admin
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from apps.activities.models import Activity
from apps.firms.models import HiringFirm
from apps.staff.export import harmless
from apps.staff.filters import FirmFilter
from tests.conftest import fill, make_candidate, make_reference, make_request

MODELS = sorted(admin.site._registry, key=lambda model: model._meta.label)


def list_url(model) -> str:
    return reverse(f"admin:{model._meta.app_label}_{model._meta.model_name}_changelist")


def queries_of(client, url) -> int:
    with CaptureQueriesContext(connection) as queries:
        assert client.get(url).status_code == 200, url
    return len(queries)


@pytest.fixture
def filled(reference):
    fill(reference)
    return reference


@pytest.mark.parametrize("model", MODELS, ids=lambda model: model._meta.label)
def test_it_opens(as_administrator, filled, model):
    assert as_administrator.get(list_url(model)).status_code == 200
    assert as_administrator.get(list_url(model), {"q": "étienne"}).status_code == 200
    assert as_administrator.get(list_url(model), {"q": str(filled.pk)}).status_code == 200
    row = model._default_manager.order_by("-pk").first()
    if row is not None:
        page = as_administrator.get(
            reverse(f"admin:{model._meta.app_label}_{model._meta.model_name}_change", args=[row.pk])
        )
        assert page.status_code == 200


def test_as_many_queries_for_many_as_for_few(as_administrator, bob, question_set):
    def grow(by):
        for at in range(by):
            email = f"c{at}-{by}@candidate.example"
            request = make_request(make_candidate(bob, email=email), question_set)
            fill(make_reference(request, email=f"r{at}-{by}@reference.example"))

    grow(1)
    few = {model: queries_of(as_administrator, list_url(model)) for model in MODELS}
    grow(8)
    many = {model: queries_of(as_administrator, list_url(model)) for model in MODELS}
    assert {m: n for m, n in many.items() if n > few[m]} == {}
    assert max(many.values()) <= 20


@pytest.mark.parametrize(
    "words", ["étienne", "GAUVREAU", "etienne@reference", "(514) 555-0134", "1 514 555 0134"]
)
def test_a_reference_is_found(as_administrator, reference, words):
    page = as_administrator.get("/admin/references/reference/", {"q": words})
    assert [row.pk for row in page.context["cl"].result_list] == [reference.pk]


def test_a_message_is_found_by_its_address(as_administrator, reference):
    for words in ("etienne@reference.example", "514 555-0134", str(reference.pk)):
        page = as_administrator.get("/admin/messaging/message/", {"q": words})
        assert page.context["cl"].result_count >= 1, words


@pytest.mark.parametrize("words", ["\x00", "a\x00b", "%", "'", "é" * 500])
def test_any_words_may_be_searched(as_administrator, reference, words):
    for page in ("/admin/find/", "/admin/candidates/candidate/", "/admin/messaging/message/"):
        assert as_administrator.get(page, {"q": words}).status_code in (200, 302)


def test_the_whole_admin_is_searched(as_administrator, as_support, reference):
    for client in (as_administrator, as_support):
        for words in ("gauvreau", "5145550134", str(reference.pk), "etienne@reference.example"):
            page = client.get("/admin/find/", {"q": words}).content.decode()
            assert f"/admin/references/reference/{reference.pk}/change/" in page, words


def test_a_list_is_exported_and_noted(as_administrator, reference):
    reference.change(reference.requested_by, company_name="=HYPERLINK(1)")
    response = as_administrator.post(
        "/admin/references/reference/",
        {"action": "export_csv", "_selected_action": [str(reference.pk)]},
    )
    text = b"".join(response.streaming_content).decode()
    assert "'=HYPERLINK(1)" in text and "etienne@reference.example" in text
    assert Activity.objects.get(key="export.csv").parameters == '{"model": "Reference", "rows": 1}'


@pytest.mark.parametrize("cell", ["=1+1", "+1", "-1", "@SUM(A1)", "\t=1", "\r=1"])
def test_a_cell_is_never_a_formula(cell):
    assert harmless(cell) == f"'{cell}"
    assert harmless("Étienne") == "Étienne"
    assert harmless(None) == ""


def test_nothing_is_deleted_from_a_list(as_administrator, reference):
    page = as_administrator.get("/admin/references/reference/")
    assert "delete_selected" not in page.content.decode()
    url = f"/admin/references/reference/{reference.pk}/delete/"
    assert as_administrator.post(url, {"post": "yes"}).status_code == 403


def test_the_day_shows_what_needs_a_hand(as_administrator, reference):
    reference.request_call("After five")
    page = as_administrator.get("/admin/")
    assert "asked for a call" in page.content.decode()
    assert "<svg" in page.content.decode()


@pytest.mark.parametrize("language", ["en", "fr"])
def test_it_speaks_both_languages(as_administrator, reference, language):
    response = as_administrator.post("/admin/language/", {"language": language, "next": "/admin/"})
    assert response.status_code == 302
    page = as_administrator.get("/admin/").content.decode()
    assert ("Ce qui demande votre attention" in page) == (language == "fr")
    page = as_administrator.get("/admin/references/reference/").content.decode()
    assert ("Prénom" in page or "Nom" in page) == (language == "fr")


def test_a_list_is_narrowed_by_date(as_administrator, reference):
    list_ = "/admin/references/reference/"
    at = timezone.localtime(reference.created_at)
    page = as_administrator.get(list_)
    month = f"created_at__month={at.month}&amp;created_at__year={at.year}"
    assert month in page.content.decode()
    day = {"created_at__year": at.year, "created_at__month": at.month, "created_at__day": at.day}
    for narrowed in (day, {"created_at__year": at.year}):
        assert as_administrator.get(list_, narrowed).context["cl"].result_count == 1
    assert as_administrator.get(list_, {"created_at__year": 1999}).context["cl"].result_count == 0
    assert as_administrator.get(list_, {"created_at__year": "x"}).status_code in (200, 302)


def firms_named(page) -> list[str]:
    [spec] = [each for each in page.context["cl"].filter_specs if isinstance(each, FirmFilter)]
    return [name for _pk, name in spec.lookup_choices]


def test_a_few_firms_are_links(as_administrator, candidate, charlie):
    page = as_administrator.get("/admin/candidates/candidate/")
    assert firms_named(page) == sorted([candidate.hiring_firm.name, charlie.hiring_firm.name])
    assert "firm-filter" not in page.content.decode()
    chosen = as_administrator.get(
        "/admin/candidates/candidate/", {"firm": str(candidate.hiring_firm_id)}
    )
    assert chosen.context["cl"].result_count == 1


def test_one_of_many_firms_is_found_by_its_name(as_administrator, candidate, charlie):
    HiringFirm.objects.bulk_create(HiringFirm(name=f"Atelier {at:02}") for at in range(40))
    list_ = "/admin/candidates/candidate/"
    page = as_administrator.get(list_, {"language__exact": "en"})
    assert firms_named(page) == []
    assert '<input type="hidden" name="language__exact" value="en">' in page.content.decode()
    found = as_administrator.get(list_, {"firm": "marchand"})
    assert firms_named(found) == ["Marchand Ouellet"]
    assert [row.pk for row in found.context["cl"].result_list] == [candidate.pk]
    one = as_administrator.get(list_, {"firm": str(candidate.hiring_firm_id)})
    assert firms_named(one) == ["Marchand Ouellet"]
    assert one.context["cl"].result_count == 1
    for words in ("nobody", str(charlie.hiring_firm_id), "<b>", "a\x00b"):
        assert as_administrator.get(list_, {"firm": words}).context["cl"].result_count == 0
