"""Who and what the rows of an import speak of: people, accounts, sources, reasons. Made where missing.

One `Lookups` serves one batch: what it knows was read in that batch's transaction.
"""

from collections import defaultdict
from collections.abc import Iterable
from hashlib import sha256
from itertools import count

from django.db.models import Model
from django.utils.text import slugify

from funnelcrm.models import Team, User
from funnelcrm.text import fold
from leads.domain.import_values import BadValue
from leads.models import Account
from stages.models import LossReason, Source

NO_REASON = "Not given"
MOST_NEW_PEOPLE = 500  # in one batch: more than this is a wrong column


def key_of(*texts: str) -> str:
    """What stands for an id where a file has none: the folded text, shortened where it must be."""
    folded = fold(" / ".join(texts))
    return folded if len(folded) <= 120 else f"{folded[:100]}~{sha256(folded.encode()).hexdigest()[:16]}"


class Lookups:
    """Rows of ours by the names that a file uses."""

    def __init__(self, origin: str) -> None:
        self.origin = origin
        self.new_people = 0
        self._people: dict[str, list[User]] = defaultdict(list)
        for user in User.objects.order_by("pk"):
            self._remember(user)
        self._words: dict[type, dict[str, Model]] = {}
        self._accounts: dict[str, list[Account]] = {}

    def find_person(self, name: str, email: str = "") -> User | None:
        """The person with this e-mail address or, if none is said, this name."""
        found = self._people.get((email or name).lower() if email or "@" in name else fold(name), [])
        if len(found) > 1:
            raise BadValue(f"{len(found)} people here are called “{name}”. Name this one by e-mail address.")
        return found[0] if found else None

    def person(self, name: str, *, email: str = "", role: str = User.Role.REP) -> User | None:
        """The person of this name. One who is not here yet is made, and cannot sign in."""
        if not name:
            return None
        return self.find_person(name, email) or self._new_person(name, email, role)

    def _new_person(self, name: str, email: str, role: str) -> User:
        self.new_people += 1
        if self.new_people > MOST_NEW_PEOPLE:
            raise BadValue(f"More than {MOST_NEW_PEOPLE} new people: is this really a column of people?")
        if "@" in name and not email:
            email = name
        user = User.objects.create_user(
            email or self._free_address(name), name=name, role=role, is_active=False, origin=self.origin
        )
        self._remember(user)
        return user

    def _free_address(self, name: str) -> str:
        slug = slugify(fold(name))[:60] or "person"
        numbered = (f"{slug}-{number}" for number in count(2))
        address = f"{slug}@imported.invalid"
        while address in self._people:
            address = f"{next(numbered)}@imported.invalid"
        return address

    def _remember(self, user: User) -> None:
        self._people[fold(user.name)].append(user)
        self._people[user.email.lower()] = [user]

    def load_accounts(self, names: Iterable[str]) -> None:
        """Find the accounts of these names, and make those that are missing, in two statements."""
        wanted = {key_of(name): name for name in names if name}
        folded = {fold(name)[:200] for name in wanted.values()}
        for account in Account.objects.filter(origin=self.origin, search__in=folded).order_by("pk"):
            self._accounts.setdefault(key_of(account.name), []).append(account)
        missing = [
            Account(name=name, search=fold(name)[:200], origin=self.origin, external_id=key)
            for key, name in wanted.items()
            if key not in self._accounts
        ]
        for account in Account.objects.bulk_create(missing):
            self._accounts[account.external_id] = [account]

    def account(self, name: str) -> Account | None:
        """The account of this name, among those loaded."""
        found = self._accounts[key_of(name)] if name else [None]
        if len(found) > 1:
            raise BadValue(f"{len(found)} accounts of this import are called “{name}”.")
        return found[0]

    def team(self, name: str) -> Team | None:
        return self._word(Team, name, origin=self.origin) if name else None

    def source(self, name: str) -> Source | None:
        return self._word(Source, name, position=99) if name else None

    def reason(self, name: str) -> LossReason:
        return self._word(LossReason, name or NO_REASON, position=99)

    def _word(self, model: type[Model], name: str, **fields) -> Model:
        if model not in self._words:
            self._words[model] = {fold(word.name): word for word in model.objects.all()}
        words = self._words[model]
        if fold(name) not in words:
            words[fold(name)] = model.objects.create(name=name, **fields)
        return words[fold(name)]
