from apps.candidates.models import Candidate, Education, Experience, Profile
from apps.jsonapi.relations import AlwaysNull, Linked
from apps.jsonapi.serializers import Code, Constant, ResourceSerializer, Score
from apps.jsonapi.shapes import Shape
from apps.messaging.serializers import PersonFields


def _filled(requests: list) -> dict:
    return {"filled": any(filled_at for [filled_at] in requests)}


class CandidateSerializer(PersonFields, ResourceSerializer):
    internal_id = Code(max_length=100, required=False, allow_blank=True)
    score = Score(required=False, allow_null=True)
    references = Linked(many=True, read_only=True)
    added_by = Linked(read_only=True, meta=_filled, of="reference_requests")
    reference_requests = Linked(many=True, read_only=True, meta=_filled, columns=["filled_at"])
    metadatum = Linked(read_only=True)
    included_serializers = {
        "references": "apps.references.serializers.ReferenceSerializer",
        "added_by": "apps.recruiters.serializers.RecruiterSerializer",
        "reference_requests": "apps.references.serializers.ReferenceRequestSerializer",
        "metadatum": "apps.metadata.serializers.MetadatumSerializer",
    }

    class Meta:
        model = Candidate
        fields = [
            "internal_id",
            "notes",
            "first_name",
            "last_name",
            "email",
            "country_code",
            "phone",
            "score",
            "language",
            "created_at",
            "updated_at",
            "references",
            "added_by",
            "reference_requests",
            "metadatum",
        ]
        read_only_fields = ["created_at", "updated_at"]
        create_only = ["score"]


class ProfileSerializer(ResourceSerializer):
    public_profile_url = Constant(None)
    picture_url = Constant(None)
    has_user = Constant(False)
    user = AlwaysNull()
    experiences = Linked(many=True, read_only=True)
    educations = Linked(many=True, read_only=True)
    included_serializers = {
        "experiences": "apps.candidates.serializers.ExperienceSerializer",
        "educations": "apps.candidates.serializers.EducationSerializer",
    }
    documented = Shape(id_attribute=True)

    class Meta:
        model = Profile
        fields = [
            "title",
            "bio",
            "job_title",
            "street_address",
            "city",
            "province",
            "is_active",
            "created_at",
            "updated_at",
            "public_profile_url",
            "industry",
            "picture_url",
            "has_user",
            "user",
            "experiences",
            "educations",
        ]
        read_only_fields = ["is_active", "created_at", "updated_at"]


class ExperienceSerializer(ResourceSerializer):
    included_serializers = {"profile": "apps.candidates.serializers.ProfileSerializer"}

    class Meta:
        model = Experience
        fields = [
            "company_name",
            "job_title",
            "started_on",
            "ended_on",
            "city",
            "description",
            "created_at",
            "updated_at",
            "profile",
        ]
        read_only_fields = ["created_at", "updated_at"]
        create_only = ["profile"]


class EducationSerializer(ResourceSerializer):
    included_serializers = {"profile": "apps.candidates.serializers.ProfileSerializer"}

    class Meta:
        model = Education
        fields = [
            "school_name",
            "degree",
            "field_of_study",
            "started_on",
            "ended_on",
            "city",
            "description",
            "created_at",
            "updated_at",
            "profile",
        ]
        read_only_fields = ["created_at", "updated_at"]
        create_only = ["profile"]
