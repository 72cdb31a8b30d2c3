import os

from django.core.asgi import get_asgi_application

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "vitay.settings")
application = get_asgi_application()

from vitay.guard import refuse_demo_accounts  # noqa: E402  (the models need the line above)

refuse_demo_accounts()
