from django.apps import AppConfig, apps
from django.contrib.admin import apps as admin
from django.utils.translation import gettext_lazy

from vitay import watching


class AdminConfig(admin.AdminConfig):
    default = False
    default_site = "vitay.admin.AdminSite"


class VitayConfig(AppConfig):
    default = True
    name = "vitay"

    def ready(self):
        watching.start()
        self.translate_names()

    def translate_names(self):
        """The names of our models and fields are read in the reader's language, where one shows."""
        for config in apps.get_app_configs():
            if config.name.startswith("apps."):
                for model in config.get_models():
                    options = model._meta
                    options.verbose_name = gettext_lazy(str(options.verbose_name))
                    options.verbose_name_plural = gettext_lazy(str(options.verbose_name_plural))
                    for field in options.local_fields:
                        field.verbose_name = gettext_lazy(str(field.verbose_name))
