from django import forms


class PreferencesForm(forms.Form):
    theme = forms.ChoiceField(
        choices=[("", "As the system"), ("light", "Light"), ("dark", "Dark")],
        required=False,
        widget=forms.RadioSelect,
    )
    single_keys = forms.BooleanField(required=False, label="Single-key shortcuts")
