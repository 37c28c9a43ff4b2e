from django.db import models
from django.db.models import Q
from django.db.models.functions import Lower
from django.utils.timezone import now

from funnelcrm.models import User
from stages.models import Pipeline


class SavedViewQuerySet(models.QuerySet):
    def visible_to(self, user: User) -> "SavedViewQuerySet":
        """One's own views, and those that somebody of one's own team shared (an admin's reach everybody)."""
        shared = Q(shared=True) & (
            Q(owner__role=User.Role.ADMIN) | Q(owner__in=user.colleagues().values("pk"))
        )
        return self.filter(Q(owner=user) | shared)


class SavedView(models.Model):
    """A board's filters and order, kept under a name."""

    owner = models.ForeignKey(User, on_delete=models.CASCADE, related_name="saved_views")
    pipeline = models.ForeignKey(
        Pipeline, on_delete=models.CASCADE, related_name="saved_views", db_index=False
    )
    name = models.CharField(max_length=60)
    query = models.CharField(max_length=500, blank=True, help_text="The board's query string.")
    shared = models.BooleanField(default=False)
    created_at = models.DateTimeField(default=now, editable=False)

    objects = SavedViewQuerySet.as_manager()

    class Meta:
        ordering = ["created_at", "pk"]
        constraints = [
            models.UniqueConstraint(
                "owner",
                "pipeline",
                Lower("name"),
                name="saved_view_name_unique",
                violation_error_message="You already have a view with this name.",
            ),
        ]

    def __str__(self) -> str:
        return self.name
