from apps.candidates.filters import CandidateFilters, EducationFilters, ExperienceFilters
from apps.candidates.imports import import_candidates
from apps.candidates.models import Candidate, Education, Experience, Profile
from apps.candidates.serializers import (
    CandidateSerializer,
    EducationSerializer,
    ExperienceSerializer,
    ProfileSerializer,
)
from apps.jsonapi.parsers import MAX_BYTES, too_large
from apps.jsonapi.views import ResourceViews, Uploads, form


class CandidateViews(ResourceViews):
    queryset = Candidate.objects.all()
    serializer_class = CandidateSerializer
    filterset_class = CandidateFilters
    sortable = {
        "created_at": "created_at",
        "updated_at": "updated_at",
        "first_name": "first_name",
        "last_name": "last_name",
        "score": "score",
    }

    def add(self, values):
        score = values.pop("score", None)
        return Candidate(given_score=score, **values).create(self.request.user.recruiter)

    def change(self, candidate, values):
        candidate.change(self.request.user.recruiter, **values)

    def remove(self, candidate):
        candidate.remove(self.request.user.recruiter)


class CandidateImport(Uploads, CandidateViews):
    """A form with the CSV as `file`; all rows or none, and an error for each that is wrong."""

    described = {"create": {"form": form("file"), "many": True}}

    def create(self, request):
        upload = self.upload("file")
        if upload.size > MAX_BYTES:
            raise too_large()
        made = import_candidates(upload.read(), request.user.recruiter)
        found = self.prepared().filter(pk__in=[each.pk for each in made]).order_by("pk")
        return self.answer(found, status=self.media.created)


class ProfileViews(ResourceViews):
    queryset = Profile.objects.all()
    serializer_class = ProfileSerializer
    sortable = {"created_at": "created_at", "updated_at": "updated_at"}

    # Documented as an array of one.
    documented_in_array = True

    def change(self, profile, values):
        profile.change(self.request.user.recruiter, **values)


class LineViews(ResourceViews):
    sortable = {"created_at": "created_at", "started_on": "started_on"}

    def add(self, values):
        return self.queryset.model().write(self.request.user.recruiter, **values)

    def change(self, line, values):
        line.write(self.request.user.recruiter, **values)

    def remove(self, line):
        line.remove(self.request.user.recruiter)


class ExperienceViews(LineViews):
    queryset = Experience.objects.all()
    serializer_class = ExperienceSerializer
    filterset_class = ExperienceFilters


class EducationViews(LineViews):
    queryset = Education.objects.all()
    serializer_class = EducationSerializer
    filterset_class = EducationFilters
