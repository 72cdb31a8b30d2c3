"""Users: the staff themselves, and how recruiters sign in."""

from django import forms
from django.contrib import admin
from django.contrib.auth.models import Group
from django.core.exceptions import ValidationError
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from apps.accounts.models import PasswordReset, User
from apps.staff.columns import badge
from apps.staff.model_admin import StaffAdmin
from apps.staff.two_factor import forget_devices
from apps.staff.verbs import Verb

admin.site.unregister(Group)  # what a role may do stands in apps/staff/roles.py


class RoleField(forms.ModelMultipleChoiceField):
    """Roles by their names in the reader's language."""

    widget = forms.CheckboxSelectMultiple

    def label_from_instance(self, group):
        return gettext(group.name)


class RoleFilter(admin.SimpleListFilter):
    title, parameter_name = _("roles"), "groups"

    def lookups(self, request, model_admin):
        return [(str(group.pk), gettext(group.name)) for group in Group.objects.order_by("name")]

    def queryset(self, request, queryset):
        known = [value for value, _name in self.lookup_choices]
        return queryset.filter(groups=self.value()) if self.value() in known else queryset


class NewStaffForm(forms.ModelForm):
    """A colleague: they get an email to choose a password."""

    class Meta:
        model = User
        fields = ["email", "first_name", "last_name", "language", "groups"]
        field_classes = {"groups": RoleField}
        labels = {"groups": _("roles")}
        help_texts = {"groups": ""}

    def clean_groups(self):
        if not self.cleaned_data["groups"]:
            raise ValidationError(_("Choose a role."))
        return self.cleaned_data["groups"]


def send_password_mail(user, by):
    if not user.is_active:
        raise ValidationError(_("This account is not active."))
    PasswordReset.objects.request(user)


@admin.register(User)
class UserAdmin(StaffAdmin):
    list_display = ["email", "full_name", "kind", "state", "last_login"]
    list_filter = ["is_staff", "is_active", RoleFilter]
    list_select_related = ["recruiter__hiring_firm"]
    search_fields = ["email", "first_name", "last_name", "phone"]
    date_hierarchy = "created_at"
    csv = ("id", "email", "first_name", "last_name", "is_staff", "is_active", "last_login")
    editable = ("first_name", "last_name", "country_code", "phone", "language", "groups")
    timeline_of = "self"
    fieldsets = [
        (None, {"fields": ["email", "first_name", "last_name", "country_code", "phone"]}),
        (_("Access"), {"fields": ["kind", "state", "groups", "last_login", "created_at"]}),
        (_("Preferences"), {"fields": ["language"]}),
    ]
    verbs = (
        Verb(
            "send_password",
            _("Send a password email"),
            _("They get an email with a link to choose a new password; it works once, one hour."),
            send_password_mail,
        ),
        Verb(
            "sign_out",
            _("Sign out everywhere"),
            _("Every session and token of theirs ends at once."),
            lambda user, by: user.sign_out_everywhere(by),
        ),
        Verb(
            "deactivate",
            _("Deactivate"),
            _("They can't sign in any more, and what is signed in ends at once."),
            lambda user, by: user.set_active(by, active=False),
            fits=lambda user: user.is_active,
        ),
        Verb(
            "activate",
            _("Activate"),
            _("They can sign in again."),
            lambda user, by: user.set_active(by, active=True),
            fits=lambda user: not user.is_active,
        ),
        Verb(
            "reset_two_factor",
            _("Reset two-factor sign-in"),
            _("Their codes stop working; at the next sign-in they set them up anew."),
            forget_devices,
            fits=lambda user: user.is_staff,
        ),
    )

    def has_add_permission(self, request):
        return request.user.has_perm("accounts.add_user")

    def add_view(self, request, form_url="", extra_context=None):
        context = {"title": _("New colleague"), "show_save_and_add_another": False}
        return super().add_view(request, form_url, context | (extra_context or {}))

    def get_form(self, request, obj=None, **kwargs):
        if obj is None:
            kwargs["form"] = NewStaffForm
        return super().get_form(request, obj, **kwargs)

    def get_fieldsets(self, request, obj=None):
        if obj is None:
            return [(None, {"fields": NewStaffForm.Meta.fields})]
        fieldsets = super().get_fieldsets(request, obj)
        if not obj.is_staff:  # roles are for staff
            return [
                (name, {"fields": [each for each in options["fields"] if each != "groups"]})
                for name, options in fieldsets
            ]
        return fieldsets

    def formfield_for_manytomany(self, db_field, request, **kwargs):
        """The roles are all that there is of this kind."""
        kwargs |= {"form_class": RoleField, "label": _("roles"), "help_text": ""}
        return db_field.formfield(**kwargs)

    def save_model(self, request, obj, form, change):
        if change:
            changed = [name for name in form.changed_data if name != "groups"]
            fresh = User.objects.get(pk=obj.pk)
            if changed:
                fresh.change(request.user, **{name: form.cleaned_data[name] for name in changed})
            if "groups" in form.changed_data:
                fresh.record_roles(request.user, form.cleaned_data["groups"])
            return
        User.objects.invite_staff(request.user, obj)

    @admin.display(description=_("kind"))
    def kind(self, user):
        if user.is_superuser:
            return _("superuser")
        if user.is_staff:
            return _("staff")
        return user.hiring_firm or "–"

    @admin.display(description=_("state"), ordering="is_active", boolean=False)
    def state(self, user):
        return badge("active", _("active")) if user.is_active else badge("inactive", _("inactive"))
