"""Vitay's own settings and middleware; the peer's module is the URLconf."""

import os

from vitay.settings import *  # noqa: F403
from vitay.settings import JWT_KEYS

ROOT_URLCONF = os.environ["BENCH_PEER"]

# As the documentation of djangorestframework-jsonapi recommends, without the form parsers and the
# browsable API, which no client of an API asks for.
REST_FRAMEWORK = {
    "PAGE_SIZE": 15,
    "EXCEPTION_HANDLER": "rest_framework_json_api.exceptions.exception_handler",
    "DEFAULT_PAGINATION_CLASS": ("rest_framework_json_api.pagination.JsonApiPageNumberPagination"),
    "DEFAULT_PARSER_CLASSES": ["rest_framework_json_api.parsers.JSONParser"],
    "DEFAULT_RENDERER_CLASSES": ["rest_framework_json_api.renderers.JSONRenderer"],
    "DEFAULT_METADATA_CLASS": "rest_framework_json_api.metadata.JSONAPIMetadata",
    "DEFAULT_FILTER_BACKENDS": [
        "rest_framework_json_api.filters.QueryParameterValidationFilter",
        "rest_framework_json_api.filters.OrderingFilter",
        "rest_framework_json_api.django_filters.DjangoFilterBackend",
        "rest_framework.filters.SearchFilter",
    ],
    "SEARCH_PARAM": "filter[search]",
    "DEFAULT_AUTHENTICATION_CLASSES": ["rest_framework_simplejwt.authentication.JWTAuthentication"],
    "DEFAULT_PERMISSION_CLASSES": ["rest_framework.permissions.IsAuthenticated"],
}
SIMPLE_JWT = {"SIGNING_KEY": JWT_KEYS[0], "AUDIENCE": "vitay-api", "ISSUER": "vitay"}
