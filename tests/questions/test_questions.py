import pytest
from django.core.exceptions import ValidationError

from apps.questions.models import Question, QuestionSet
from tests.conftest import make_candidate, make_request


def test_the_library_has_every_set_in_both_languages():
    sets = QuestionSet.objects.filter(hiring_firm=None)
    assert sets.filter(language="en").count() == sets.filter(language="fr").count() >= 4
    for one in sets:
        assert one.translation.translation == one
        assert len(one.freeze()) == 2, "position by position"
        for question in one.live_questions():
            question.full_clean()


def test_a_copy_is_the_firms_with_its_translation(alice, question_set):
    copied = question_set.copy(alice)
    assert copied.hiring_firm == alice.hiring_firm
    assert copied.copied_from == question_set
    assert copied.translation.language == "fr"
    assert copied.questions.count() == question_set.questions.count()


def test_a_translation_out_of_step_is_left_out(alice, question_set):
    copied = question_set.copy(alice)
    copied.translation.live_questions().first().remove(alice)
    assert list(copied.freeze()) == ["en"]


def test_the_library_cant_be_changed(alice, question_set):
    with pytest.raises(ValidationError) as refused:
        Question(question_set=question_set, text="Mine?").write(alice)
    assert refused.value.code == "not_allowed"


def test_a_used_set_is_archived_an_unused_one_removed(alice, question_set):
    used, unused = question_set.copy(alice), question_set.copy(alice)
    make_request(make_candidate(alice), used)
    used.remove(alice)
    unused.remove(alice)
    assert QuestionSet.objects.get(pk=used.pk).archived_at
    assert not QuestionSet.objects.filter(pk=unused.pk).exists()
    assert not QuestionSet.objects.visible_to(alice.user).filter(pk=used.pk).exists()


@pytest.mark.parametrize(
    ("wrong", "field"),
    [
        ({"type": "essay"}, "type"),
        ({"type": "choice", "choices": ["only one"]}, "choices"),
        ({"type": "choice", "choices": ["a", "a"]}, "choices"),
        ({"choices": "a,b"}, "choices"),
        ({"min": 5, "max": 1}, "max"),
        ({"labels": ["bad", "good"]}, "labels"),
        ({"weight": 0}, "weight"),
        ({"text": ""}, "text"),
    ],
)
def test_a_wrong_question_names_its_field(alice, question_set, wrong, field):
    own = question_set.copy(alice)
    with pytest.raises(ValidationError) as refused:
        Question(question_set=own).write(alice, **{"text": "How?"} | wrong)
    assert field in refused.value.message_dict


def test_a_new_question_comes_last(alice, question_set):
    own = question_set.copy(alice)
    last = own.live_questions().last()
    assert Question(question_set=own).write(alice, text="And?").order == last.order + 1


def test_another_firms_sets_are_not_there(alice, charlie, question_set):
    own = question_set.copy(alice)
    assert not QuestionSet.objects.visible_to(charlie.user).filter(pk=own.pk).exists()
    assert not Question.objects.visible_to(charlie.user).filter(question_set=own).exists()
