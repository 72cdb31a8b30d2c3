from rest_framework import serializers

from apps.accounts.models import LONGEST_PASSWORD, User
from apps.jsonapi.relations import Linked
from apps.jsonapi.serializers import PlainSerializer, ResourceSerializer
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
        read_only_fields = ["is_active"]


class LoginSerializer(PlainSerializer):
    email = serializers.CharField(max_length=254)
    password = serializers.CharField(max_length=LONGEST_PASSWORD, trim_whitespace=False)

    class Meta:
        resource_name = "User"


class RefreshSerializer(PlainSerializer):
    refresh_token = serializers.CharField(max_length=2000)

    class Meta:
        resource_name = "User"


class ResetSerializer(PlainSerializer):
    email = serializers.EmailField(max_length=254)

    class Meta:
        resource_name = "PasswordReset"


class NewPasswordSerializer(PlainSerializer):
    email = serializers.EmailField(max_length=254)
    password = serializers.CharField(max_length=LONGEST_PASSWORD, trim_whitespace=False)
    reset_key = serializers.CharField(max_length=200)

    class Meta:
        resource_name = "User"
