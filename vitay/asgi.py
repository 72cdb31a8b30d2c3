import os

from django.core.asgi import get_asgi_application

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "vitay.settings")
application = get_asgi_application()

from vitay.guard import (  # noqa: E402  (the models need the line above)
    refuse_demo_accounts,
    refuse_short_secrets,
)

refuse_short_secrets()
refuse_demo_accounts()
