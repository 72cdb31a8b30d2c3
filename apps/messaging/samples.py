"""One person's check with everything filled in: what previews and tests of the words use."""

from datetime import date

PAGE = "https://ref.vitay.example/r/" + "k" * 44
NADIA = {"name": "Nadia Belhumeur", "first_name": "Nadia"}
CAMILLE = {"name": "Camille Desrosiers", "first_name": "Camille"}
# A notice leads nowhere: recruiters work in what calls the API.
NOWHERE = {"link": "", "decline_link": "", "unsubscribe_link": "", "other_language_link": ""}
SAMPLE = {
    "firm_name": "Marchand Ouellet",
    "firm_colour": "#8a1538",
    "firm_on_colour": "#fff",
    "firm_logo_url": "",
    "firm_address": "400, rue de l’Exemple, Montréal",
    "recruiter_name": "Nadia Belhumeur",
    "recruiter_first_name": "Nadia",
    "recruiter_phone": "514 555-0142",
    "recruiter_email": "nadia@marchand.example",
    "candidate_name": "Camille Desrosiers",
    "candidate_first_name": "Camille",
    "name": "Élodie O'Brien",
    "first_name": "Élodie",
    "link": PAGE,
    "decline_link": PAGE + "/no",
    "unsubscribe_link": "",
    "other_language_link": PAGE + "?lang=fr",
    "privacy_link": "https://ref.vitay.example/privacy",
    "public_url": "https://ref.vitay.example",
    "deadline": date(2027, 1, 1),
    "retention_months": 24,
    "position": "Director of Operations",
    "needed": 3,
    "needed_managers": 1,
    "named": 1,
    "missing": 2,
    "filled": 1,
    "score": 4.375,
    "relationship_label": "Manager",
    "company_name": "Smith & O'Neill",
    "question_count": 12,
    "minutes": 8,
    "claim": "Nurse, Smith & O'Neill",
    "kind": "experience",
    "outcome": "verified",
    "reference_name": "Élodie O'Brien",
    "reason": "",
    "channel": "email",
    "person_name": "Élodie O'Brien",
    "person_role": "reference",
    "receipt": "7KQ2-M4XT",
    "answered": 11,
    "asked": 12,
    "erase_on": date(2028, 12, 1),
    "erase_by": date(2026, 12, 23),
    "reset_key": "k" * 44,
    "hours": 1,
}
IN_FRENCH = {
    "position": "Direction des opérations",
    "relationship_label": "Gestionnaire",
    "claim": "Soins infirmiers, Smith & O'Neill",
    "other_language_link": PAGE + "?lang=en",
}
STOP = {"unsubscribe_link": PAGE + "/stop"}
ENOUGH = {"named": 3, "missing": 0}
# What differs by kind: who reads it, and how far things are.
BY_KIND = {
    "request_invitation": CAMILLE,
    "request_reminder": CAMILLE | STOP,
    "reference_unreachable": CAMILLE,
    "reference_reminder": STOP,
    "verification_reminder": STOP,
    "request_filled": NADIA | NOWHERE | ENOUGH,
    "request_concluded": NADIA | NOWHERE | ENOUGH | {"filled": 3},
    "request_declined": NADIA | NOWHERE,
    "request_expired": NADIA | NOWHERE | {"filled": 1},
    "reference_filled": NADIA | NOWHERE | ENOUGH | {"filled": 2},
    "reference_declined": NADIA | NOWHERE,
    "reference_call_requested": NADIA | NOWHERE | {"reason": "514 555-0134, 16:00"},
    "reference_wrong_person": NADIA | NOWHERE,
    "reference_erasure_requested": NADIA | NOWHERE,
    "message_failed": NADIA | NOWHERE | {"reason": "bounced"},
    "verification_done": NADIA | NOWHERE,
    "recruiter_welcome": NADIA,
    "password_reset": NADIA,
    "password_changed": NADIA | NOWHERE,
}


def sample(kind: str, language: str) -> dict:
    """What a message of this kind says to its reader, in that language."""
    return SAMPLE | (IN_FRENCH if language == "fr" else {}) | BY_KIND.get(kind, {})
