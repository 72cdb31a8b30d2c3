"""Two keys to one password, used at the same moment."""

import pytest

from apps.accounts.models import PasswordReset
from tests.references.test_simultaneous import at_once, fresh

pytestmark = [
    pytest.mark.postgres,
    pytest.mark.django_db(transaction=True, serialized_rollback=True),
]


@pytest.mark.parametrize("attempt", range(3))
def test_the_first_ends_all_others(bob, attempt):
    resets = [PasswordReset.objects.request(bob.user) for _ in range(4)]
    words = [f"another-good-word-{n}" for n in range(4)]
    outcomes = at_once(
        *(
            lambda reset=reset, word=word: fresh(reset).use(word)
            for reset, word in zip(resets, words, strict=True)
        )
    )
    assert sorted(map(str, outcomes)) == ["None", "invalid", "invalid", "invalid"]
    user = fresh(bob.user)
    assert sum(user.check_password(word) for word in words) == 1
