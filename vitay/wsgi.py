import gc
import os

from django.core.wsgi import get_wsgi_application

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "vitay.settings")
application = get_wsgi_application()

from vitay.guard import (  # noqa: E402  (the models need the line above)
    refuse_demo_accounts,
    refuse_short_secrets,
)

refuse_short_secrets()
refuse_demo_accounts()

# What was loaded stays: the collector need not walk it again with every few requests.
gc.collect()
gc.freeze()
