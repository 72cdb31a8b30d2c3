"""What the schedule finds: a few hundred rows at a time, in SQL what can be, in Python the rule."""

import logging
from collections.abc import Callable, Iterable
from datetime import timedelta

from django.core.exceptions import ObjectDoesNotExist, ValidationError
from django.db import InterfaceError, OperationalError, connection, models, transaction
from django.db.models import F, Q
from django.utils import timezone

from apps.reminders.reminder import write_reminders

logger = logging.getLogger(__name__)


def each(rows: Iterable[models.Model], act: Callable[[models.Model], int | None]) -> int:
    """Do it to one after the other; what is wrong with one stops no other. The sum of what came.

    Who was concluded or deleted since the sweep began is passed over.
    """
    done = 0
    for row in rows:
        try:
            done += act(row) or 0
        except (ValidationError, ObjectDoesNotExist):
            continue
        except (InterfaceError, OperationalError):
            raise  # not this row's fault: the next bell goes on
        except Exception:
            logger.exception("row_not_swept", extra={"row": f"{type(row).__name__}/{row.pk}"})
    return done


class RemindableQuerySet(models.QuerySet):
    BATCH = 500  # rows in memory, and in one transaction

    def maybe_due(self):
        """A superset, in SQL, of what the schedule should remind now: `reminder_is_due` decides."""
        now = timezone.now()
        interval = Q()
        for days in range(1, 5):
            interval |= Q(
                hiring_firm__reminder_interval_days=days,
                last_written_at__lte=now - timedelta(days=days),
            )
        return self.filter(
            interval,
            Q(expires_at=None) | Q(expires_at__gt=now),
            reminder_count__lt=self.model.LIMIT,
            automatic_reminder_count__lt=F("hiring_firm__max_automatic_reminders"),
            hiring_firm__is_active=True,
            hiring_firm__deleted_at=None,
        ).prefetch_related("hiring_firm", "candidate__hiring_firm")

    def remind_due(self) -> int:
        """Write every reminder that the rule says is due now; how many there were."""
        written, page = 0, self.maybe_due().order_by("pk")
        while found := list(page[: self.BATCH]):
            try:
                if due := [target.pk for target in found if target.reminder_is_due]:
                    written += self._remind(due)
            except (InterfaceError, OperationalError):
                raise
            except Exception:  # each by itself says which
                written += each(found, lambda target: self._remind([target.pk]))
            page = self.maybe_due().filter(pk__gt=found[-1].pk).order_by("pk")
        return written

    @transaction.atomic
    def _remind(self, keys) -> int:
        """Of these, what is still due under a lock: answered or reminded since, it is not.

        The candidates' rows first, as in every verb beneath one; who is busy is passed over.
        """
        skip = connection.features.has_select_for_update_skip_locked
        people = self.model._meta.get_field("candidate").related_model._base_manager
        asked_about = people.filter(pk__in=self.filter(pk__in=keys).values("candidate"))
        free = asked_about.order_by("pk").select_for_update(skip_locked=skip, no_key=True)
        locked = (
            self.maybe_due()
            .filter(pk__in=keys, candidate__in=list(free.values_list("pk", flat=True)))
            .order_by("pk")
        )
        targets = locked.select_for_update(skip_locked=skip, of=("self",), no_key=True)
        targets = [target for target in targets if target.reminder_is_due]
        self.model.look_up_opt_outs(targets)
        targets = [target for target in targets if not target.opted_out]
        if targets:
            write_reminders(targets, automatic=True)
        return len(targets)
