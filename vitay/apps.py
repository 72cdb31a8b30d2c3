from django.apps import AppConfig, apps
from django.contrib.admin import apps as admin
from django.db import connections
from django.db.backends.signals import connection_created
from django.db.models.signals import pre_migrate
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy

from vitay import checks, watching  # noqa: F401  (the checks register themselves)
from vitay.times import UTCLoader


class AdminConfig(admin.AdminConfig):
    default = False
    default_site = "vitay.admin.AdminSite"

    def ready(self):
        translate_names()  # before a form of the admin reads one
        super().ready()


class VitayConfig(AppConfig):
    default = True
    name = "vitay"

    def ready(self):
        watching.start()
        pre_migrate.connect(take_the_time_it_needs)
        connection_created.connect(read_times_quickly)


def translate_names():
    """The names of models, fields and choices are read in the reader's language."""
    for config in apps.get_app_configs():
        if config.name.startswith("apps."):
            for model in config.get_models():
                options = model._meta
                options.verbose_name = gettext_lazy(str(options.verbose_name))
                options.verbose_name_plural = gettext_lazy(str(options.verbose_name_plural))
                for field in options.local_fields:
                    field.verbose_name = gettext_lazy(str(field.verbose_name))
                    if field.choices and field.name != "language":  # each in its own words
                        field.choices = [
                            (value, label if isinstance(label, Promise) else gettext_lazy(label))
                            for value, label in field.choices
                        ]


def take_the_time_it_needs(using, **_):
    """A migration of a large table lasts longer than any request may."""
    if connections[using].vendor == "postgresql":
        with connections[using].cursor() as cursor:
            cursor.execute("SET statement_timeout = 0")
            cursor.execute("SET idle_in_transaction_session_timeout = 0")


def read_times_quickly(connection, **_):
    """A list holds hundreds of times: Python's own parser takes a twentieth of psycopg's."""
    if connection.vendor == "postgresql":
        connection.connection.adapters.register_loader("timestamptz", UTCLoader)
