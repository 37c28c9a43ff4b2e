"""What people type about a deal."""

from datetime import date
from uuid import UUID

from django import forms
from django.core.validators import MaxValueValidator

from funnelcrm.models import User
from funnelcrm.money import CURRENCIES
from leads.models import Deal
from stages.models import LossReason, Source, Stage, TouchpointType

DAY = forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d")
# The calendar ends with the year 9999, and the end of its last day would be after it.
IN_REACH = [MaxValueValidator(date(2999, 12, 31), "Choose a day before the year 3000.")]


class DealForm(forms.Form):
    """A deal's own values. The account is named: a known one is found, a new one made."""

    title = forms.CharField(max_length=160)
    account = forms.CharField(max_length=160, required=False)
    amount = forms.DecimalField(label="Value", required=False, min_value=0, max_digits=14, decimal_places=2)
    currency = forms.ChoiceField(choices=[(code, code) for code in CURRENCIES])
    owner = forms.ModelChoiceField(User.objects.none(), required=False)
    source = forms.ModelChoiceField(Source.objects.filter(retired_at=None), required=False)
    expected_close = forms.DateField(label="Expected close", required=False, widget=DAY)
    tags = forms.CharField(max_length=300, required=False, help_text="Several with commas between them.")

    def clean_tags(self) -> list[str]:
        names = [" ".join(name.split()) for name in self.cleaned_data["tags"].split(",")]
        names = list({name.casefold(): name for name in names if name}.values())
        if any(len(name) > 40 for name in names):
            raise forms.ValidationError("A tag has at most 40 characters.")
        if len(names) > 10:
            raise forms.ValidationError("A deal has at most ten tags.")
        return names

    def __init__(self, *args, user: User, currency: str, **kwargs) -> None:
        super().__init__(*args, **kwargs)
        self.fields["owner"].queryset = user.assignable()
        codes = dict.fromkeys([currency, self.initial.get("currency") or currency, *CURRENCIES])
        self.fields["currency"].choices = [(code, code) for code in codes]
        self.fields["currency"].initial = currency
        self.fields["account"].widget.attrs |= {"list": "accounts", "autocomplete": "off"}


class NewDealForm(DealForm):
    """A first look at a deal, with what to do next."""

    stage = forms.ModelChoiceField(Stage.objects.shown())
    operation = forms.UUIDField(required=False, widget=forms.HiddenInput)
    step = forms.CharField(label="Next step", max_length=160, required=False)
    step_type = forms.ModelChoiceField(
        TouchpointType.objects.filter(retired_at=None), label="Kind of step", required=False
    )
    step_due = forms.DateField(label="When", required=False, widget=DAY, validators=IN_REACH)

    def clean(self) -> dict:
        data = super().clean()
        if data.get("step") and not data.get("step_due") and "step_due" not in self.errors:
            self.add_error("step_due", "Say when: a step without a day is soon forgotten.")
        if data.get("step_due") and not data.get("step") and not data.get("step_type"):
            self.add_error("step", "Say what is to be done on that day.")
        return data


class SeenForm(forms.Form):
    """What every change of a deal carries: the version seen, and the key of the gesture."""

    seen = forms.IntegerField(min_value=1, max_value=2**31 - 1)
    operation = forms.UUIDField(required=False)

    @property
    def key(self) -> UUID | None:
        return self.cleaned_data["operation"]


class MoveForm(SeenForm):
    to = forms.ModelChoiceField(Stage.objects.all())


class LossForm(SeenForm):
    reason = forms.ModelChoiceField(
        LossReason.objects.filter(retired_at=None), required=False, empty_label="Choose a reason"
    )
    note = forms.CharField(max_length=500, required=False, widget=forms.Textarea(attrs={"rows": 2}))


class StepForm(forms.Form):
    """What to do next, and when."""

    type = forms.ModelChoiceField(TouchpointType.objects.filter(retired_at=None), empty_label=None)
    summary = forms.CharField(label="What", max_length=160, required=False)
    due_on = forms.DateField(label="Day", widget=DAY, validators=IN_REACH)
    due_time = forms.TimeField(label="Time", required=False, widget=forms.TimeInput(attrs={"type": "time"}))


class DoneForm(forms.Form):
    note = forms.CharField(
        label="What came of it", max_length=2000, required=False, widget=forms.Textarea(attrs={"rows": 2})
    )


class DayForm(forms.Form):
    """A day to come."""

    day = forms.DateField(widget=DAY, validators=IN_REACH)


class TouchpointForm(forms.Form):
    """A touchpoint that happened."""

    type = forms.ModelChoiceField(TouchpointType.objects.filter(retired_at=None), empty_label=None)
    summary = forms.CharField(label="What", max_length=160, required=False)
    note = forms.CharField(max_length=2000, required=False, widget=forms.Textarea(attrs={"rows": 2}))


class BulkForm(forms.Form):
    """Several deals, each as `id:version`, and the key of the gesture."""

    operation = forms.UUIDField(required=False)

    MOST = 500

    def __init__(self, data=None, **kwargs) -> None:
        super().__init__(data, **kwargs)
        self.seen: dict[int, int] = {}

    def clean(self) -> dict:
        words = self.data.getlist("deal") if hasattr(self.data, "getlist") else []
        for word in words:
            pk, _, version = word.partition(":")
            if not (pk.isdecimal() and version.isdecimal() and len(pk) < 19 and len(version) < 10):
                raise forms.ValidationError("Which deals? Reload the board and select them again.")
            self.seen[int(pk)] = int(version)
        if not self.seen:
            raise forms.ValidationError("Select at least one deal first.")
        if len(self.seen) > self.MOST:
            raise forms.ValidationError(f"That is more than {self.MOST} deals at once. Select fewer.")
        return super().clean()


class BulkMoveForm(BulkForm):
    to = forms.ModelChoiceField(Stage.objects.shown(), empty_label=None)


class BulkAssignForm(BulkForm):
    owner = forms.ModelChoiceField(User.objects.none(), empty_label=None)

    def __init__(self, data=None, *, user: User, **kwargs) -> None:
        super().__init__(data, **kwargs)
        self.fields["owner"].queryset = user.assignable()


class BulkLossForm(BulkForm):
    reason = LossForm.base_fields["reason"]
    note = LossForm.base_fields["note"]


class SavedViewForm(forms.Form):
    name = forms.CharField(max_length=60)
    shared = forms.BooleanField(label="Share with the team", required=False)
    query = forms.CharField(max_length=500, required=False, widget=forms.HiddenInput)


def values_of(deal: Deal) -> dict:
    """A deal's values as `DealForm` shows them at first."""
    return {
        "title": deal.title,
        "account": deal.account.name if deal.account else "",
        "amount": deal.amount,
        "currency": deal.currency,
        "owner": deal.owner_id,
        "source": deal.source_id,
        "expected_close": deal.expected_close,
        "tags": ", ".join(tag.name for tag in deal.tags.all()),
    }
