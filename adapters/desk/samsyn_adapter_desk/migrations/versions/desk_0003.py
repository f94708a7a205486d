"""Whose each thing is, of a party that speaks by its departments: as told by who said it, and by the list of parts."""

from alembic import op

revision = "desk_0003"
down_revision = "desk_0002"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.execute(
        """
        update card set body = card.body || jsonb_build_object('role', saying.actorrole) from saying
        where card.kind in ('capacity', 'consent', 'inspection') and saying.party = card.party
          and saying.event_id = card.body ->> 'said' and saying.actorrole is not null
        """
    )
    op.execute(
        """
        update card set body = card.body || jsonb_build_object('role', part ->> 'role')
        from card as operation, jsonb_array_elements(operation.body -> 'participants') as part
        where card.kind = 'question' and operation.kind = 'operation' and operation.party = card.party
          and operation.id = card.body ->> 'operation_id' and part ->> 'capacity_id' = card.body ->> 'capacity_id'
          and part ->> 'role' is not null
        """
    )
    op.execute(
        """
        update card set body = card.body || jsonb_build_object('seen_by_role', jsonb_build_object(saying.actorrole,
          jsonb_build_object('event_id', saying.event_id, 'version', card.body -> 'acknowledged_version'))) from saying
        where card.kind = 'operation' and saying.party = card.party
          and saying.event_id = card.body ->> 'acknowledged_said' and saying.actorrole is not null
        """
    )
