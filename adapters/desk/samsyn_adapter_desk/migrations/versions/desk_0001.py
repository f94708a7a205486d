"""What each hosted party has heard, knows and says, each row its party's alone; and who is signed in."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects.postgresql import JSONB

revision = "desk_0001"
down_revision = None
branch_labels = None
depends_on = None

PARTY_ROLE = "samsyn_desk_party"
OF_A_PARTY = ("heard", "card", "saying")
INSTANT = sa.DateTime(timezone=True)


def upgrade() -> None:
    op.execute(
        f"do $$ begin create role {PARTY_ROLE} nologin; "
        "exception when duplicate_object or unique_violation then null; end $$"
    )
    op.create_table(
        "heard",
        sa.Column("number", sa.BigInteger, sa.Identity(always=True), primary_key=True),
        sa.Column("party", sa.Text, nullable=False),
        sa.Column("event_id", sa.Text, nullable=False),
        sa.Column("type", sa.Text, nullable=False),
        sa.Column("source", sa.Text, nullable=False),
        sa.Column("subject", sa.Text),
        sa.Column("centre", sa.Text, nullable=False),
        sa.Column("happened_at", INSTANT, nullable=False),
        sa.Column("causationid", sa.Text),
        sa.Column("correlationid", sa.Text),
        sa.Column("traceparent", sa.Text),
        sa.Column("body", JSONB, nullable=False),
        sa.UniqueConstraint("party", "event_id"),
    )
    op.create_index("heard_about", "heard", ["party", "subject", "number"])
    op.create_table(
        "card",
        sa.Column("party", sa.Text, primary_key=True),
        sa.Column("kind", sa.Text, primary_key=True),
        sa.Column("id", sa.Text, primary_key=True),
        sa.Column("centre", sa.Text, nullable=False),
        sa.Column("state", sa.Text, nullable=False),
        sa.Column("at", INSTANT, nullable=False),
        sa.Column("session_id", sa.Text),
        sa.Column("body", JSONB, nullable=False),
    )
    op.create_index("card_by_time", "card", ["party", "kind", "at"])
    op.create_index("card_of_session", "card", ["party", "session_id"])
    op.create_table(
        "saying",
        sa.Column("number", sa.BigInteger, sa.Identity(always=True), primary_key=True),
        sa.Column("party", sa.Text, nullable=False),
        sa.Column("event_id", sa.Text, nullable=False),
        sa.Column("key", sa.Text, nullable=False),
        sa.Column("type", sa.Text, nullable=False),
        sa.Column("body", JSONB, nullable=False),
        sa.Column("centre", sa.Text, nullable=False),
        sa.Column("actorrole", sa.Text),
        sa.Column("occurred_at", INSTANT, nullable=False),
        sa.Column("causationid", sa.Text),
        sa.Column("by_subject", sa.Text, nullable=False),
        sa.Column("by_function", sa.Text, nullable=False),
        sa.Column("state", sa.Text, nullable=False),
        sa.Column("reasons", JSONB, nullable=False),
        sa.Column("undo", JSONB, nullable=False),
        sa.UniqueConstraint("party", "key"),
    )
    op.create_index("saying_of_party", "saying", ["party", "number"])
    op.create_index("saying_by_event", "saying", ["party", "event_id"])
    # Which database this is: a cursor into another one, older or lost, means nothing here.
    op.execute("create table this_database (id text not null default gen_random_uuid()::text)")
    op.execute("insert into this_database default values")
    op.execute(f"grant select on this_database to {PARTY_ROLE}")
    # Who made the role may be it: a superuser may anyhow, another user of PostgreSQL 16 only so.
    op.execute(f"grant {PARTY_ROLE} to current_user")
    for table in OF_A_PARTY:
        op.execute(f"alter table {table} enable row level security")
        op.execute(
            f"create policy own on {table} using (party = current_setting('samsyn.party', true)) "
            "with check (party = current_setting('samsyn.party', true))"
        )
        op.execute(f"grant select, insert, update on {table} to {PARTY_ROLE}")
    op.create_table(
        "sign_in",
        sa.Column("id_hash", sa.Text, primary_key=True),
        sa.Column("subject", sa.Text, nullable=False),
        sa.Column("name", sa.Text, nullable=False),
        sa.Column("seats", JSONB, nullable=False),
        sa.Column("seat", sa.Integer, nullable=False),
        sa.Column("language", sa.Text, nullable=False),
        sa.Column("csrf", sa.Text, nullable=False),
        sa.Column("created_at", INSTANT, nullable=False),
        sa.Column("seen_at", INSTANT, nullable=False),
        sa.Column("ends_at", INSTANT, nullable=False),
    )
    op.create_table(
        "sign_in_start",
        sa.Column("state_hash", sa.Text, primary_key=True),
        sa.Column("nonce", sa.Text, nullable=False),
        sa.Column("verifier", sa.Text, nullable=False),
        sa.Column("back_to", sa.Text, nullable=False),
        sa.Column("created_at", INSTANT, nullable=False),
    )
