"""The text of each document, in both languages: answers, permissions, totals; and whose words."""

import io
from datetime import date

import pytest
from django.conf import settings as django_settings
from pypdf import PdfReader

from apps.answers.models import Answer
from apps.billing.models import Invoice, InvoiceLine
from apps.candidates.models import Education, Experience
from apps.documents.contents import scores
from apps.documents.issue import issue, sheet
from apps.documents.templatetags.sheet import span
from apps.verifications.models import Verification
from tests.conftest import make_reference
from tests.documents.samples import make_check

pytestmark = pytest.mark.pdf


def read(kind, row, language="en", audience="recruiter") -> str:
    document = issue(sheet(kind, row, audience=audience, language=language), patient=True)
    pages = [page.extract_text() for page in PdfReader(io.BytesIO(document.file.read())).pages]
    return " ".join(" ".join(pages).replace("\u00a0", " ").replace("\u202f", " ").split())


@pytest.fixture
def check(bob):
    return make_check(bob, 3)


def test_the_report_in_english(check):
    declined = make_reference(
        check, first_name="Paul", last_name="Roy", email="p@r.example", phone="5145550188"
    )
    declined.decline()
    text = read("candidates", check.candidate)
    score = check.candidate.score
    check.candidate.refresh_from_db()
    score = check.candidate.score
    for words in (
        f"{score:.1f} of 5",
        "4 people asked, 3 answered",
        "Étienne Gauvreau",
        "Priya Raman",
        "Luc Thériault",
        "Give Camille a real mandate and room.",
        "Une personne droite. Je referais équipe demain matin.",
        "When Camille promised a date, how often was it kept?",
        "Did not see this",
        "with clients: yes; with Camille: yes",
        "with clients: no; with Camille: no",
        "Paul Roy",
        "Declined",
        "Reached at a personal address, not at an employer’s: Luc Thériault",
        "How the score is worked out",
    ):
        assert words in text, words
    assert "Page 2 of" in text


def test_the_report_in_french(check):
    text = read("candidates", check.candidate, "fr")
    check.candidate.refresh_from_db()
    for words in (
        f"{check.candidate.score:.1f}".replace(".", ",") + " sur 5",
        "3 personnes sollicitées, 3 ont répondu",
        "Rapport de références",
        "Quand Camille promettait une date, à quelle fréquence était-elle respectée?",
        "Give Camille a real mandate and room.",
        "N’a pas pu l’observer",
        "avec la clientèle : oui; avec Camille : oui",
        "« Je n’ai pas pu l’observer »",
        "Fiabilité",
        "Oui, sans hésiter",
        "en français",
    ):
        assert words in text, words
    for english in ("Summary", "Strengths", "Answered", "Reliability", "Not answered"):
        assert english not in text, english


@pytest.mark.parametrize(("audience", "hidden"), [("clients", "Priya"), ("candidate", "Priya")])
def test_permissions_are_obeyed(check, audience, hidden):
    whole = read("candidates", check.candidate)
    text = read("candidates", check.candidate, audience=audience)
    assert hidden in whole and hidden not in text
    assert "One more person answered and did not agree" in text
    assert "2 shown here" in text
    # Neither their words nor their figures: the score is that of the others.
    shown = [
        each.score
        for each in check.references.filter(status="filled")
        if getattr(each, f"permission_share_{'clients' if audience == 'clients' else audience}")
    ]
    assert len(shown) == 2
    assert f"{sum(shown) / 2:.1f} of 5" in text
    # Who said no, who was silent, and what staff would note, is not theirs to read.
    assert "To know about these answers" not in text and "What happened when" not in text


def test_a_sheet_obeys_too(check):
    closed = check.references.get(first_name="Priya")
    text = read("references", closed, audience="clients")
    assert "did not agree to share the answers with clients" in text
    assert "real mandate" not in text and "Priya" not in text
    assert "real mandate" in read("references", closed)


def test_silence_is_no_permission(check):
    check.references.update(permission_share_clients=None)
    text = read("candidates", check.candidate, audience="clients")
    assert "3 people have answered and did not agree" in text
    assert "real mandate" not in text and "of 5" not in text


def test_a_typed_reference_says_so(check, bob):
    reference = check.references.get(first_name="Priya")
    type(reference.answer_set).objects.filter(reference=reference).update(typed_by=bob)
    text = read("candidates", check.candidate)
    assert "Bob Tremblay, from what was said in a conversation" in text
    assert "Typed in by Bob Tremblay, from what was said: Priya Raman" in text


def test_a_note_stands_once_with_all_it_is_about(check):
    check.references.update(email="somebody@gmail.com")
    text = read("candidates", check.candidate, "fr")
    who = "Étienne Gauvreau, Priya Raman, Luc Thériault"
    assert f"Demande envoyée à une adresse personnelle, non à celle d’un employeur : {who}" in text


def test_what_was_said_on_the_telephone_stands_by_who_said_it(check):
    odile = make_reference(check, first_name="Odile", email="o@b.example", phone="5145550166")
    odile.request_call("After 16:00.")
    assert "Would rather be called: After 16:00." in read("candidates", check.candidate)
    assert "Préfère un appel : After 16:00." in read("candidates", check.candidate, "fr")
    assert "Préfère un appel : After 16:00." in read("references", odile, "fr")


def test_a_range_is_of_two_figures(check):
    """From person to person is said only when their scores are not printed alike."""
    assert "From person to person: " in read("candidates", check.candidate)
    check.references.filter(status="filled").update(score=4)
    assert "From person to person" not in read("candidates", check.candidate)
    assert [span(1, 5, "percent"), span(4, 4), span(2, 5)] == ["20–100%", "4", "2–5"]


def test_only_words_that_say_something_stand_for_a_person(check):
    texts = Answer.objects.filter(answer_set__reference__first_name="Luc")
    texts.filter(position=8).update(value="Rien à ajouter.")
    texts.filter(position=9).update(value="Les fins de mois étaient longues. " * 20)
    texts.filter(type="scale").update(comment="Oui.")
    found = sheet("candidates", check.candidate, audience="recruiter", language="fr")
    figures = scores.figures(found.shown, "fr")
    said = [each for each in figures["quotes"] if each["who"] == "Luc Thériault"]
    assert [each["text"][:16] for each in said] == ["Les fins de mois"]
    points = figures["strengths"] + figures["watched"]
    assert "Oui." not in [quote["text"] for each in points for quote in each["quotes"]]
    text = read("candidates", check.candidate, "fr")
    assert "Dans quelles situations le travail était-il plus difficile pour Camille? Les " in text
    assert "longues. Les fins… Luc Thériault" in text  # in whole words


def test_nobody_is_said_in_words(check, bob):
    check.references.update(permission_share_clients=None)
    text = read("candidates", check.candidate, "fr", audience="clients")
    assert "3 ont répondu, aucune ne figure ici" in text
    empty = make_check(bob, 0)
    assert "0 people asked, none answered" in read("candidates", empty.candidate)
    make_reference(empty, email="s@b.example", phone="5145550166")
    empty.conclude(bob)
    text = read("candidates", empty.candidate, "fr")
    assert "Personne n’avait répondu à la fermeture de la demande." in text
    assert "Page 2 de 2" in text  # the appendix needs no page of its own


def test_hidden_scores_are_in_no_document(check, firm):
    firm.score_display = "hidden"
    firm.save()
    text = read("candidates", check.candidate)
    assert "of 5" not in text and "By category" not in text
    firm.score_display = "percent"
    firm.save()
    check.candidate.refresh_from_db()
    assert f"{round(check.candidate.score * 20)}%" in read("candidates", check.candidate)


def test_the_profile_shows_claims_beside_findings(check, bob):
    profile = check.candidate.profile
    line = Experience.objects.create(
        profile=profile, company_name="Atelier Nord", job_title="Vice-president",
        started_on=date(2019, 5, 1), ended_on=date(2023, 3, 31),
    )  # fmt: skip
    Education.objects.create(profile=profile, school_name="Polytechnique", degree="B. ing.")
    verification = Verification(
        first_name="Rita", last_name="Roy", email="rita@nord.example"
    ).create(bob, line)
    verification.conclude(
        verification,
        findings={
            "company_name": "confirmed",
            "job_title": {"finding": "corrected", "value": "Director"},
            "started_on": "unknown",
            "ended_on": {"finding": "corrected", "value": "2022-12-31"},
        },
    )
    asked = Education.objects.get()
    text = read("resumes", check.candidate)
    for words in (
        "Company Atelier Nord Confirmed",
        "Job title Vice-president Corrected: Director",
        "Start 1 May 2019 Not known",
        "End 31 March 2023 Corrected: 31 December 2022",
        "A discrepancy was found",
        "Nobody has been asked to verify this.",
    ):
        assert words in text, words
    Verification(first_name="Jean", last_name="Roy", email="j@poly.example").create(bob, asked)
    assert "Degree B. ing. No answer" in read("resumes", check.candidate)
    french = read("resumes", check.candidate, "fr")
    assert "Début 1er mai 2019 Inconnu" in french
    assert "Corrigé : 31 décembre 2022" in french


def test_the_invoice_adds_up(firm, settings):
    settings.SELLER = django_settings.SELLER | {
        "gst_number": "123456789 RT0001",
        "qst_number": "1234567890 TQ0001",
    }
    invoice = Invoice.objects.create(
        hiring_firm=firm, period_start=date(2026, 10, 1), period_end=date(2026, 10, 31)
    )
    for quantity, price in ((1370, 900), (412, 5)):
        InvoiceLine(
            invoice=invoice, description="Things", description_fr="Choses",
            quantity=quantity, unit_price=price,
        ).save()  # fmt: skip
    firm.name, firm.address = "Marchand\x07 \u202eOuellet", "1, rue Roy\nMontréal"
    firm.save()
    invoice.open()
    text = read("invoices", invoice)
    assert "Billed to Marchand Ouellet 1, rue Roy Montréal" in text
    for words in (
        "Invoice V-000001",
        "1,370 $9.00 $12,330.00",
        "Subtotal $12,350.60",
        "GST, 5% no. 123456789 RT0001 $617.53",
        "QST, 9.975% no. 1234567890 TQ0001 $1,231.97",
        "Total in Canadian dollars $14,200.10",
    ):
        assert words in text, words
    assert "Payable within 30 days" in text
    french = read("invoices", invoice, "fr")
    for words in (
        "Facture V-000001",
        "1 370 9,00 $ 12 330,00 $",
        "Sous-total 12 350,60 $",
        "TPS, 5 % nº 123456789 RT0001 617,53 $",
        "TVQ, 9,975 % nº 1234567890 TQ0001 1 231,97 $",
        "Total en dollars canadiens 14 200,10 $",
        "du 1er octobre 2026 au 31 octobre 2026",
    ):
        assert words in french, words
    invoice.void()
    voided = read("invoices", invoice)
    assert "Nothing is owed on this invoice" in voided and "Payable" not in voided
