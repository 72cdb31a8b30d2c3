"""The staff's admin site."""

from django.contrib import admin


class AdminSite(admin.AdminSite):
    site_title = site_header = "Vitay"
