from django.db import migrations

# As deal_by_next_step does since `covering_indexes`: the column of a team is counted from its index alone,
# also under a text filter. The index keeps its name: SQLite goes without the passengers.
CARRYING = """
    CREATE INDEX deal_by_owner ON leads_deal
    (stage_id, owner_id, next_due_at, stage_entered_at, expected_close, last_touch_at)
    INCLUDE (id, search, amount, currency, probability) WHERE on_board AND deleted_at IS NULL
"""


def carry_along(apps, editor):
    if editor.connection.vendor == "postgresql":
        editor.execute("DROP INDEX deal_by_owner")
        editor.execute(CARRYING)


class Migration(migrations.Migration):
    dependencies = [("leads", "0005_lost_index")]
    operations = [migrations.RunPython(carry_along, migrations.RunPython.noop)]
