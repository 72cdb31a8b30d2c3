"""`page[page]` and `page[page_size]`, with `number` and `size` as other names for them."""

from urllib.parse import urlencode

from django.core.paginator import Paginator
from django.utils.translation import gettext as _
from rest_framework.pagination import BasePagination

from apps.jsonapi.query import PAGE, bad


class Pagination(BasePagination):
    """Pages from 1, of 15 unless asked otherwise; past the end they are empty."""

    PAGE_SIZE, MAX_PAGE_SIZE = 15, 100
    WHOLE = 1000  # what an unpaged list answers at most

    def paginate_queryset(self, queryset, request, view=None) -> list:
        query = view.query
        whole = view.documented_whole and not query.strict and not query.page
        self.request, self.parameters = request, query.page
        self.size = self.WHOLE if whole else self._size(strict=query.strict)
        self.number = self._number("page", 1)
        pages = Paginator(queryset, self.size)
        self.entries, self.pages = pages.count, max(1, pages.num_pages)
        self.shown = not whole
        if self.number > self.pages:
            return []
        start = (self.number - 1) * self.size
        return list(queryset[start : start + self.size])

    def meta(self) -> dict:
        return {
            "current_page": self.number,
            "total_pages": self.pages,
            "total_entries": self.entries,
            "page_size": self.size,
        }

    def links(self) -> dict:
        before, after = self.number - 1, self.number + 1
        return {
            "first": self._link(1),
            "prev": self._link(min(before, self.pages)) if before else None,
            "next": self._link(after) if after <= self.pages else None,
            "last": self._link(self.pages),
        }

    def _number(self, name: str, default: int) -> int:
        value = self.parameters.get(name)
        if value is None:
            return default
        if not (value.isascii() and value.isdecimal() and len(value) < 10) or int(value) < 1:
            raise bad(self._spelling(name), _("Give a whole number from 1."))
        return int(value)

    def _size(self, *, strict: bool) -> int:
        """JSON:API refuses what is too much; the documented shape gives what there is at most."""
        wanted = self._number("page_size", self.PAGE_SIZE)
        if wanted > self.MAX_PAGE_SIZE and strict:
            words = _("Give a whole number from 1 to %(most)s.") % {"most": self.MAX_PAGE_SIZE}
            raise bad(self._spelling("page_size"), words, "page_too_large")
        return min(wanted, self.MAX_PAGE_SIZE)

    def _spelling(self, name: str) -> str:
        return next(
            f"page[{each}]"
            for each, meant in PAGE.items()
            if meant == name and f"page[{each}]" in self.request.GET
        )

    def _link(self, number: int) -> str:
        kept = [
            (name, value)
            for name, values in self.request.GET.lists()
            for value in values
            if not name.startswith("page[")
        ]
        page = [("page[page]", number), ("page[page_size]", self.size)]
        return self.request.build_absolute_uri(f"{self.request.path}?{urlencode(kept + page)}")
