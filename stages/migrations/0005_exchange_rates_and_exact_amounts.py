from importlib import import_module

from django.db import migrations, models

triggers = import_module("stages.migrations.0003_ledger_is_append_only")


def lift(apps, editor):
    """SQLite makes the table anew, and the triggers would be gone with the old one."""
    if editor.connection.vendor == "sqlite":
        triggers.backwards(apps, editor)


def put_back(apps, editor):
    if editor.connection.vendor == "sqlite":
        triggers.forwards(apps, editor)


class Migration(migrations.Migration):
    dependencies = [("stages", "0004_voids_index")]
    operations = [
        migrations.CreateModel(
            name="ExchangeRate",
            fields=[
                (
                    "id",
                    models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID"),
                ),
                ("currency", models.CharField(help_text="ISO 4217.", max_length=3)),
                ("date", models.DateField(help_text="The first local day on which it holds.")),
                ("rate", models.DecimalField(decimal_places=10, max_digits=20)),
            ],
            options={
                "ordering": ["currency", "date"],
                "constraints": [
                    models.UniqueConstraint(fields=("currency", "date"), name="exchange_rate_one_a_day"),
                    models.CheckConstraint(condition=models.Q(("rate__gt", 0)), name="exchange_rate_positive"),
                ],
            },
        ),
        migrations.RunPython(lift, put_back),
        migrations.AlterField(
            model_name="dealevent",
            name="amount",
            field=models.DecimalField(decimal_places=6, max_digits=18, null=True),
        ),
        migrations.RunPython(put_back, lift),
    ]
