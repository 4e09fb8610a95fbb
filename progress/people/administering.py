"""What administrators do to accounts, roles, guardians and the audit trail: one verb a change.

Each takes the viewer, raises NotAllowed for anyone but an administrator, and makes its change in a transaction of its
own. The functions of `accounts`, which these call, run inside the transactions of importers and the command line.
"""

from collections.abc import Iterable

from data.viewer import Viewer
from progress.audit.noting import keep_for
from progress.people.access import administering
from progress.people.accounts import (
    add_user,
    deactivate,
    end_role,
    give_role,
    link_guardian,
    reactivate,
    set_password,
    unlink_guardian,
)


def add_person(
    viewer: Viewer,
    full_name: str,
    *,
    username: str | None = None,
    password: str | None = None,
    email: str | None = None,
    roles: Iterable[str] = (),
) -> int:
    """Add a person, who changes this password at the first sign-in; returns their id.

    Raises UsernameTaken, InvalidUsername, UnknownRole, WeakPassword, CommonPassword, LongPassword.
    """
    with administering(viewer) as tx:
        return add_user(
            tx,
            full_name,
            username=username,
            password=password,
            email=email,
            roles=roles,
            must_change_password=True,
        )


def change_roles(viewer: Viewer, user_id: int, *, given: Iterable[str] = (), ended: Iterable[str] = ()) -> None:
    """Give and end roles, all of them or none. Raises UnknownRole, LastAdministrator."""
    with administering(viewer) as tx:
        for role in given:
            give_role(tx, user_id, role)
        for role in ended:
            end_role(tx, user_id, role)


def set_someones_password(viewer: Viewer, user_id: int, password: str) -> None:
    """Set a password, which its owner changes at the next sign-in unless it is the viewer's own.

    Ends the person's sessions and access tokens. Raises WeakPassword, CommonPassword, LongPassword, UnknownUserId.
    """
    with administering(viewer) as tx:
        set_password(tx, user_id, password, must_be_changed=user_id != viewer.user_id)


def close_account(viewer: Viewer, user_id: int) -> None:
    """Close an account and end its sessions and access tokens. Raises UnknownUserId, LastAdministrator."""
    with administering(viewer) as tx:
        deactivate(tx, user_id)


def open_account_again(viewer: Viewer, user_id: int) -> None:
    """Open a closed account. Raises UnknownUserId."""
    with administering(viewer) as tx:
        reactivate(tx, user_id)


def link_family(viewer: Viewer, guardian_id: int, learner_id: int, relationship: str | None = None) -> None:
    """Make one person the guardian of another, with the role `parent`. Raises OwnGuardian."""
    with administering(viewer) as tx:
        link_guardian(tx, guardian_id, learner_id, relationship)
        give_role(tx, guardian_id, "parent")


def end_family_link(viewer: Viewer, guardian_id: int, learner_id: int) -> None:
    """End a guardian's link, and with it what the guardian may see."""
    with administering(viewer) as tx:
        unlink_guardian(tx, guardian_id, learner_id)


def keep_audit_trail_for(viewer: Viewer, days: int) -> None:
    """Keep the entries of the audit trail for so many days from now on. Raises ImpossibleDays."""
    with administering(viewer) as tx:
        keep_for(tx, days)
