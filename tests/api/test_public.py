"""What a link opens over the API, and what only a recruiter's token does."""

from apps.links.tokens import Purpose, sign
from tests.api.world import client
from tests.conftest import answers_to, client_of, fill, make_reference

PATH = "/api/v1/public/references"


def linked(reference):
    return sign(Purpose.REFERENCE, reference)


def body(reference, key, **attributes):
    given = {"answers": answers_to(reference.questions)} | attributes
    return {"data": {"type": "Reference", "id": str(key), "attributes": given}}


def test_a_link_in_the_path_shows_its_own_reference(client, reference):
    found = client.get(f"{PATH}/{linked(reference)}").json()["data"]
    assert found["id"] == str(reference.pk)
    assert found["attributes"]["first_name"] == reference.first_name
    for hidden in ("score", "internal_id", "reminder", "requested_by_id", "is_pending"):
        assert found["attributes"][hidden] is None
    reference.refresh_from_db()
    assert reference.status == "opened"


def test_a_plain_id_is_no_link(client, reference):
    assert client.get(f"{PATH}/{reference.pk}").status_code == 401


def test_a_link_sees_nothing_else(reference, reference_request):
    other = make_reference(reference_request, email="other@reference.example")
    holder = client(link=linked(reference))
    assert holder.get(f"{PATH}/{other.pk}").status_code == 404
    assert holder.get("/api/v3/candidates").status_code == 403
    listed = holder.get("/api/v1/public/reference_requests").json()["data"]
    assert [each["id"] for each in listed] == [str(reference_request.pk)]
    assert listed[0]["attributes"]["notes"] is None


def test_a_dead_link_is_404_in_the_path_and_401_in_the_header(client, reference):
    link = linked(reference)
    reference.readdress()
    assert client.get(f"{PATH}/{link}").status_code == 404
    header = {"Authorization": f"Link {link}"}
    assert client.get(f"{PATH}/{reference.pk}", headers=header).status_code == 401


def test_what_a_reference_corrects_is_its_own_until_it_is_sent(client, as_bob, reference):
    reference.correct(relationship="client")
    shown = f"/api/v1/references/{reference.pk}"

    def told(response):
        return response.json()["data"]["attributes"]["corrected_relationship"]

    assert told(client.get(f"{PATH}/{linked(reference)}")) == "client"
    assert told(as_bob.get(shown)) == ""
    fill(reference)
    assert told(as_bob.get(shown)) == "client"


def test_submitting_by_link_is_once(client, reference):
    link = linked(reference)
    post = {"content_type": "application/json"}
    first = client.post(PATH, body(reference, link, permission_share_clients=True), **post)
    assert first.status_code == 200, first.content
    reference.refresh_from_db()
    assert reference.filled and reference.permission_share_clients is True
    assert reference.metadatum is not None and reference.answer_set.typed_by is None
    again = client.post(PATH, body(reference, link, permission_share_clients=True), **post)
    assert again.status_code == 200
    other = client.post(PATH, body(reference, link, permission_share_clients=False), **post)
    assert other.status_code == 409
    assert other.json()["errors"][0]["code"] == "already_submitted"


def test_a_recruiter_types_for_a_reference(as_bob, bob, reference):
    response = as_bob.post(PATH, body(reference, reference.pk))
    assert response.status_code == 200
    reference.refresh_from_db()
    assert reference.answer_set.typed_by == bob and reference.metadatum is None
    answers = as_bob.get(f"/api/v1/answers?filter[reference]={reference.pk}").json()["data"]
    assert {each["attributes"]["typed_by"] for each in answers} == {bob.full_name}


def test_answers_that_do_not_fit_name_their_place(as_bob, reference):
    given = answers_to(reference.questions)
    scale = next(n for n, each in enumerate(reference.questions) if each["type"] == "scale")
    given[scale] = "11"
    wrong = body(reference, reference.pk, answers=given)
    response = as_bob.post(PATH, wrong)
    assert response.status_code == 422
    pointer = response.json()["errors"][0]["source"]["pointer"]
    assert pointer == f"/data/attributes/answers/{scale}"
    for bad in ("x", None, given[:-1], {}):
        response = as_bob.post(PATH, body(reference, reference.pk, answers=bad))
        assert response.status_code == 422, bad
    reference.refresh_from_db()
    assert not reference.filled


def test_nobodys_words_are_rewritten(as_bob, reference):
    fill(reference)
    reference.refresh_from_db()
    answer = reference.answer_set.answers.first()
    change = {"data": {"type": "Answer", "attributes": {"comment": "Better"}}}
    path = f"/api/v1/answers/{answer.pk}"
    locked = as_bob.patch(path, change)
    assert locked.status_code == 409 and locked.json()["errors"][0]["code"] == "answer_locked"
    assert client(link=linked(reference)).patch(path, change).status_code == 409
    reference.reopen(reference.requested_by)
    reference.refresh_from_db()
    assert as_bob.get(path).status_code == 404
    changed = client(link=linked(reference)).patch(path, change)
    assert changed.status_code == 200
    assert changed.json()["data"]["attributes"]["comment"] == "Better"


def test_a_foreign_root_can_neither_see_nor_submit(charlie, reference):
    foreign = client_of(charlie)
    assert foreign.get(f"{PATH}/{reference.pk}").status_code == 404
    assert foreign.post(PATH, body(reference, reference.pk)).status_code == 404


def test_the_questions_are_shown_as_they_are_frozen(client, as_bob, reference):
    request, own = reference.reference_request, reference.reference_request.question_set
    own.questions.update(text="Changed since.")
    type(reference).objects.filter(pk=reference.pk).update(language="fr")

    def asked(response):
        return response.json()["data"]["attributes"]["questions"]

    english = asked(as_bob.get(f"/api/v1/reference_requests/{request.pk}"))
    french = asked(as_bob.get(f"/api/v1/references/{reference.pk}"))
    reference.refresh_from_db()
    assert asked(client.get(f"{PATH}/{linked(reference)}")) == french
    for shown, language in ((english, "en"), (french, "fr")):
        assert [each["position"] for each in shown] == list(range(len(request.questions["en"])))
        assert [each["type"] for each in shown] == [q["type"] for q in request.questions[language]]
        assert "{first_name}" not in str(shown) and "Changed since." not in str(shown)
    assert english[0]["text"] != french[0]["text"]
    for path in ("/api/v1/reference_requests", "/api/v2/references"):
        (listed,) = as_bob.get(path).json()["data"]
        assert "questions" not in listed["attributes"]
