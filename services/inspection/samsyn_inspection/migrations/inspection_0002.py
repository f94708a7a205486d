"""Every plan of an operation, and what agencies say of it from the spot."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects.postgresql import JSONB

revision = "inspection_0002"
down_revision = "inspection_0001"
branch_labels = None
depends_on = None

# Who had accepted was not kept: of an operation that takes place everybody had.
PLANS_SO_FAR = """
update operation set plans = jsonb_build_array(jsonb_build_object(
    'version', plan_version, 'said', said, 'is_confirmed', is_confirmed, 'has_been_confirmed', is_confirmed,
    'code_name', code_name, 'session_id', session_id, 'start_at', start_at, 'end_at', end_at,
    'route', inspection_ids,
    'parts', (select coalesce(jsonb_agg(jsonb_build_object(
        'agency', agency,
        'capacity_id', case when agency = split_part(session_id, ':', 1) then session_id else agency end,
        'status', case when is_confirmed then 'accepted' else 'invited' end)), '[]'::jsonb)
        from jsonb_array_elements_text(agencies) as part (agency))))
"""


def upgrade() -> None:
    op.add_column("operation", sa.Column("plans", JSONB, nullable=False, server_default="[]"))
    op.execute(PLANS_SO_FAR)
    op.alter_column("operation", "plans", server_default=None)
    for column in ("code_name", "said", "is_confirmed", "plan_version", "session_id", "agencies", "inspection_ids"):
        op.drop_column("operation", column)
    op.drop_index("operation_going_on", "operation")
    op.create_index(
        "operation_going_on",
        "operation",
        ["centre", "start_at"],
        postgresql_where=sa.text("life not in ('postponed', 'cancelled', 'past', 'completed', 'in_part', 'aborted')"),
    )
    op.create_index("operation_of_centre", "operation", ["centre", "start_at"])
    op.create_table(
        "heard",
        sa.Column("operation_id", sa.Text, primary_key=True),
        sa.Column("centre", sa.Text, primary_key=True),
        sa.Column("number", sa.Integer, primary_key=True),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("is_held", sa.Boolean, nullable=False),
        sa.Column("expired", sa.Text),
        sa.Column("envelope", JSONB, nullable=False),
        sa.Column("body", JSONB, nullable=False),
    )
    op.create_index("heard_held", "heard", ["centre"], postgresql_where=sa.text("is_held"))
