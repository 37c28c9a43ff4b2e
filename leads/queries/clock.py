"""Now, and the organisation's days around it: what is late, and how people say when."""

from dataclasses import dataclass
from datetime import date, datetime, time, timedelta

from django.utils.timezone import now

from funnelcrm.models import Organisation


@dataclass(frozen=True, slots=True)
class Clock:
    """One moment, so that everything on a page agrees on what today is."""

    moment: datetime
    today: date
    organisation: Organisation

    @classmethod
    def of(cls, organisation: Organisation) -> "Clock":
        moment = now()
        return cls(moment, organisation.day_of(moment), organisation)

    def month(self) -> tuple[date, date]:
        """The running month, [first, next first)."""
        first = self.today.replace(day=1)
        return first, (first + timedelta(days=32)).replace(day=1)

    def quarter(self) -> tuple[date, date]:
        """The running quarter, [first, next first)."""
        first = date(self.today.year, 3 * ((self.today.month - 1) // 3) + 1, 1)
        return first, (first + timedelta(days=95)).replace(day=1)

    def days_since(self, moment: datetime) -> int:
        """Whole days elapsed."""
        return (self.moment - moment).days

    def due(self, day: date, at: time | None, late_from: datetime) -> tuple[str, str]:
        """How a card says when a step is due, and its state: late, now, or blank."""
        if late_from <= self.moment:
            days = (self.today - day).days
            hours = int((self.moment - late_from).total_seconds() // 3600)
            return (f"{days}d late" if days else f"{hours}h late" if hours else "Late"), "late"
        if day == self.today:
            return (f"{at:%H:%M}" if at else "Today"), "now"
        return self.day(day), ""

    def day(self, day: date) -> str:
        """A day near or far: "Tomorrow", "Wed", "27 Nov", "3 Feb 2028"."""
        ahead = (day - self.today).days
        if ahead in (-1, 0, 1):
            return {-1: "Yesterday", 0: "Today", 1: "Tomorrow"}[ahead]
        if 1 < ahead < 7:
            return f"{day:%a}"
        return f"{day.day} {day:%b}" if day.year == self.today.year else f"{day.day} {day:%b} {day.year}"
