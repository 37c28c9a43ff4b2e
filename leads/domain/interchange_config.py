"""A configuration in the interchange format becomes the installation's: stages, zone, rates, reasons."""

from collections.abc import Mapping
from decimal import Decimal

from django.db import transaction
from django.db.models import ProtectedError
from django.utils.timezone import now

from funnelcrm.errors import DomainError
from funnelcrm.models import Organisation
from leads.domain.bulk_append import BulkAppend, bulk_append
from leads.domain.interchange_names import words
from leads.models import Deal
from leads.models.origin import LOG
from stages.domain.life import places_of
from stages.figures.config import Config, StageRule, read_config
from stages.models import ExchangeRate, LossReason, Pipeline, Stage


def apply_config(data: Mapping, slug: str = "") -> Pipeline:
    """Make a pipeline what the configuration says. The default one only while it has no deals but a log's."""
    try:
        config = read_config(data)
    except (KeyError, TypeError, ValueError, ArithmeticError) as error:
        raise DomainError(f"The configuration cannot be read: {error!r}.") from error
    _check(config)
    with bulk_append(by=None) as bulk:
        pipeline = _pipeline(slug)
        if Deal.objects.filter(stage__pipeline=pipeline).exclude(origin=LOG).exists():
            raise DomainError(
                "There are deals here that no log brought. Load into a pipeline of its own (--pipeline NAME)."
            )
        _write_stages(pipeline, config, bulk)
        _write_organisation(config, data)
    return pipeline


def _check(config: Config) -> None:
    if not config.open_stages or len(config.open_stages) == len(config.shown):
        raise DomainError("A funnel needs a shown stage on each side of the won line.")
    for one, what in ((lambda stage: stage.id, "id"), (lambda stage: stage.position, "position")):
        if len({one(stage) for stage in config.stages}) < len(config.stages):
            raise DomainError(f"Two stages have the same {what}.")
    if any(len(stage.id) > 40 or len(stage.name) > 40 for stage in config.stages):
        raise DomainError("Ids and names of stages have at most 40 characters.")


def _pipeline(slug: str) -> Pipeline:
    if slug:
        return Pipeline.objects.get_or_create(slug=slug, defaults={"name": slug})[0]
    default = Pipeline.objects.filter(is_default=True).first()
    return default or Pipeline.objects.create(name="Sales funnel", slug="sales", is_default=True)


def _write_stages(pipeline: Pipeline, config: Config, bulk: BulkAppend) -> None:
    """The stages; and if they now weigh or stand otherwise, the row of every deal that a log brought."""
    before = {stage.slug: stage for stage in pipeline.stages.all()}
    seen = {slug: _weighs(stage) for slug, stage in before.items()}
    _drop_others(pipeline, config)
    wanted = {rule.id: (rule.position, rule.won, rule.probability) for rule in config.stages}
    deals = Deal.objects.filter(stage__pipeline=pipeline) if seen != wanted else Deal.objects.none()
    locked = bulk.lock(deals.values_list("pk", flat=True))
    for rule in config.stages:
        before[rule.id] = _write_stage(pipeline, rule, before.get(rule.id))
    for rule in config.stages:
        stage, target = before[rule.id], before.get(rule.merged_into)
        stage.merged_into = None if target == stage else target
        stage.save(update_fields=["merged_into"])
    bulk.stages = Stage.objects.in_bulk()
    bulk.places = places_of(bulk.stages.values())
    for deal in locked.values():
        bulk.record(deal, [])


def _weighs(stage: Stage) -> tuple[int, bool, int]:
    return stage.position, stage.is_won, stage.probability


def _drop_others(pipeline: Pipeline, config: Config) -> None:
    """Stages that the configuration does not have; none is removed that an event speaks of."""
    ids = {rule.id for rule in config.stages}
    for stage in pipeline.stages.all():
        if stage.slug not in ids:
            try:
                stage.delete()
            except ProtectedError as error:
                message = f"The configuration has no stage “{stage.slug}”, but loaded deals do."
                raise DomainError(message) from error


def _write_stage(pipeline: Pipeline, rule: StageRule, stage: Stage | None) -> Stage:
    stage = stage or Stage(pipeline=pipeline, slug=rule.id)
    stage.name, stage.position = rule.name, rule.position
    stage.kind = Stage.Kind.WON if rule.won else Stage.Kind.OPEN
    stage.probability, stage.stale_after_days = rule.probability, rule.rot_days
    stage.archived_at = (stage.archived_at or now()) if rule.archived else None
    stage.save()
    return stage


def _write_organisation(config: Config, data: Mapping) -> None:
    organisation = Organisation.current()
    organisation.time_zone, organisation.currency = config.zone.key, config.base_currency
    organisation.save()
    ids = words(LossReason, config.reasons)
    for name, pk in ids.items():
        known = config.reasons[name] if config.reasons[name] in LossReason.Class.values else "competitive"
        LossReason.objects.filter(pk=pk).update(reason_class=known)
    rows = [
        ExchangeRate(currency=row["currency"], date=row["date"], rate=Decimal(str(row["rate"])))
        for row in data.get("rates", ())
    ]
    with transaction.atomic():
        ExchangeRate.objects.all().delete()
        ExchangeRate.objects.bulk_create(rows)
