from django.db import migrations

# What Django cannot say for both databases. SQLite goes without: its installations are small enough.
CREATE = [
    # For leads.queries.columns: the first cards of a column by value.
    "CREATE INDEX deal_by_value ON leads_deal (stage_id, amount DESC NULLS LAST, id) WHERE on_board",
    # For the text filter of leads.queries.filters: any part of a title or an account's name.
    "CREATE EXTENSION IF NOT EXISTS pg_trgm",
    "CREATE INDEX deal_search ON leads_deal USING gin (search gin_trgm_ops) WHERE on_board",
]


def forwards(apps, editor):
    if editor.connection.vendor == "postgresql":
        for statement in CREATE:
            editor.execute(statement)


def backwards(apps, editor):
    if editor.connection.vendor == "postgresql":
        editor.execute("DROP INDEX deal_by_value")
        editor.execute("DROP INDEX deal_search")


class Migration(migrations.Migration):
    dependencies = [("leads", "0001_accounts_and_deals")]
    operations = [migrations.RunPython(forwards, backwards)]
