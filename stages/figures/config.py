"""How reports read the ledger: today's stages, the time zone, rates, classes of reasons (2.2, 2.8, 3)."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from functools import cached_property
from zoneinfo import ZoneInfo

from stages.domain.life import StagePlace

from .money import Rates

UTC = ZoneInfo("UTC")


@dataclass(frozen=True, slots=True)
class StageRule:
    """A stage as a report needs it. `probability` in percent; `rot_days` None: never stalled."""

    id: str
    name: str
    position: int
    won: bool
    probability: int = 0
    rot_days: int | None = None
    archived: bool = False
    merged_into: str | None = None


@dataclass(frozen=True)
class Config:
    """One installation's funnel, the same for all of history (2.2: one report uses one map)."""

    stages: tuple[StageRule, ...]
    zone: ZoneInfo = UTC
    base_currency: str = "EUR"
    rates: Rates = field(default_factory=Rates)
    reasons: Mapping[str, str] = field(default_factory=dict)
    include_archived: bool = False

    @cached_property
    def shown(self) -> list[StageRule]:
        """The stages that have a bar, in the order of the funnel."""
        rows = [stage for stage in self.stages if self.include_archived or not stage.archived]
        return sorted(rows, key=lambda stage: stage.position)

    @cached_property
    def open_stages(self) -> list[StageRule]:
        return [stage for stage in self.shown if not stage.won]

    @cached_property
    def by_id(self) -> dict[str, StageRule]:
        return {stage.id: stage for stage in self.stages}

    @cached_property
    def places(self) -> dict[str, StagePlace]:
        return {stage.id: StagePlace(stage.position, stage.won) for stage in self.stages}

    @cached_property
    def stands_for(self) -> dict[str, str]:
        """Each stage's id, and the id of the shown stage that stands for it."""
        return {stage.id: self._shown_stage(stage).id for stage in self.stages}

    def _shown_stage(self, stage: StageRule) -> StageRule:
        seen = set()
        while stage not in self.shown and stage.merged_into in self.by_id and stage.id not in seen:
            seen.add(stage.id)
            stage = self.by_id[stage.merged_into]
        if stage in self.shown:
            return stage
        side = [other for other in self.shown if other.won == stage.won]
        before = [other for other in side if other.position < stage.position]
        return before[-1] if before else side[0]

    @cached_property
    def won_line(self) -> StageRule:
        return next(stage for stage in self.shown if stage.won)

    def stage(self, stage_id: str | None, default: StageRule) -> StageRule:
        """The shown stage that a query names."""
        return self.by_id[self.stands_for[stage_id]] if stage_id else default

    def after(self, stage_id: str) -> StageRule | None:
        """The shown stage that follows."""
        ids = [stage.id for stage in self.shown]
        place = ids.index(stage_id) + 1
        return self.shown[place] if place < len(ids) else None

    def derails(self, reason: str | None) -> bool:
        """Whether a loss for this reason is one that nobody won from us."""
        return self.reasons.get(reason) == "derail"


def read_config(data: Mapping) -> Config:
    """A configuration of the interchange format."""
    return Config(
        stages=tuple(_stage(row) for row in data["stages"]),
        zone=ZoneInfo(data.get("tz", "UTC")),
        base_currency=data.get("base_currency", "EUR"),
        rates=Rates(_rates(data.get("rates", ()))),
        reasons=dict(data.get("reasons", {})),
        include_archived=bool(data.get("include_archived", False)),
    )


def _stage(row: Mapping) -> StageRule:
    return StageRule(
        id=row["id"],
        name=row.get("name") or row["id"],
        position=row["position"],
        won=row["side"] == "won",
        probability=row.get("probability") or 0,
        rot_days=row.get("rot_days"),
        archived=bool(row.get("archived")),
        merged_into=row.get("merged_into"),
    )


def _rates(rows: Iterable[Mapping]) -> Iterable[tuple[str, date, Decimal]]:
    for row in rows:
        yield row["currency"], date.fromisoformat(row["date"]), Decimal(str(row["rate"]))
