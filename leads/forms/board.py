"""Reading the board's address: what cannot be read is left out, as a link may be old or mistyped."""

from django import forms
from django.http import QueryDict

from funnelcrm.models import User
from leads.queries.board import CLOSES, STATES
from leads.queries.filters import ORDERS, BoardFilter


class IdsField(forms.Field):
    """Several ids under one name. "me" is oneself."""

    widget = forms.SelectMultiple

    def to_python(self, value: list[str] | None) -> tuple[str, ...]:
        return tuple(word for word in value or [] if word == "me" or (word.isdecimal() and len(word) < 16))


class BoardFilterForm(forms.Form):
    owner = IdsField(required=False)
    team = IdsField(required=False)
    source = IdsField(required=False)
    tag = IdsField(required=False)
    min = forms.DecimalField(required=False, min_value=0, max_digits=14, decimal_places=2)
    max = forms.DecimalField(required=False, min_value=0, max_digits=14, decimal_places=2)
    age = forms.IntegerField(required=False, min_value=0, max_value=3650)
    state = forms.ChoiceField(required=False, choices=list(STATES.items()))
    close = forms.ChoiceField(required=False, choices=list(CLOSES.items()))
    q = forms.CharField(required=False, max_length=100)
    sort = forms.ChoiceField(required=False, choices=[(name, order.label) for name, order in ORDERS.items()])


def read_filter(query: QueryDict | str, user: User) -> BoardFilter:
    """The filter that an address asks for."""
    form = BoardFilterForm(QueryDict(query) if isinstance(query, str) else query)
    form.is_valid()
    asked = {name: value for name, value in form.cleaned_data.items() if value not in (None, "", ())}
    for name in ("owner", "team", "source", "tag"):
        if name in asked:
            asked[name] = tuple(dict.fromkeys(user.pk if word == "me" else int(word) for word in asked[name]))
    if "team" in asked:
        people = User.objects.filter(team__in=asked["team"]).values_list("pk", flat=True)
        asked["members"] = tuple(sorted(people))
    return BoardFilter(**asked)


def read_shown(query: QueryDict) -> dict[int, int]:
    """How many cards of which column the person has unfolded: `shown.<stage>=40`."""
    shown = {}
    for name, value in query.items():
        stage = name.removeprefix("shown.")
        if stage != name and stage.isdecimal() and len(stage) < 16 and value.isdecimal() and len(value) < 5:
            shown[int(stage)] = max(int(value), 1)
    return shown
