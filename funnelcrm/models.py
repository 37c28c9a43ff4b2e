"""Who works here: the organisation, its teams, its people."""

from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from functools import cached_property
from zoneinfo import ZoneInfo

from django.contrib.auth.base_user import BaseUserManager
from django.contrib.auth.models import AbstractUser
from django.db import models
from django.db.models import Q
from django.db.models.functions import Lower
from django.utils.timezone import now


class Hue(models.TextChoices):
    """The ten named colours. A name, never a hex value, so that every theme keeps its contrast."""

    SKY = "sky"
    BLUE = "blue"
    INDIGO = "indigo"
    VIOLET = "violet"
    PINK = "pink"
    TEAL = "teal"
    MOSS = "moss"
    SAND = "sand"
    CLAY = "clay"
    SLATE = "slate"


class Organisation(models.Model):
    """The one company that uses this installation. Its zone decides what a day is."""

    name = models.CharField(max_length=120, default="Our company")
    currency = models.CharField(max_length=3, default="EUR", help_text="Base currency, ISO 4217.")
    time_zone = models.CharField(max_length=64, default="Europe/Berlin")

    class Meta:
        constraints = [models.CheckConstraint(condition=Q(pk=1), name="organisation_only_one")]

    def __str__(self) -> str:
        return self.name

    @classmethod
    def current(cls) -> "Organisation":
        """The organisation, with its defaults where set-up has not run yet."""
        return cls.objects.filter(pk=1).first() or cls(pk=1)

    @property
    def zone(self) -> ZoneInfo:
        return ZoneInfo(self.time_zone)

    def day_of(self, moment: datetime) -> date:
        """The organisation's calendar day on which `moment` falls."""
        return moment.astimezone(self.zone).date()

    def today(self) -> date:
        return self.day_of(now())

    def start_of(self, day: date) -> datetime:
        """The first instant of a local day, in UTC terms; DST gaps and overlaps resolve to it."""
        return datetime.combine(day, time.min, tzinfo=self.zone)

    def end_of(self, day: date) -> datetime:
        """The instant at which a local day is over (exclusive)."""
        return self.start_of(day + timedelta(days=1))


class Team(models.Model):
    """People who see each other's deals. Its leads are the managers who see them too."""

    name = models.CharField(max_length=80)
    leads = models.ManyToManyField("User", related_name="led_teams", blank=True)
    origin = models.CharField(max_length=40, blank=True, help_text='"demo", an import, or blank.')

    class Meta:
        ordering = ["name"]
        constraints = [
            models.UniqueConstraint(
                Lower("name"),
                name="team_name_unique",
                violation_error_message="There is already a team with this name.",
            ),
        ]

    def __str__(self) -> str:
        return self.name


@dataclass(frozen=True, slots=True)
class Scope:
    """Whose rows a person may see. `owner_ids` says it unless `everything` does."""

    everything: bool
    owner_ids: tuple[int, ...] = ()


class UserManager(BaseUserManager):
    """People sign in by e-mail address."""

    use_in_migrations = True

    def create_user(self, email: str, password: str | None = None, **fields) -> "User":
        user = self.model(email=self.normalize_email(email).lower(), **fields)
        user.set_password(password)
        user.save(using=self._db)
        return user

    def create_superuser(self, email: str, password: str | None = None, **fields) -> "User":
        return self.create_user(email, password, role=User.Role.ADMIN, **fields)


class User(AbstractUser):
    """A person of the sales organisation."""

    class Role(models.TextChoices):
        REP = "rep", "Sales rep"
        MANAGER = "manager", "Manager"
        ADMIN = "admin", "Admin"

    username = None
    first_name = None
    last_name = None
    email = models.EmailField("email address", unique=True)
    name = models.CharField(max_length=120)
    role = models.CharField(max_length=7, choices=Role, default=Role.REP)
    team = models.ForeignKey(Team, on_delete=models.PROTECT, null=True, blank=True, related_name="members")
    hue = models.CharField(max_length=6, choices=Hue, default=Hue.SLATE, help_text="Colour of the avatar.")
    theme = models.CharField(max_length=6, blank=True, help_text='"light", "dark" or blank: as the system.')
    single_keys = models.BooleanField(default=True, help_text="Single-key shortcuts (WCAG 2.1.4).")
    compact_cards = models.BooleanField(default=False, help_text="Dense cards on the board.")
    folded_stages = models.JSONField(default=list, blank=True, help_text="Ids of the board's folded columns.")
    origin = models.CharField(max_length=40, blank=True, help_text='"demo", an import, or blank.')

    USERNAME_FIELD = "email"
    REQUIRED_FIELDS = ["name"]

    objects = UserManager()

    class Meta:
        ordering = ["name"]
        constraints = [
            models.CheckConstraint(condition=Q(role__in=["rep", "manager", "admin"]), name="user_role_known"),
        ]

    def __str__(self) -> str:
        return self.name

    @property
    def initials(self) -> str:
        words = self.name.split() or [self.email]
        return (words[0][0] + (words[-1][0] if len(words) > 1 else "")).upper()

    @property
    def is_admin(self) -> bool:
        return self.role == self.Role.ADMIN

    @cached_property
    def scope(self) -> Scope:
        """Own and team's for a rep, own and the led teams' for a manager, everything for an admin.

        Read once per request: the user object lives as long as the request does.
        """
        if self.is_admin:
            return Scope(everything=True)
        if self.role == self.Role.MANAGER:
            members = User.objects.filter(team__leads=self)
        else:
            members = User.objects.filter(team=self.team_id) if self.team_id else User.objects.none()
        return Scope(
            everything=False, owner_ids=tuple(sorted({self.pk, *members.values_list("pk", flat=True)}))
        )

    def colleagues(self) -> models.QuerySet["User"]:
        """The people whose shared views reach this person: of the same team, and those who lead it."""
        if not self.team_id:
            return User.objects.filter(pk=self.pk)
        return User.objects.filter(Q(team=self.team_id) | Q(led_teams=self.team_id))

    def assignable(self) -> models.QuerySet["User"]:
        """The people to whom this person may give a deal: whoever's deals they can see themselves."""
        active = User.objects.filter(is_active=True)
        return active if self.scope.everything else active.filter(pk__in=self.scope.owner_ids)
