"""An index by which dead letters are found among everything ever said."""

import sqlalchemy as sa
from alembic import op

revision = "chassis_0002"
down_revision = "chassis_0001"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_index(
        "outbox_dead_letters", "outbox", ["created_at"], postgresql_where=sa.text("topic like 'samsyn.dlq.%'")
    )
