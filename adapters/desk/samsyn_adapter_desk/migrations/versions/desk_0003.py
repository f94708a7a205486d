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
        update card set body = body || jsonb_build_object('let_go', body -> 'change' -> 'released')
        where kind = 'operation' and body -> 'change' -> 'released' is not null
          and body -> 'change' -> 'plan_version' = body -> 'plan_version'
        """
    )
    for name, message, field in (
        ("interest_of", "InterestDeclared", "interest"),
        ("readiness_of", "ReadinessDeclared", "ready"),
    ):
        op.execute(
            f"""
            update card set body = card.body || jsonb_build_object('{name}', told.of_role) from (
              select party, id, jsonb_object_agg(actorrole, value) as of_role from (
                select distinct on (party, body ->> 'inspection_id', actorrole)
                  party, body ->> 'inspection_id' as id, actorrole, body -> '{field}' as value
                from saying where type = 'se.samsyn.{message}.v1' and actorrole is not null and state <> 'rejected'
                order by party, body ->> 'inspection_id', actorrole, number desc
              ) as newest group by party, id
            ) as told
            where card.kind = 'inspection' and card.party = told.party and card.id = told.id
            """  # noqa: S608
        )
    op.execute(
        """
        update card set body = card.body || jsonb_build_object('role', saying.actorrole) from saying
        where card.kind = 'contact' and saying.party = card.party and saying.event_id = card.body ->> 'said'
          and saying.actorrole is not null
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
