import sys
import time
import uuid
from pathlib import Path

from django.core.management.base import BaseCommand, CommandError
from requests import RequestException

from vitay import demo
from vitay.play import API, Browser, Mailbox, Stuck

PEOPLE = [
    {"first_name": "Étienne", "last_name": "Gauvreau", "relationship": "manager", "language": "fr"},
    {"first_name": "Priya", "last_name": "Raman", "relationship": "colleague", "language": "en"},
]
WORDS = "Calm when the line stopped, and the first to say what had gone wrong."


class Command(BaseCommand):
    help = "Play one whole reference check against a running server, and save its PDF report."

    def add_arguments(self, parser):
        parser.add_argument("--url", default="http://localhost:8000")
        parser.add_argument("--email", default=demo.ROOT)
        parser.add_argument("--password", default=demo.PASSWORD)
        parser.add_argument("--out", default="reference-report.pdf", help="where the PDF goes")

    def handle(self, *, url, email, password, out, **options):
        try:
            self._play(url.rstrip("/"), email, password, Path(out))
        except Stuck as stuck:
            self._end_line()
            raise CommandError(str(stuck)) from stuck
        except RequestException as error:
            self._end_line()
            raise CommandError(
                f"No answer from {url}: start it with bin/run; --url says where it runs."
            ) from error

    def _play(self, url, email, password, out):
        began, self.total, self.done, run = time.monotonic(), 9, 0, uuid.uuid4().hex[:6]
        mailbox = Mailbox(url)
        self._step("Recruiter", "signs in")
        api = API(url, email, password)
        sets = api.call("GET", "v1/question_sets")
        general = next(s for s in sets if s["attributes"]["language"] == "en")

        self._step("Recruiter", "adds a candidate")
        address = f"camille-{run}@candidate.example"
        candidate = api.create(
            "v3/candidates",
            {"first_name": "Camille", "last_name": f"Desrosiers {run}", "email": address,
             "country_code": "1", "phone": "5145550123"},
        )  # fmt: skip

        self._step("Recruiter", f"asks for two references: {general['attributes']['title']}")
        api.create(
            "v1/public/reference_requests",
            {"min_references": 2, "min_manager_references": 1, "position": "Plant manager"},
            question_set=("QuestionSet", general["id"]),
            candidate=("Candidate", candidate["id"]),
        )

        self._step("Candidate", "opens the link in the email, agrees, names two people")
        people = [
            person | {"email": f"{person['relationship']}-{run}@reference.example",
                      "phone": f"51455501{40 + n}"}
            for n, person in enumerate(PEOPLE)
        ]  # fmt: skip
        browser = Browser(mailbox.link_to(address), self._naming(people))
        for _page in range(10):
            if self._named(api, candidate) == len(people):
                break
            self._press(browser)

        for person in people:
            self._step(person["first_name"], "opens the link in the email and answers")
            browser = Browser(mailbox.link_to(person["email"]), self._answering)
            for _page in range(40):
                self._tick(browser.title)
                if self._filled(api, candidate, person["email"]) or not browser.press():
                    break
            if not self._filled(api, candidate, person["email"]):
                raise Stuck(f"{person['first_name']} could not submit at “{browser.title}”")

        self._step("Recruiter", "reads the score")
        read = api.call("GET", f"v3/candidates/{candidate['id']}")
        score = read["attributes"]["score"]
        if score is None:
            raise Stuck("Both answered, and there is no score.")

        self._step("Recruiter", "downloads the report")
        out.write_bytes(api.pdf(candidate["id"]))

        self._step("Everyone", f"is done: score {score}, {out} ({out.stat().st_size:,} bytes)")
        self._end_line()
        self.stdout.write(f"One whole reference check in {time.monotonic() - began:.0f} s.")

    # --- what they type ---------------------------------------------------------------------------

    def _naming(self, people):
        waiting = iter(people)
        state = {"person": next(waiting), "seen": set()}

        def persona(name, kind, options):
            if name == "first_name" and name in state["seen"]:
                state["person"], state["seen"] = next(waiting), set()
            state["seen"].add(name)
            if kind == "checkbox":
                return options[0]
            value = state["person"].get(name, "")
            if options:
                return value if value in options else options[0]
            return value

        return persona

    def _answering(self, name, kind, options):
        if kind == "radio" and {"1", "5"} <= set(options):
            return "4"
        if options:
            return next((option for option in options if option not in ("", "n/a")), options[0])
        if kind == "date":
            return "2021-05-31"
        return WORDS if kind in ("text", "") and name != "comment" else ""

    # --- what they see ----------------------------------------------------------------------------

    def _references(self, api, candidate) -> list[dict]:
        return api.call("GET", "v2/references", **{"filter[candidate]": candidate["id"]})

    def _named(self, api, candidate) -> int:
        return len(self._references(api, candidate))

    def _filled(self, api, candidate, email) -> bool:
        return any(
            each["attributes"]["filled"]
            for each in self._references(api, candidate)
            if each["attributes"]["email"] == email
        )

    def _press(self, browser):
        self._tick(browser.title)
        if not browser.press():
            raise Stuck(f"Nothing to press at “{browser.title}”")

    # --- how it looks -----------------------------------------------------------------------------

    def _step(self, who: str, what: str) -> None:
        if self.done:
            self._end_line()
        self.done += 1
        self.line = f"[{self.done}/{self.total}] {who} {what}"
        self.stdout.write(self.line, ending="" if sys.stdout.isatty() else "\n")
        self.stdout.flush()

    def _tick(self, title: str) -> None:
        if sys.stdout.isatty():
            self.stdout.write(f"\r\033[K{self.line} · {title[:60]}", ending="")
            self.stdout.flush()

    def _end_line(self) -> None:
        if sys.stdout.isatty():
            self.stdout.write(f"\r\033[K{getattr(self, 'line', '')}")
