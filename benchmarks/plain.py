"""The same work in plain SQL: what one would write by hand, with psycopg and nothing else."""

from uuid import uuid4

import psycopg

WHO = """
    SELECT s.session_data, u.*, o.* FROM django_session s, funnelcrm_user u, funnelcrm_organisation o
    WHERE s.session_key = %(session)s AND u.id = %(user)s AND o.id = 1
"""
STAGES = """
    SELECT s.*, p.* FROM stages_stage s JOIN stages_pipeline p ON p.id = s.pipeline_id
    WHERE p.is_default AND s.archived_at IS NULL ORDER BY s.position
"""
KEPT = """
    SELECT stage_id, currency, sum(deals), sum(amount), sum(weighted), sum(changes) FROM stages_boardcell
    WHERE {owned_cells} GROUP BY 1, 2
"""
COUNTED = """
    SELECT s.id, c.* FROM stages_stage s CROSS JOIN LATERAL (
      SELECT currency, count(*), sum(cents), sum((cents * chance + 50) / 100) FROM (
        SELECT currency, round(amount * 100)::bigint AS cents,
          CASE WHEN s.kind = 'won' THEN 100 ELSE coalesce(d.probability, s.probability) END AS chance
        FROM leads_deal d WHERE d.stage_id = s.id AND on_board AND deleted_at IS NULL AND {wanted} LIMIT 5001
      ) few GROUP BY 1) c
"""
LATE = """
    SELECT s.id,
      (SELECT count(*) FROM (SELECT FROM leads_deal d WHERE d.stage_id = s.id AND on_board
         AND deleted_at IS NULL AND next_due_at <= now() AND {wanted}
         ORDER BY next_due_at LIMIT 1000) late),
      (SELECT count(*) FROM (SELECT FROM leads_deal d WHERE d.stage_id = s.id AND on_board
         AND deleted_at IS NULL AND stage_entered_at <= now() - s.stale_after_days * interval '1 day'
         AND (s.kind = 'open' OR last_touch_at IS NULL
              OR last_touch_at <= now() - s.stale_after_days * interval '1 day')
         AND {wanted} ORDER BY stage_entered_at LIMIT 1000) stalled),
      (SELECT count(*) FROM (SELECT FROM leads_deal d WHERE d.stage_id = s.id AND on_board
         AND deleted_at IS NULL AND expected_close >= date_trunc('month', now())::date
         AND expected_close < (date_trunc('month', now()) + interval '1 month')::date
         AND {wanted} ORDER BY expected_close LIMIT 1000) closing)
    FROM stages_stage s
"""
CARDS = """
    SELECT d.*, a.name, u.name, u.hue, src.name, src.icon, t.summary, t.due_on, t.due_time, t.due_at, tt.icon,
      (SELECT count(DISTINCT dc.role_id) FROM leads_dealcontact dc JOIN stages_buyingrole r
       ON r.id = dc.role_id WHERE dc.deal_id = d.id AND r.needed) AS roles
    FROM stages_stage s CROSS JOIN LATERAL (
      SELECT * FROM leads_deal d WHERE d.stage_id = s.id AND on_board AND deleted_at IS NULL AND {wanted}
      ORDER BY next_due_at, id LIMIT %(cards)s + 1) d
    LEFT JOIN leads_account a ON a.id = d.account_id LEFT JOIN funnelcrm_user u ON u.id = d.owner_id
    LEFT JOIN stages_source src ON src.id = d.source_id
    LEFT JOIN leads_touchpoint t ON t.id = d.next_step_id
    LEFT JOIN stages_touchpointtype tt ON tt.id = t.type_id
    WHERE {stage}
"""
OPTIONS = [
    """SELECT u.id, u.name, t.id, t.name FROM funnelcrm_user u LEFT JOIN funnelcrm_team t ON t.id = u.team_id
       WHERE u.is_active AND {owned_users} ORDER BY u.name""",
    "SELECT id, name, icon FROM stages_source WHERE retired_at IS NULL ORDER BY position",
    """SELECT id, name FROM leads_tag t WHERE {owned_tags} ORDER BY name LIMIT 100""",
    "SELECT * FROM leads_savedview WHERE owner_id = %(user)s OR shared ORDER BY name LIMIT 12",
    "SELECT count(*) FROM stages_buyingrole WHERE needed AND retired_at IS NULL",
]


class PlainBoard:
    """One person's reads, with an optional filter as the board has them."""

    def __init__(
        self,
        connection: psycopg.Connection,
        *,
        session: str,
        user: int,
        owners: list[int] | None,
        text: str = "",
    ) -> None:
        self.connection = connection
        self.values = {"session": session, "user": user, "owners": owners, "text": f"%{text}%", "cards": 20}
        wanted = ["d.owner_id = ANY(%(owners)s)"] if owners is not None else []
        wanted += ["d.search LIKE %(text)s"] if text else []
        owned = owners is not None
        self.text = text
        self.parts = {
            "wanted": " AND ".join(wanted) or "true",
            "stage": "true",
            "owned_cells": "owner_key = ANY(%(owners)s)" if owned else "true",
            "owned_users": "u.id = ANY(%(owners)s)" if owned else "true",
            "owned_tags": """EXISTS (SELECT FROM leads_deal_tags dt JOIN leads_deal d ON d.id = dt.deal_id
                WHERE dt.tag_id = t.id AND d.owner_id = ANY(%(owners)s) AND d.deleted_at IS NULL)"""
            if owned
            else "true",
        }

    def board(self) -> None:
        statements = [WHO, STAGES, KEPT, LATE, CARDS, *OPTIONS]
        if self.text:
            statements.insert(3, COUNTED)
        self._run(*statements)

    def more(self, stage: int) -> None:
        parts = {"stage": f"s.id = {stage}"}
        self._run(WHO, STAGES, KEPT, LATE.rstrip() + f" WHERE s.id = {stage}", CARDS, cards=40, parts=parts)

    def poll(self) -> None:
        self._run(WHO, STAGES, KEPT)

    def _run(self, *statements: str, parts: dict | None = None, **values: object) -> None:
        for statement in statements:
            sql = statement.format(**(self.parts | (parts or {})))
            self.connection.execute(sql, self.values | values).fetchall()


LOCK = "SELECT stage_id, * FROM leads_deal WHERE id = %(deal)s AND deleted_at IS NULL FOR UPDATE"
EVENTS = "SELECT * FROM stages_dealevent WHERE deal_id = %(deal)s ORDER BY seq"
APPEND = """
    INSERT INTO stages_dealevent
      (deal_id, seq, at, recorded_at, kind, from_stage_id, to_stage_id, note, actor_id, operation, title,
       amount, currency, owner_id, source_id, expected_close, probability, customer_id, referrer_id)
    SELECT id, version + 1, now(), now(), %(kind)s, %(from)s, %(to)s, '', %(user)s, %(operation)s, title,
      amount, currency, owner_id, source_id, expected_close, probability, account_id, referrer_id
    FROM leads_deal WHERE id = %(deal)s
"""
FOLLOW = """
    UPDATE leads_deal SET stage_id = %(to)s, stage_entered_at = now(), version = version + 1
    WHERE id = %(deal)s RETURNING owner_id, currency, amount
"""
CELLS = """
    INSERT INTO stages_boardcell AS c (stage_id, owner_key, currency, deals, amount, weighted, changes)
    SELECT s.id, coalesce(d.owner_id, 0), d.currency, way, way * coalesce(d.amount * 100, 0),
      way * coalesce(round(d.amount * s.probability), 0), 1
    FROM leads_deal d, (VALUES (%(from)s::bigint, -1), (%(to)s::bigint, 1)) AS change (stage, way)
      JOIN stages_stage s ON s.id = change.stage
    WHERE d.id = %(deal)s ORDER BY s.id
    ON CONFLICT (stage_id, owner_key, currency) DO UPDATE SET deals = c.deals + excluded.deals,
      amount = c.amount + excluded.amount, weighted = c.weighted + excluded.weighted, changes = c.changes + 1
"""
CREATE = """
    INSERT INTO leads_deal (origin, external_id, title, search, owner_id, amount, currency, stage_id,
      stage_entered_at, status, started_at, on_board, version)
    VALUES ('', '', %(title)s::text, lower(%(title)s::text), %(user)s, 1200, 'EUR', %(to)s,
      now(), 'open', now(), true, 0)
    RETURNING id
"""


def plain_move(connection: psycopg.Connection, *, deal: int, to: int, user: int) -> None:
    """Lock, read the history, append, follow, keep the totals, commit."""
    values = {"deal": deal, "to": to, "user": user, "operation": uuid4(), "kind": "moved"}
    with connection.transaction():
        row = connection.execute(LOCK, values).fetchone()
        values["from"] = row[0]
        connection.execute(EVENTS, values).fetchall()
        connection.execute(APPEND, values)
        connection.execute(FOLLOW, values)
        connection.execute(CELLS, values)


def plain_create(connection: psycopg.Connection, *, title: str, to: int, user: int) -> None:
    """Add a deal in an open stage, with its first event and its share of the totals."""
    values = {"title": title, "to": to, "user": user, "operation": uuid4(), "kind": "created", "from": None}
    with connection.transaction():
        (values["deal"],) = connection.execute(CREATE, values).fetchone()
        connection.execute(APPEND, values)
        connection.execute("UPDATE leads_deal SET version = 1 WHERE id = %(deal)s", values)
        connection.execute(CELLS, values)
