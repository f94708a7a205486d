"""The id that a new Kafka is given."""

from uuid import UUID

from samsyn_local.kafka import new_cluster_id


def test_an_id_never_begins_with_a_dash_which_kafkas_tools_take_for_an_option() -> None:
    drawn = iter([UUID(int=0xF8 << 120), UUID(int=1)])

    assert new_cluster_id(lambda: next(drawn)) == "AAAAAAAAAAAAAAAAAAAAAQ"
