"""What the domain says when it refuses. The message is for people; nobody parses it."""


class DomainError(Exception):
    """A rule said no. `str(error)` is a sentence that may be shown as it is."""


class Stale(DomainError):
    """Somebody else was faster: the row is not what the person saw."""


class Missing(DomainError):
    """Something is needed first. `fields` names what, for the form that asks for it."""

    def __init__(self, message: str, *, fields: tuple[str, ...] = ()) -> None:
        super().__init__(message)
        self.fields = fields


class Gone(DomainError):
    """The row is not there, or not for this person: the two are never told apart."""
