"""What an administrator may undo, and that the last administrator cannot be locked out, on both kinds of record."""

from collections.abc import Callable

import pytest
from sqlalchemy import select

from data.models import Guardian, User, UserRole
from data.record import Record, Transaction
from progress.people.accounts import (
    LastAdministrator,
    UnknownUserId,
    add_user,
    deactivate,
    end_role,
    give_role,
    link_guardian,
    reactivate,
    unlink_guardian,
)

Act = Callable[[Transaction, int], None]
LOCKOUTS = pytest.mark.parametrize("act", [deactivate, lambda tx, user_id: end_role(tx, user_id, "administrator")])


def administrator(tx: Transaction, username: str) -> int:
    return add_user(tx, username.title(), username=username, password="correct horse", roles=["administrator"])


@LOCKOUTS
def test_the_last_administrator_cannot_be_locked_out(record: Record, act: Act) -> None:
    with record.writing() as tx:
        user_id = administrator(tx, "ann")
    with pytest.raises(LastAdministrator) as refused, record.writing() as tx:
        act(tx, user_id)
    assert refused.value.user_id == user_id
    with record.reading() as connection:
        assert connection.execute(select(User.is_active)).scalars().all() == [True]
        assert connection.execute(select(UserRole.ended_at)).scalars().all() == [None]


@LOCKOUTS
def test_one_of_two_administrators_can_go(record: Record, act: Act) -> None:
    with record.writing() as tx:
        ann = administrator(tx, "ann")
        bob = administrator(tx, "bob")
    with record.writing() as tx:
        act(tx, ann)
    with pytest.raises(LastAdministrator), record.writing() as tx:
        act(tx, bob)


@LOCKOUTS
def test_an_administrator_who_cannot_sign_in_does_not_count_as_the_other_one(record: Record, act: Act) -> None:
    with record.writing() as tx:
        ann = administrator(tx, "ann")
        add_user(tx, "No password", username="nopass", roles=["administrator"])
    with pytest.raises(LastAdministrator), record.writing() as tx:
        act(tx, ann)


def test_someone_who_is_no_administrator_can_always_be_deactivated(record: Record) -> None:
    with record.writing() as tx:
        administrator(tx, "ann")
        deactivate(tx, add_user(tx, "Bob", username="bob", roles=["teacher"]))
    with record.reading() as connection:
        assert dict(connection.execute(select(User.username, User.is_active)).all()) == {
            "ann": True,
            "bob": False,
        }


def test_a_closed_account_can_be_opened_again(record: Record) -> None:
    with record.writing() as tx:
        user_id = add_user(tx, "Bob", username="bob", password="correct horse")
        deactivate(tx, user_id)
        reactivate(tx, user_id)
    with record.reading() as connection:
        row = connection.execute(select(User.is_active, User.password_hash)).one()
    assert row.is_active is True
    assert row.password_hash is not None


def test_reactivating_nobody_is_an_error_with_the_number(record: Record) -> None:
    with pytest.raises(UnknownUserId) as refused, record.writing() as tx:
        reactivate(tx, 404)
    assert refused.value.user_id == 404


def test_a_guardians_link_ends_and_can_be_made_again(record: Record) -> None:
    with record.writing() as tx:
        parent, child, other = (add_user(tx, name) for name in ("Parent", "Child", "Other"))
        link_guardian(tx, parent, child)
        link_guardian(tx, parent, other)
        unlink_guardian(tx, parent, child)
    assert open_links(record) == {(parent, other)}
    with record.writing() as tx:
        link_guardian(tx, parent, child)
    assert open_links(record) == {(parent, other), (parent, child)}


def test_a_role_that_ended_can_be_given_again_to_the_only_administrator_left(record: Record) -> None:
    with record.writing() as tx:
        ann = administrator(tx, "ann")
        bob = administrator(tx, "bob")
        end_role(tx, ann, "administrator")
        give_role(tx, ann, "administrator")
        end_role(tx, bob, "administrator")
    with record.reading() as connection:
        held = select(UserRole.user_id).where(UserRole.ended_at.is_(None))
        assert connection.execute(held).scalars().all() == [ann]


def open_links(record: Record) -> set[tuple[int, int]]:
    links = select(Guardian.guardian_id, Guardian.learner_id).where(Guardian.ended_at.is_(None))
    with record.reading() as connection:
        return {(row.guardian_id, row.learner_id) for row in connection.execute(links)}
