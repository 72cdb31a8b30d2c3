"""Checks with as many references as a test wants, answered in both languages."""

from apps.answers.actions import submit_answers
from apps.questions.models import QuestionSet
from tests.conftest import answers_to, make_candidate, make_reference, make_request

PEOPLE = [
    ("Étienne", "Gauvreau", "manager", "en", "etienne@atelier-nord.example", "Atelier Nord"),
    ("Priya", "Raman", "manager", "en", "priya@lac-brome.example", "Fonderie Lac-Brome"),
    ("Luc", "Thériault", "colleague", "fr", "luc.theriault@gmail.com", "Atelier Nord"),
    ("Nadia", "Belhumeur", "direct_report", "fr", "nadia@belhumeur.example", ""),
    ("Søren", "Kjærsgård", "client", "en", "soren@kjaer.example", "Kjær A/S"),
    ("Zoë", "O’Neil", "colleague", "en", "zoe@oneil.example", "O’Neil & Sons"),
    ("François-Xavier", "Côté-Lévesque", "teacher", "fr", "fx@ecole.example", "Cégep du Nord"),
    ("Mei", "Tanaka", "colleague", "en", "mei@tanaka.example", ""),
    ("Amina", "Diallo", "manager", "fr", "amina@diallo.example", "Diallo inc."),
    ("John", "Smith", "client", "en", "john@smith.example", "Smith Ltd."),
    ("Wiktor", "Łukaszewicz", "colleague", "en", "wiktor@luka.example", ""),
    ("Maëlle", "Bœuf", "direct_report", "fr", "maelle@boeuf.example", ""),
]
COMMENTS = {
    "en": [
        "Dates were kept or renegotiated early. I recall one exception, and the client heard of it "
        "before I did.",
        "The spring of 2022: a supplier’s late invoices, and a plan three weeks before anyone else "
        "had noticed. We kept the line running because of it.",
    ],
    "fr": [
        "Toute l’usine passait par son bureau : on en ressortait avec une réponse ou avec le nom "
        "de la bonne personne.",
        "Nous n’étions pas toujours d’accord; jamais un mot plus haut que l’autre.",
    ],
}
TEXTS = {
    "en": "Give Camille a real mandate and room. Close supervision is wasted on this person, and a "
    "little discouraging.",
    "fr": "Une personne droite. Je referais équipe demain matin.",
}


def good_answers(reference, at: int) -> list:
    found = answers_to(reference.questions)
    language = reference.message_language
    for position, question in enumerate(reference.questions):
        if question["type"] == "scale":
            value = max(2, 5 - (at * 3 + position * (at + 1)) % 4)
            found[position] = {"value": str(value), "comment": ""}
            if (position + at) % 4 == 0:
                found[position]["comment"] = COMMENTS[language][position % 2]
            if (position + at) % 9 == 8:
                found[position] = {"value": "n/a"}
        elif question["type"] == "text":
            found[position] = TEXTS[language]
    return found


def make_check(by, count: int, *, language: str = "en", key: str = "general", **fields):
    """A request about Camille with `count` filled references, two who share with nobody."""
    question_set = QuestionSet.objects.get(key=key, language=language)
    candidate = make_candidate(by, language=language, **fields)
    request = make_request(
        candidate,
        question_set,
        position="Director of Operations, Fonderie Lac-Brome"
        if language == "en"
        else "Direction des opérations, Fonderie Lac-Brome",
        min_references=min(20, count + 2),
    )
    if count > 18:  # somebody is still awaited, so that the request stays open
        make_reference(request, first_name="Silent", email="silent@person.example")
    for at in range(count):
        first, last, relationship, spoken, email, company = PEOPLE[at % len(PEOPLE)]
        reference = make_reference(
            request,
            first_name=first,
            last_name=last if at < len(PEOPLE) else f"{last} {at}",
            email=email,
            phone=f"514555{100 + at % 100:04d}",
            relationship=relationship,
            company_name=company,
            language=spoken,
        )
        submit_answers(
            reference,
            good_answers(reference, at),
            by=reference,
            permission_share_clients=at % 3 != 1,
            permission_share_candidate=at % 2 == 0,
        )
    return request
