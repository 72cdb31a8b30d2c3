from apps.accounts.models import User
from apps.jsonapi.relations import Linked
from apps.jsonapi.serializers import ResourceSerializer
from apps.messaging.serializers import PersonFields


class UserSerializer(PersonFields, ResourceSerializer):
    identifiable = Linked(source="recruiter", read_only=True)
    included_serializers = {"identifiable": "apps.recruiters.serializers.RecruiterSerializer"}

    class Meta:
        model = User
        fields = [
            "email",
            "first_name",
            "last_name",
            "phone",
            "country_code",
            "is_active",
            "language",
            "identifiable",
        ]
        read_only_fields = ["email", "is_active"]
