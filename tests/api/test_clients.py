"""Two JSON:API clients that know nothing of us list, show, create, update and delete."""

import json
import shutil
import subprocess
from pathlib import Path

import pytest
from jsonapi_client import Modifier, Session
from requests.exceptions import JSONDecodeError

from apps.accounts.tokens import ACCESS, issue
from apps.candidates.models import Candidate
from tests.conftest import make_candidate, make_reference, make_request

KITSU = "kitsu@11.1.0"
CLIENTS = Path(__file__).parent / "clients"


@pytest.fixture
def token(transactional_db, alice, question_set):
    candidate = make_candidate(alice)
    make_reference(make_request(candidate, question_set))
    make_candidate(alice, first_name="Second")
    return issue(alice.user, ACCESS)


@pytest.mark.slow
def test_kitsu_from_npm(live_server, token, tmp_path):
    npm, node = shutil.which("npm"), shutil.which("node")
    if not npm or not node:
        pytest.skip("node is not here")
    shutil.copy(CLIENTS / "kitsu.mjs", tmp_path)
    (tmp_path / "package.json").write_text('{"private": true}')
    command = [npm, "install", KITSU, "--no-audit", "--no-fund", "--silent"]
    if subprocess.run(command, cwd=tmp_path, timeout=180, check=False).returncode:
        pytest.skip("npm can't reach its registry")
    done = subprocess.run(
        [node, "kitsu.mjs", f"{live_server.url}/api", token],
        cwd=tmp_path,
        timeout=60,
        check=False,
        capture_output=True,
        text=True,
    )
    assert done.returncode == 0, done.stderr
    assert json.loads(done.stdout) == {
        "listed": 2,
        "total": 2,
        "reference": "etienne@reference.example",
        "made": "Kit",
        "notes": "Written by kitsu",
        "gone": 404,
    }


# What jsonapi-client needs to know of a resource that it creates.
SCHEMA = {
    "Candidate": {
        "properties": {
            "first_name": {"type": "string"},
            "last_name": {"type": "string"},
            "email": {"type": "string"},
            "notes": {"type": "string"},
        }
    }
}


@pytest.mark.slow
def test_jsonapi_client_from_pypi(live_server, token):
    accept = {"Accept": "application/vnd.api+json", "Authorization": f"Bearer {token}"}
    session = Session(f"{live_server.url}/api/v3", request_kwargs={"headers": accept})
    with session:
        listed = session.get("candidates", Modifier("include=references&page[size]=5"))
        assert len(listed.resources) == 2
        first = listed.resources[-1]
        assert first["first_name"] == "Camille"
        assert first.references[0]["email"] == "etienne@reference.example"
        shown = session.get("candidates", first.id).resource
        assert shown["last_name"] == "Desrosiers" and shown.type == "Candidate"
    writing = Session(
        f"{live_server.url}/api/v3", schema=SCHEMA, request_kwargs={"headers": accept}
    )
    new = writing.create(
        "Candidate",
        fields={"first_name": "Py", "last_name": "Pi", "email": "p@new.example", "notes": ""},
    )
    new.commit(f"{live_server.url}/api/v3/candidates")
    assert new.id and Candidate.objects.get(pk=new.id).first_name == "Py"
    new["notes"] = "Written by jsonapi-client"
    new.commit()
    assert Candidate.objects.get(pk=new.id).notes == "Written by jsonapi-client"
    new.delete()
    # It deletes, and then reads JSON from the empty body of a 204: its fault, not ours.
    with pytest.raises(JSONDecodeError):
        new.commit()
    assert not Candidate.objects.filter(pk=new.id).exists()
