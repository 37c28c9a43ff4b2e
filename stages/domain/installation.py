"""What a new installation begins with: the six stages of the buyer's journey, and the lists around them."""

from django.db import transaction

from stages.models import BuyingRole, LossReason, Pipeline, PlaybookItem, Source, Stage, TouchpointType

OPEN, WON = Stage.Kind.OPEN, Stage.Kind.WON

# name, kind, hue, probability, stale after, the buyer, our goal, touchpoints, content, exit criteria
SIX_STAGES = [
    (
        "Awareness",
        OPEN,
        "sky",
        5,
        14,
        "Has a problem or need, and does not look for a product yet.",
        "Be known to the right companies.",
        "Cold call|Door-to-door visit|Advertisement|Social media post|Video|Public relations"
        "|Content marketing",
        "Blog post|E-book|White paper|Webinar invitation|Short video",
        "The company is a fit|A person answered",
    ),
    (
        "Interest",
        OPEN,
        "blue",
        15,
        14,
        "Knows us, and wants to know more.",
        "Earn a first real conversation.",
        "Content marketing|Webinar|Product demo|Newsletter",
        "Guide|Webinar|How-to video|FAQ",
        "The need is known|The main concern is known",
    ),
    (
        "Evaluation",
        OPEN,
        "indigo",
        30,
        21,
        "Researches vendors, compares features and prices, reads reviews, objects.",
        "Give what an informed decision needs; answer objections and doubts.",
        "Demo|Reference call|Objection call|Pricing page visit|Comparison",
        "Case study|Testimonial|Review|Trust badge|Pricing page|ROI sheet",
        "Demo held|Technical fit confirmed",
    ),
    (
        "Engagement",
        OPEN,
        "violet",
        60,
        14,
        "Deals with us in many ways, and decides inside the company who must agree.",
        "Build trust with everyone who has a say; settle terms.",
        "Contact form|Educational presentation|Workshop|Newsletter|Meeting|Contract review",
        "Presentation|Implementation plan|Contract draft|Pricing options",
        "Decider and budget holder are known|Terms agreed",
    ),
    (
        "Purchase",
        WON,
        "pink",
        100,
        10,
        "Has decided: buys.",
        "Make the start easy; raise the value with what fits.",
        "Onboarding call|Follow-up|Personal recommendation|Cross-sell|Upsell",
        "Offer|Onboarding guide|Recommendation",
        "Onboarding is done",
    ),
    (
        "Loyalty",
        WON,
        "teal",
        100,
        90,
        "Is a customer; stays, buys more, tells others, or leaves.",
        "Keep them: serve well, check in, reward, ask for a referral.",
        "Regular check-in|Customer service|Satisfaction survey|Reward or loyalty discount|E-mail marketing"
        "|Product usage review|Referral",
        "Newsletter|Usage report|Loyalty offer|Referral thanks",
        "",
    ),
]
TOUCHPOINT_TYPES = [
    ("Call", "phone"),
    ("E-mail", "mail"),
    ("Meeting", "cal"),
    ("Demo", "video"),
    ("Webinar", "video"),
    ("Content sent", "doc"),
    ("Social", "talk"),
    ("Event", "people"),
    ("Form", "doc"),
    ("Check-in", "loop"),
]
SOURCES = [
    ("Cold call", "phone"),
    ("Website", "link"),
    ("Webinar", "video"),
    ("Event", "people"),
    ("Advertisement", "horn"),
    ("Social media", "talk"),
    ("Referral", "star"),
    ("Partner", "people"),
]
LOSS_REASONS = [
    ("Price", "competitive", False),
    ("Competitor chosen", "competitive", False),
    ("Missing feature", "competitive", False),
    ("No decision", "derail", False),
    ("No budget", "derail", False),
    ("Bad timing", "derail", False),
    ("No answer", "derail", False),
    ("Not a fit", "derail", False),
    ("Duplicate", "derail", False),
    ("Other", "derail", True),
]
BUYING_ROLES = [
    ("Decider", True),
    ("Budget holder", True),
    ("User", True),
    ("Technical", True),
    ("Influencer", False),
]


@transaction.atomic
def install() -> Pipeline:
    """The default pipeline, made with its six stages and lists where there is none yet. Safe to run again."""
    pipeline = Pipeline.objects.filter(is_default=True).first()
    if pipeline:
        return pipeline
    pipeline = Pipeline.objects.create(name="Sales funnel", slug="sales", is_default=True)
    for position, row in enumerate(SIX_STAGES, start=1):
        _install_stage(pipeline, position, *row)
    TouchpointType.objects.bulk_create(
        TouchpointType(name=name, icon=icon, position=n) for n, (name, icon) in enumerate(TOUCHPOINT_TYPES)
    )
    Source.objects.bulk_create(
        Source(name=name, icon=icon, position=n) for n, (name, icon) in enumerate(SOURCES)
    )
    LossReason.objects.bulk_create(
        LossReason(name=name, reason_class=reason_class, needs_note=needs_note, position=n)
        for n, (name, reason_class, needs_note) in enumerate(LOSS_REASONS)
    )
    BuyingRole.objects.bulk_create(
        BuyingRole(name=name, needed=needed, position=n) for n, (name, needed) in enumerate(BUYING_ROLES)
    )
    return pipeline


def _install_stage(
    pipeline: Pipeline,
    position: int,
    name: str,
    kind: str,
    hue: str,
    probability: int,
    stale_after: int,
    buyer: str,
    goal: str,
    touchpoints: str,
    content: str,
    criteria: str,
) -> None:
    stage = Stage.objects.create(
        pipeline=pipeline,
        name=name,
        slug=name.lower(),
        position=position,
        kind=kind,
        hue=hue,
        probability=probability,
        stale_after_days=stale_after,
        buyer=buyer,
        goal=goal,
    )
    playbook = (("touchpoint", touchpoints), ("content", content), ("criterion", criteria))
    PlaybookItem.objects.bulk_create(
        PlaybookItem(stage=stage, kind=item_kind, text=text, position=n)
        for item_kind, texts in playbook
        for n, text in enumerate(filter(None, texts.split("|")))
    )
