"""Recruiters, logos, imports; addresses in every spelling."""

import io

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from PIL import Image

from apps.candidates.models import Candidate
from apps.messaging.models import Message
from apps.recruiters.models import Recruiter
from tests.conftest import make_candidate

CANDIDATES = "/api/v3/candidates"
INVITE = "/api/v1/recruiters_with_user"


def invitation(firm, *, emai=None, email=None):
    nested = {"data": {"attributes": {}, "relationships": {"user": {"attributes": {}}}}}
    nested["data"]["attributes"]["hiring_firm_id"] = str(firm.pk)
    if emai:
        nested["data"]["relationships"]["user"]["attributes"]["emai"] = emai
    if email:
        nested["data"]["attributes"]["email"] = email
    return nested


def test_a_root_recruiter_invites_in_the_documented_spelling(as_alice, firm):
    response = as_alice.post(INVITE, invitation(firm, emai="New@Demo.example"))
    assert response.status_code == 200, response.content
    made = Recruiter.objects.get(pk=response.json()["data"]["id"])
    assert made.user.email == "new@demo.example" and not made.is_root
    assert Message.objects.filter(kind="recruiter_welcome").count() == 1


def test_a_wrong_email_is_pointed_at_where_it_stands(as_alice, firm):
    wrong = as_alice.post(INVITE, invitation(firm, emai="nobody"))
    source = wrong.json()["errors"][0]["source"]
    assert source == {"pointer": "/data/relationships/user/attributes/emai"}


def test_a_root_recruiter_corrects_the_email_of_who_has_not_answered(as_alice, as_bob, firm, bob):
    made = as_alice.post(INVITE, invitation(firm, emai="wrnog@demo.example")).json()["data"]["id"]
    user = Recruiter.objects.get(pk=made).user
    body = {"data": {"type": "User", "attributes": {"email": "right@demo.example"}}}
    assert as_bob.patch(f"/api/v1/users/{user.pk}", body).status_code == 404
    response = as_alice.patch(f"/api/v1/users/{user.pk}", body)
    assert response.json()["data"]["attributes"]["email"] == "right@demo.example"
    newest = Message.objects.filter(kind="recruiter_welcome").latest("created_at")
    assert newest.address == "right@demo.example"
    refused = as_alice.patch(f"/api/v1/users/{bob.user_id}", body)
    [error] = refused.json()["errors"]
    assert (refused.status_code, error["code"]) == (409, "locked")
    assert error["source"] == {"pointer": "/data/attributes/email"}


def test_two_different_emails_are_refused(as_alice, firm):
    both = invitation(firm, emai="a@demo.example", email="b@demo.example")
    assert as_alice.post(INVITE, both).status_code == 422
    same = invitation(firm, emai="a@demo.example", email="a@demo.example")
    assert as_alice.post(INVITE, same).status_code == 200


def test_a_taken_email_is_refused_in_one_way(as_alice, firm, bob, charlie):
    answers = [
        as_alice.post(INVITE, invitation(firm, emai=each.user.email.upper()))
        for each in (bob, charlie)
    ]
    assert {each.status_code for each in answers} == {422}
    assert answers[0].content == answers[1].content
    assert answers[0].json()["errors"][0]["code"] == "email_unavailable"


def test_another_firm_is_missing(as_alice, other_firm):
    assert as_alice.post(INVITE, invitation(other_firm, emai="a@x.example")).status_code == 404


def test_the_last_root_stays(as_alice, alice):
    response = as_alice.delete(f"/api/v1/recruiters/{alice.pk}")
    assert response.status_code == 409


def test_letting_recruiters_in_is_the_roots(as_alice, as_bob, bob):
    path = f"/api/v1/recruiters/{bob.pk}"
    shut = {"data": {"type": "Recruiter", "attributes": {"is_active_hf": False}}}
    assert as_bob.patch(path, shut).status_code == 403
    assert as_alice.patch(path, shut).status_code == 200
    assert as_bob.get(path).status_code == 401


def upload(kind="PNG", size=(40, 20)):
    held = io.BytesIO()
    Image.new("RGB", size, "navy").save(held, kind)
    return held.getvalue()


def send_logo(client, firm, content, name="logo.png"):
    body = {"logo_file": SimpleUploadedFile(name, content)}
    return client.patch(f"/api/v1/hiring_firms/{firm.pk}/logo", body, format="multipart")


@pytest.mark.parametrize("kind", ["PNG", "JPEG", "WEBP"])
def test_a_logo_is_encoded_anew(as_alice, firm, kind):
    response = send_logo(as_alice, firm, upload(kind) + b"<script>", name="../x.html")
    assert response.status_code == 200, response.content
    assert response.json()["data"]["attributes"]["logo_url"].endswith(".png")
    firm.refresh_from_db()
    assert b"script" not in firm.logo.read() and ".." not in firm.logo.name


@pytest.mark.parametrize(
    "content", [b"<svg xmlns='http://www.w3.org/2000/svg'/>", b"", b"GIF89a", upload()[:60]]
)
def test_what_is_no_picture_is_refused(as_alice, firm, content):
    assert send_logo(as_alice, firm, content).status_code == 422


def test_a_huge_picture_is_refused_before_it_is_decoded(as_alice, firm):
    assert send_logo(as_alice, firm, upload(size=(4001, 2000))).status_code == 422
    assert send_logo(as_alice, firm, b"x" * (2 * 1024 * 1024 + 1)).status_code == 422


def test_a_logo_is_a_form(as_alice, firm):
    path = f"/api/v1/hiring_firms/{firm.pk}/logo"
    assert as_alice.patch(path, {"logo_file": "x"}).status_code == 415
    assert as_alice.patch(path, {}, format="multipart").status_code == 422


def test_french_is_that_of_quebec_also_where_a_library_speaks(as_bob):
    body = {"data": {"attributes": {"first_name": "A", "last_name": "B", "email": "x"}}}
    response = as_bob.post(CANDIDATES, body, headers={"Accept-Language": "fr-CA"})
    [error] = response.json()["errors"]
    assert error["detail"] == "Saisissez une adresse courriel valide."


def send_csv(client, text):
    content = text if isinstance(text, bytes) else text.encode()
    body = {"file": SimpleUploadedFile("people.csv", content)}
    return client.post("/api/v1/candidates/import", body, format="multipart")


def test_candidates_from_a_spreadsheet(as_bob, bob):
    rows = "first_name;last_name;email;country_code;phone\n"
    rows += "Zoé;Roy;zoe@x.example;CA;514 555-0142\n\nAda;Roy;ada@x.example;;\n"
    response = send_csv(as_bob, "\ufeff" + rows)
    assert response.status_code == 200, response.content
    assert [each["attributes"]["first_name"] for each in response.json()["data"]] == ["Zoé", "Ada"]
    assert Candidate.objects.filter(added_by=bob).count() == 2


def test_a_wrong_row_is_named_and_nothing_is_kept(as_bob):
    rows = "first_name,last_name,email\nZoé,Roy,zoe@x.example\nAda,,nonsense\n"
    response = send_csv(as_bob, rows)
    assert response.status_code == 422
    errors = response.json()["errors"]
    assert {each["meta"]["field"]: each["code"] for each in errors} == {
        "row 3.last_name": "blank",
        "row 3.email": "invalid",
    }
    assert all("last_name: " in each["detail"] or "email: " in each["detail"] for each in errors)
    assert not Candidate.objects.exists()


@pytest.mark.parametrize("encoding", ["utf-8", "cp1252"])
@pytest.mark.parametrize(
    "header",
    [
        "First Name,LAST NAME,Email,Language",
        "Prénom,Nom,Courriel,Langue",
        "prenom, nom ,Adresse courriel,langue,,",
    ],
)
def test_columns_as_spreadsheets_name_them(as_bob, header, encoding):
    response = send_csv(as_bob, f"{header}\nZoé,Roy,zoe@x.example,fr\n".encode(encoding))
    assert response.status_code == 200, response.content
    assert Candidate.objects.get().full_name == "Zoé Roy"


@pytest.mark.parametrize(
    "text",
    [
        "",
        "first_name,last_name,notes\nAda,Roy,likes a, b and c",
        "name\nx",
        "first_name,last_name,shoe\nA,B,C",
        "first_name,last_name\n",
        "first_name,last_name,email\n" + "A,B,a@x.example\n" * 51,
        b"\xff\xfe\x81",
        "first_name,last_name\nA,B\0",
    ],
)
def test_a_wrong_file(as_bob, text):
    assert send_csv(as_bob, text).status_code == 422
    assert not Candidate.objects.exists()


def test_an_error_of_a_file_names_row_and_column_and_no_pointer(as_bob):
    [error] = send_csv(as_bob, "first_name,last_name,email\nA,,a@x.example\n").json()["errors"]
    assert error["detail"].startswith("Row 2, last_name: ") and "source" not in error
    as_bob.credentials(**as_bob._credentials, HTTP_ACCEPT_LANGUAGE="fr")
    [error] = send_csv(as_bob, "first_name,last_name,email\nA,,a@x.example\n").json()["errors"]
    assert error["detail"].startswith("Ligne 2, last_name\xa0: ")
    assert error["meta"] == {"field": "row 2.last_name"}
    [error] = send_csv(as_bob, "").json()["errors"]
    assert error["detail"].startswith("La première ligne") and error["meta"] == {"field": "file"}


def test_a_number_with_its_code_is_complete(as_bob, bob):
    candidate = make_candidate(bob, country_code="33", phone="612345678")
    path = f"{CANDIDATES}/{candidate.pk}"

    def change(**attributes):
        return as_bob.patch(path, {"data": {"attributes": attributes}})

    found = change(phone="+1 514 555-0150").json()["data"]["attributes"]
    assert (found["country_code"], found["phone"]) == ("1", "5145550150")
    [error] = change(phone="+15145550150", country_code="33").json()["errors"]
    assert "calling code" in error["detail"]


def test_signs_that_turn_the_writing_are_left_out_of_names(bob):
    assert make_candidate(bob, first_name="a\u202eb\u2066c").first_name == "abc"


@pytest.mark.parametrize(
    ("choices", "where"),
    [
        ([{"key": "a"}], "/0"),
        ([{"key": "a", "en": "A", "fr": 1, "is_manager": True}], "/0/fr"),
        ([{"key": "A", "en": "A", "fr": "A", "is_manager": True}], "/0/key"),
    ],
)
def test_a_wrong_choice_of_relationship_is_pointed_at(as_alice, firm, choices, where):
    body = {"data": {"attributes": {"relationship_choices": choices}}}
    [error] = as_alice.patch(f"/api/v1/hiring_firms/{firm.pk}", body).json()["errors"]
    assert error["source"]["pointer"] == "/data/attributes/relationship_choices" + where
    assert "JSON" not in error["detail"] and "is_manager" in error["detail"]


def test_a_file_under_a_key_is_read_once_more_and_taken_once(as_bob):
    sent = [
        as_bob.post(
            "/api/v1/candidates/import",
            {
                "file": SimpleUploadedFile(
                    "people.csv", b"first_name,last_name,email\nA,R,a@x.example"
                )
            },
            format="multipart",
            headers={"Idempotency-Key": "k"},
        )
        for _ in range(2)
    ]
    assert [each.status_code for each in sent] == [200, 200]
    assert sent[0].content == sent[1].content
    assert Candidate.objects.get().first_name == "A"


def test_a_form_that_no_file_fills_is_refused_before_it_is_read(as_alice, as_bob, firm):
    rows, picture = b"first_name,last_name\n" + b"\n" * 3_000_000, b"x" * 3_000_000
    assert send_csv(as_bob, rows).status_code == 413
    assert send_logo(as_alice, firm, picture).status_code == 413
    as_bob.credentials(**as_bob._credentials, HTTP_IDEMPOTENCY_KEY="k")
    assert send_csv(as_bob, rows).status_code == 413


def test_a_file_that_is_too_large_is_refused_whole(as_bob):
    rows = "first_name,last_name\n" + "Ada,Roy\n" + "\n" * (1 << 20)
    response = send_csv(as_bob, rows)
    assert response.status_code == 413
    assert not Candidate.objects.exists()


@pytest.mark.parametrize(
    ("code", "phone", "expected"),
    [
        ("CA", "(514) 555-0142", ("1", "5145550142")),
        ("+1", "514.555.0142", ("1", "5145550142")),
        ("1", "+1 514 555 0142", ("1", "5145550142")),
        ("", "5145550142", ("1", "5145550142")),
        ("FR", "06 12 34 56 78", ("33", "612345678")),
        (None, None, ("", "")),
    ],
)
def test_phones_in_every_spelling(as_bob, code, phone, expected):
    person = {"first_name": "A", "last_name": "B", "email": "a@x.example"}
    given = {"data": {"attributes": {**person, "country_code": code, "phone": phone}}}
    found = as_bob.post(CANDIDATES, given).json()["data"]["attributes"]
    assert (found["country_code"], found["phone"]) == expected


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("phone", "12"),
        ("phone", "call me"),
        ("phone", "9" * 50),
        ("country_code", "ZZ"),
        ("country_code", "999"),
        ("country_code", "١"),
        ("email", "a@b"),
        ("email", "a b@c.example"),
        ("email", "a@x.example\nBcc: b@x.example"),
        ("email", "a" * 250 + "@x.example"),
        ("first_name", ""),
        ("first_name", None),
        ("first_name", "   "),
        ("first_name", "A\r\nBcc: x"),
        ("first_name", "<b@x.example>"),
        ("first_name", ["A"]),
        ("first_name", {"a": 1}),
        ("first_name", True),
        ("language", "de"),
        ("notes", "x" * 5001),
        ("score", 0.5),
        ("score", "high"),
        ("score", 10**30),
    ],
)
def test_wrong_values_name_their_field(as_bob, field, value):
    person = {"first_name": "A", "last_name": "B", "email": "a@x.example", field: value}
    if field in ("phone", "country_code"):
        person.setdefault("phone", "514 555-0142")
    response = as_bob.post(CANDIDATES, {"data": {"attributes": person}})
    assert response.status_code == 422, response.content
    pointer = response.json()["errors"][0]["source"]["pointer"]
    assert pointer == f"/data/attributes/{field}"
    assert not Candidate.objects.exists()


def test_an_email_or_a_phone_is_needed(as_bob):
    nobody = {"data": {"attributes": {"first_name": "A", "last_name": "B"}}}
    assert as_bob.post(CANDIDATES, nobody).status_code == 422


def test_the_same_person_twice_is_allowed(as_bob, bob):
    make_candidate(bob)
    make_candidate(bob)
    assert Candidate.objects.count() == 2


@pytest.mark.parametrize("field", ["first_name", "last_name"])
def test_an_update_can_not_empty_a_name(as_bob, candidate, field):
    empty = {"data": {"attributes": {field: ""}}}
    assert as_bob.patch(f"{CANDIDATES}/{candidate.pk}", empty).status_code == 422
