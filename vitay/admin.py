"""The staff's admin site."""

from django.contrib import admin
from django.contrib.admin import apps


class AdminSite(admin.AdminSite):
    site_title = site_header = "Vitay"
    index_title = "Vitay"


class AdminConfig(apps.AdminConfig):
    default_site = "vitay.admin.AdminSite"
