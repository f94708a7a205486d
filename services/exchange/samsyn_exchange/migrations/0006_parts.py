"""For which part in an operation contents may be fetched, and who takes part where, as planning last said."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects.postgresql import JSONB

revision = "exchange_0006"
down_revision = "exchange_0005"
branch_labels = None
depends_on = None

# What is in force of an operation tells who takes part in it now, and where.
AS_PLANNED = """
with said as (
  select about, convert_from(body, 'UTF8')::jsonb as body from standing where about = thing and about like 'op:%'
)
update operation o set
  accepted = coalesce((select jsonb_agg(jsonb_build_array(p ->> 'agency', p ->> 'capacity_id'))
    from jsonb_array_elements(said.body -> 'participants') p where p ->> 'status' = 'accepted'), '[]'),
  route = coalesce((select jsonb_agg(i ->> 'inspection_id' order by i ->> 'inspection_id' collate "C")
    from jsonb_array_elements(said.body -> 'inspections') i), '[]')
from said where said.about = o.operation_id and said.body ? 'participants'
"""


def upgrade() -> None:
    for name in ("accepted", "withdrawn", "route", "numbers"):
        op.add_column("operation", sa.Column(name, JSONB, nullable=False, server_default="[]"))
    op.execute(AS_PLANNED)
    for name in ("accepted", "withdrawn", "route", "numbers"):
        op.alter_column("operation", name, server_default=None)
    op.add_column("contents_grant", sa.Column("ended_at", sa.DateTime(timezone=True)))
    op.create_table(
        "contents_grant_part",
        sa.Column("operation_id", sa.Text, primary_key=True),
        sa.Column("ref", sa.Text, primary_key=True),
        sa.Column("party", sa.Text, primary_key=True),
        sa.Column("inspection_id", sa.Text, primary_key=True),
        sa.Column("category", sa.Text, nullable=False),
        sa.Column("ended_at", sa.DateTime(timezone=True)),
    )
    op.create_index("contents_grant_part_of_grant", "contents_grant_part", ["ref", "party"])
