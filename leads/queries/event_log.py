"""The ledger and the configuration of an installation, as the figures take them (stages.figures)."""

from collections import Counter
from collections.abc import Iterator
from datetime import UTC

from funnelcrm.models import Organisation, User
from leads.models import Account, Deal
from leads.models.origin import LOG
from stages.figures.config import Config, StageRule
from stages.figures.ledger import Ledger, LogRow
from stages.figures.money import Rates
from stages.models import DealEvent, ExchangeRate, LossReason, Pipeline, Source, Stage

FIELDS = (
    *("pk", "deal_id", "seq", "at", "recorded_at", "kind", "from_stage_id", "to_stage_id", "reason_id"),
    *("voids_id", "actor_id", "amount", "currency", "owner_id", "source_id", "expected_close"),
    *("probability", "customer_id", "referrer_id"),
)


def read_config(pipeline: Pipeline, *, include_archived: bool = False) -> Config:
    """Today's funnel and the organisation's zone, currency, rates and reasons."""
    organisation = Organisation.current()
    slugs = dict(Stage.objects.values_list("pk", "slug"))
    return Config(
        stages=tuple(
            StageRule(
                id=stage.slug,
                name=stage.name,
                position=stage.position,
                won=stage.is_won,
                probability=stage.probability,
                rot_days=stage.stale_after_days,
                archived=stage.archived_at is not None,
                merged_into=slugs.get(stage.merged_into_id),
            )
            for stage in pipeline.stages.order_by("position")
        ),
        zone=organisation.zone,
        base_currency=organisation.currency,
        rates=Rates(ExchangeRate.objects.values_list("currency", "date", "rate")),
        reasons=dict(LossReason.objects.values_list("name", "reason_class")),
        include_archived=include_archived,
    )


def read_ledger(pipeline: Pipeline) -> Ledger:
    """Every event of a pipeline's deals, by the names that people know things by."""
    return Ledger(_rows(pipeline))


def _rows(pipeline: Pipeline) -> Iterator[LogRow]:
    stages = dict(pipeline.stages.values_list("pk", "slug"))
    reasons, sources = (dict(model.objects.values_list("pk", "name")) for model in (LossReason, Source))
    people, accounts, deals = _people(), _accounts(), _deals(pipeline)
    events = DealEvent.objects.filter(deal__stage__pipeline=pipeline).order_by()
    for row in events.values_list(*FIELDS).iterator(chunk_size=5000):
        (pk, deal, seq, at, recorded_at, kind, came, to, reason, voids, actor) = row[:11]
        (amount, currency, owner, source, expected_close, probability, customer, referrer) = row[11:]
        yield LogRow(
            pk=pk,
            deal=deals[deal],
            seq=seq,
            at=at.astimezone(UTC),
            recorded_at=recorded_at.astimezone(UTC),
            kind=kind,
            from_stage_id=stages.get(came),
            to_stage_id=stages.get(to),
            reason_id=reasons.get(reason),
            voids_id=voids,
            actor=people.get(actor),
            amount=amount,
            currency=currency or None,
            owner=people.get(owner),
            source=sources.get(source),
            expected_close=expected_close,
            probability=probability,
            customer=accounts.get(customer),
            referrer=accounts.get(referrer),
        )


def _people() -> dict[int, str]:
    """Names; where several people have the same, their addresses too."""
    rows = list(User.objects.values_list("pk", "name", "email", "origin"))
    same = Counter(name for _, name, _, _ in rows)
    return {
        pk: name if same[name] == 1 or origin == LOG else f"{name} <{email}>"
        for pk, name, email, origin in rows
    }


def _accounts() -> dict[int, str]:
    rows = Account.objects.values_list("pk", "name", "origin", "external_id")
    return {pk: outside if origin == LOG else f"{name} #{pk}" for pk, name, origin, outside in rows}


def _deals(pipeline: Pipeline) -> dict[int, str]:
    rows = Deal.objects.filter(stage__pipeline=pipeline).values_list("pk", "origin", "external_id")
    return {pk: outside if origin == LOG else str(pk) for pk, origin, outside in rows}
