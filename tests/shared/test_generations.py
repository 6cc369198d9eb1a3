"""Which generation of the index serves, and which moves there are."""

import pytest

from backstory_shared.errors import NotReady
from backstory_shared.generations import Generation, Roles
from backstory_shared.ports import ModelChoice

OLD = Generation("index", ModelChoice("old"))
NEW = Generation("index-2", ModelChoice("new"))


def test_both_are_kept_until_one_is_dropped() -> None:
    roles = Roles(serving=OLD).begun(NEW)

    assert roles.kept == (OLD, NEW)
    assert roles.switched().kept == (NEW, OLD)
    assert roles.switched().rolled_back() == roles
    assert roles.switched().alone() == Roles(serving=NEW)


@pytest.mark.parametrize("step", ["switched", "rolled_back"])
def test_there_is_nothing_to_move_to_before_a_change(step: str) -> None:
    with pytest.raises(NotReady):
        getattr(Roles(serving=OLD), step)()


def test_only_one_change_is_under_way() -> None:
    begun = Roles(serving=OLD).begun(NEW)

    for roles in (begun, begun.switched()):
        with pytest.raises(NotReady):
            roles.begun(Generation("index-3", ModelChoice("third")))
