"""The companies of the demo and the people who work there."""

from dataclasses import dataclass, field
from datetime import timedelta

from funnelcrm.models import User
from funnelcrm.text import fold
from leads.domain.demo.fates import SPAN
from leads.domain.demo.people import People
from leads.domain.demo.words import (
    COMPANY_FIRST,
    COMPANY_SECOND,
    FAMILY_NAMES,
    GIVEN_NAMES,
    JOBS,
    PLACES,
    SIZES,
)
from leads.domain.demo.world import ORIGIN, World
from leads.models import Account, Contact

PER_ACCOUNT = 6  # deals, on average


@dataclass(slots=True)
class Buyer:
    """A company with its people, and what a deal with it is paid in."""

    account: Account
    currency: str
    dialling: str
    contacts: list[Contact] = field(default_factory=list)


def settle(world: World, people: People, size: int) -> list[Buyer]:
    """Enough companies for `size` deals, each with two people or more, written."""
    many = min(max(5, round(size / PER_ACCOUNT)), len(COMPANY_FIRST) * len(COMPANY_SECOND))
    buyers = [_buyer(world, people.reps, number) for number in range(many)]
    Account.objects.bulk_create(buyer.account for buyer in buyers)
    for buyer in buyers:
        buyer.contacts = _staff(world, buyer)
    contacts = [contact for buyer in buyers for contact in buyer.contacts]
    for number, contact in enumerate(contacts, start=1):
        contact.external_id = str(number)
    Contact.objects.bulk_create(contacts)
    return buyers


def _buyer(world: World, reps: list[User], number: int) -> Buyer:
    """The names go round: no two companies have the same pair of words."""
    dice = world.dice
    shift, at = divmod(number, len(COMPANY_FIRST))
    first = COMPANY_FIRST[at]
    second, industry = COMPANY_SECOND[(at * 5 + shift) % len(COMPANY_SECOND)]
    # Two thirds of the business is in euro, whatever the list of places says.
    at_home = world.chance(0.55)
    place, country, currency, dialling = dice.choice(
        [row for row in PLACES if row[2] == "EUR"] if at_home else PLACES
    )
    name = f"{first} {second}"
    account = Account(
        origin=ORIGIN,
        external_id=str(number + 1),
        name=name,
        search=fold(name),
        industry=industry,
        location=f"{place}, {country}",
        employees=dice.choice(SIZES) + dice.randrange(20),
        domain=f"{fold(name).replace(' ', '-')}.example",
        owner=reps[number % len(reps)],
        created_at=world.days_ago(SPAN + dice.uniform(5, 200)),
    )
    return Buyer(account, currency, dialling)


def _staff(world: World, buyer: Buyer) -> list[Contact]:
    dice = world.dice
    jobs = dice.sample(JOBS, dice.choices([1, 2, 3, 4], [22, 44, 26, 8])[0])
    names = zip(dice.sample(GIVEN_NAMES, len(jobs)), dice.sample(FAMILY_NAMES, len(jobs)), strict=True)
    return [
        Contact(
            origin=ORIGIN,
            account=buyer.account,
            name=f"{given} {family}",
            job_title=title,
            email=f"{given.lower()}.{family.lower()}@{buyer.account.domain}",
            phone=f"{buyer.dialling} 555 {dice.randrange(1000, 10000)}",
            created_at=buyer.account.created_at + timedelta(days=dice.uniform(0, 60)),
        )
        for (given, family), (title, _) in zip(names, jobs, strict=True)
    ]
