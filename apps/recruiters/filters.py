from apps.jsonapi.filters import Flag, Synchronised
from apps.recruiters.models import Recruiter


class RecruiterFilters(Synchronised):
    is_active_hf = Flag()
    is_root = Flag()

    class Meta:
        model = Recruiter
        fields = []
