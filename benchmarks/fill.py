"""Many plausible deals, written as SQL: rows, whole histories, next steps and kept totals that agree."""

import psycopg

from funnelcrm.models import Team, User
from leads.models import Tag

WORDS = """
    ARRAY['Kiln','Mill','Press','Pump','Valve','Boiler','Crane','Lathe','Drill','Robot','Scanner','Sensor',
          'Turbine','Furnace','Conveyor','Compressor','Generator','Cooler','Mixer','Packer']"""
PLACES = """
    ARRAY['Nordwerk','Alpina','Baltica','Castello','Delmar','Estrel','Fjord','Garda','Hansa','Isar','Jura',
          'Krona','Lumen','Mosel','Nova','Orion','Prado','Quarz','Rhein','Sava']"""

ACCOUNTS = f"""
    INSERT INTO leads_account (origin, external_id, name, search, industry, location, domain, created_at)
    SELECT '', '', name, lower(name), '', '', '', now()
    FROM (SELECT ({PLACES})[1 + n %% 20] || ' ' || ({WORDS})[1 + n / 20 %% 20] || ' ' || n AS name
          FROM generate_series(%(from)s::int / 10 + 1, %(to)s::int / 10) n) names
"""
CONTACTS = """
    INSERT INTO leads_contact (origin, external_id, account_id, name, job_title, email, phone, created_at)
    SELECT '', '', a.id, 'Contact ' || a.id || '.' || k, '', '', '', now()
    FROM leads_account a, generate_series(1, 2) k
    WHERE NOT EXISTS (SELECT 1 FROM leads_contact c WHERE c.account_id = a.id)
"""

# One row per new deal: 28 % open, 30 % won, the rest lost. One in 200 has the word "occasional",
# one in 10,000 "zirconia".
FRESH = f"""
    CREATE TEMP TABLE fresh AS
    WITH lists AS MATERIALIZED (
      SELECT
        (SELECT array_agg(id ORDER BY position) FROM stages_stage WHERE archived_at IS NULL) AS stages,
        (SELECT array_agg(id ORDER BY id) FROM funnelcrm_user WHERE role = 'rep') AS owners,
        (SELECT array_agg(id ORDER BY id) FROM leads_account) AS accounts,
        (SELECT array_agg(id ORDER BY id) FROM stages_source) AS sources,
        (SELECT array_agg(id ORDER BY id) FROM stages_lossreason WHERE NOT needs_note) AS reasons
    ), drawn AS MATERIALIZED (
      SELECT n, random() AS fate, random() AS place, random() AS age, random() AS worth, random() AS doing,
        random() AS closing,
        1 + floor(random() * cardinality(owners))::int AS owner,
        1 + floor(random() * cardinality(accounts))::int AS account,
        1 + floor(random() * cardinality(sources))::int AS source,
        1 + floor(random() * cardinality(reasons))::int AS reason
      FROM generate_series(%(from)s::int + 1, %(to)s::int) n, lists
    ), placed AS MATERIALIZED (
      SELECT *,
        CASE WHEN fate < 0.28 THEN 'open' WHEN fate < 0.58 THEN 'won' ELSE 'lost' END AS status,
        CASE WHEN fate >= 0.28 AND fate < 0.58 THEN 5 + (place < 0.5)::int
             ELSE 1 + floor(place * 4)::int END AS stay,
        date_trunc('second', now() - interval '1 day'
          - age * (CASE WHEN fate < 0.28 THEN interval '120 days' ELSE interval '700 days' END)) AS started
      FROM drawn
    )
    SELECT
      nextval(pg_get_serial_sequence('leads_deal', 'id')) AS id,
      CASE WHEN status <> 'lost' AND doing < 0.8
        THEN nextval(pg_get_serial_sequence('leads_touchpoint', 'id')) END AS step_id,
      now() + (doing * 40 - 3) * interval '1 day' AS due_at,
      status, stay, started, date_trunc('second', (now() - started) / 7) AS pace,
      CASE WHEN worth > 0.05 THEN round((500 + 90000 * worth * worth)::numeric, 2) END AS amount,
      CASE WHEN worth > 0.15 THEN 'EUR' WHEN worth > 0.05 THEN 'USD' ELSE '' END AS currency,
      ({WORDS})[1 + n %% 20] || ' and ' || ({WORDS})[1 + n / 20 %% 20] || ' '
        || CASE WHEN n %% 10000 = 7 THEN 'zirconia' WHEN n %% 200 = 8 THEN 'occasional'
                WHEN n %% 4 = 1 THEN 'package' ELSE 'line' END || ' ' || n AS title,
      stages, stages[stay] AS stage_id, owners[owner] AS owner_id, accounts[account] AS account_id,
      sources[source] AS source_id, reasons[reason] AS reason_id,
      (now() + (closing * 120 - 20) * interval '1 day')::date AS expected_close
    FROM placed, lists
"""
DEALS = """
    INSERT INTO leads_deal
      (id, origin, external_id, title, search, account_id, owner_id, amount, currency, source_id,
       expected_close, stage_id, stage_entered_at, status, started_at, won_at, lost_at, loss_reason_id,
       on_board, version, next_step_id, next_due_at)
    SELECT f.id, '', '', title, lower(title || ' ' || a.name), account_id, f.owner_id, amount, currency,
      source_id, expected_close, stage_id, started + pace * (stay - 1), status, started,
      CASE WHEN status = 'won' THEN started + pace * 4 END,
      CASE WHEN status = 'lost' THEN started + pace * stay END,
      CASE WHEN status = 'lost' THEN reason_id END,
      status <> 'lost', stay + (status = 'lost')::int, step_id, CASE WHEN step_id IS NOT NULL THEN due_at END
    FROM fresh f JOIN leads_account a ON a.id = f.account_id
    ORDER BY f.id
"""
STEPS = """
    INSERT INTO leads_touchpoint
      (id, deal_id, type_id, summary, note, owner_id, stage_id, due_on, due_at, created_at)
    SELECT step_id, id, (SELECT min(id) FROM stages_touchpointtype), 'Call back', '', owner_id, stage_id,
      due_at::date, due_at, now()
    FROM fresh WHERE step_id IS NOT NULL
"""
EVENTS = """
    INSERT INTO stages_dealevent
      (deal_id, seq, at, recorded_at, kind, from_stage_id, to_stage_id, reason_id, note, actor_id, operation,
       title, amount, currency, owner_id, source_id, expected_close, customer_id)
    SELECT id, k, started + pace * (k - 1), started + pace * (k - 1),
      CASE WHEN k > stay THEN 'lost' WHEN k > 1 THEN 'moved' ELSE 'created' END,
      stages[k - 1], CASE WHEN k <= stay THEN stages[k] END, CASE WHEN k > stay THEN reason_id END, '',
      owner_id, gen_random_uuid(), title, amount, currency, owner_id, source_id, expected_close, account_id
    FROM fresh, LATERAL generate_series(1, stay + (status = 'lost')::int) k
    ORDER BY id, k
"""
COMMITTEE = """
    INSERT INTO leads_dealcontact (deal_id, contact_id, role_id)
    SELECT f.id, c.id, (SELECT min(id) FROM stages_buyingrole) + c.id % 3
    FROM fresh f JOIN leads_contact c ON c.account_id = f.account_id WHERE f.status = 'open' AND f.id % 2 = 0
"""
TAGS = """
    INSERT INTO leads_deal_tags (deal_id, tag_id)
    SELECT id, (SELECT min(id) FROM leads_tag) + id % 20 FROM fresh WHERE status = 'open' AND id % 3 = 0
"""
CELLS = """
    INSERT INTO stages_boardcell (stage_id, owner_key, currency, deals, amount, weighted, changes)
    SELECT d.stage_id, coalesce(d.owner_id, 0), d.currency, count(*), coalesce(sum(amount * 100), 0),
      coalesce(sum(round(amount * CASE WHEN s.kind = 'won' THEN 100 ELSE s.probability END)), 0), 1
    FROM leads_deal d JOIN stages_stage s ON s.id = d.stage_id
    WHERE d.on_board GROUP BY 1, 2, 3
"""
# Cheaper built at once than row by row.
REBUILT = """
    SELECT indexname, indexdef FROM pg_indexes
    WHERE indexname LIKE 'deal_by_%' OR indexname IN ('event_operation', 'deal_search')
"""


def grow(connection: psycopg.Connection, size: int) -> None:
    """Add deals until there are `size` of them."""
    if not User.objects.filter(origin="bench").exists():
        _add_people()
    (there,) = connection.execute("SELECT count(*) FROM leads_deal").fetchone()
    if there < size:
        with connection.transaction():
            _add(connection, {"from": there, "to": size})
    for table in ("leads_deal", "stages_dealevent", "leads_touchpoint", "stages_boardcell", "leads_account"):
        connection.execute(f"VACUUM (ANALYZE) {table}")
    connection.execute("ANALYZE")
    connection.execute("CHECKPOINT")


def _add_people() -> None:
    """An admin, and 200 reps in 20 teams. Nobody can sign in."""
    Tag.objects.bulk_create(Tag(name=f"Tag {number}") for number in range(20))
    teams = Team.objects.bulk_create(Team(name=f"Team {number}", origin="bench") for number in range(20))
    people = [
        User(
            email=f"rep{number}@bench.example",
            name=f"Person {number}",
            role=User.Role.REP,
            team=teams[number % 20],
            origin="bench",
        )
        for number in range(200)
    ]
    admin = User(email="admin@bench.example", name="Ada Admin", role=User.Role.ADMIN, origin="bench")
    User.objects.bulk_create([*people, admin])


def _add(connection: psycopg.Connection, span: dict[str, int]) -> None:
    # The rows are right by construction: foreign keys need not be looked up one by one.
    connection.execute("SET LOCAL session_replication_role = replica")
    connection.execute("SET LOCAL maintenance_work_mem = '512MB'")
    connection.execute("SET LOCAL synchronous_commit = off")
    connection.execute("SELECT setseed(0.5)")
    indexes = connection.execute(REBUILT).fetchall()
    for name, _ in indexes:
        connection.execute(f"DROP INDEX {name}")
    connection.execute(ACCOUNTS, span)
    connection.execute(CONTACTS)
    connection.execute(FRESH, span)
    for statement in (DEALS, STEPS, EVENTS, COMMITTEE, TAGS, "DELETE FROM stages_boardcell", CELLS):
        connection.execute(statement)
    connection.execute("DROP TABLE fresh")
    for _, definition in indexes:
        connection.execute(definition)
