"""People, their roles, passwords and guardians, and schools.

Every function runs inside the caller's write transaction. Sessions are in `sign_in`, throttling in `guesses`.
"""

from collections.abc import Collection, Iterable
from datetime import UTC, datetime
from typing import Any

from sqlalchemy import Connection, insert, select, update

from data.models import Guardian, PasswordState, School, User, UserRole
from data.record import Transaction
from data.viewer import ROLES
from progress.audit.noting import note
from progress.people.links import insert_into, open_link
from progress.people.passwords import MINIMUM_PASSWORD_LENGTH, password_hash
from progress.people.signing_out import sign_out_everywhere

IS_LAST_ADMINISTRATOR = "is the last administrator who can sign in; make someone else an administrator first"


class UsernameTaken(ValueError):
    def __init__(self, username: str) -> None:
        super().__init__(f"The username “{username}” is taken.")
        self.username = username


class InvalidUsername(ValueError):
    def __init__(self, username: str) -> None:
        super().__init__(f"“{username}” cannot be a username: it must not be empty and must not contain spaces.")
        self.username = username


class UnknownUsername(LookupError):
    def __init__(self, username: str) -> None:
        super().__init__(f"Nobody has the username “{username}”.")
        self.username = username


class UnknownUserId(LookupError):
    def __init__(self, user_id: int) -> None:
        super().__init__(f"Nobody has the number {user_id}.")
        self.user_id = user_id


class UnknownRole(ValueError):
    def __init__(self, role: str) -> None:
        super().__init__(f"There is no role “{role}”. Roles are: {', '.join(ROLES)}.")
        self.role = role


class OwnGuardian(ValueError):
    def __init__(self, user_id: int) -> None:
        super().__init__(f"Person {user_id} cannot be their own guardian.")
        self.user_id = user_id


class LastAdministrator(ValueError):
    def __init__(self, user_id: int) -> None:
        super().__init__("This is the last administrator who can sign in. Make someone else an administrator first.")
        self.user_id = user_id


def plain_username(username: str) -> str:
    """The form in which usernames are stored and compared: trimmed and lower case, so “ Ann” and “ann” are the same."""
    return username.strip().lower()


def user_id_of(connection: Connection, username: str) -> int:
    """The person with this username, active or not. Raises UnknownUsername."""
    user_id = connection.scalar(select(User.id).where(User.username == plain_username(username)))
    if user_id is None:
        raise UnknownUsername(username)
    return user_id


def add_user(
    tx: Transaction,
    full_name: str,
    *,
    username: str | None = None,
    password: str | None = None,
    email: str | None = None,
    external_id: str | None = None,
    school_id: int | None = None,
    roles: Iterable[str] = (),
    created_at: datetime | None = None,
    must_change_password: bool = False,
) -> int:
    """Add a person; returns their id. Without a username and a password they cannot sign in.

    Raises UsernameTaken, InvalidUsername, UnknownRole, or what `set_password` raises.
    """
    values = {
        "full_name": full_name.strip(),
        "username": _checked_username(username),
        "email": email,
        "external_id": external_id,
        "school_id": school_id,
        "created_at": created_at or datetime.now(UTC),
        "changed_in": tx.number,
    }
    adding = insert_into(tx, User).values(values).on_conflict_do_nothing(index_elements=[User.username])
    user_id: int | None = tx.execute(adding.returning(User.id)).scalar()
    if user_id is None:
        raise UsernameTaken(str(values["username"]))
    given = [role for role in roles if _open_role(tx, user_id, role)]
    if values["username"] is not None:
        note(tx, "account.added", subject_id=user_id, roles=", ".join(given) or "none")
    if password is not None:
        set_password(tx, user_id, password, must_be_changed=must_change_password)
    return user_id


def set_password(
    tx: Transaction,
    user_id: int,
    password: str,
    *,
    minimum_length: int = MINIMUM_PASSWORD_LENGTH,
    must_be_changed: bool = False,
) -> None:
    """Set someone's password, and end their sessions and access tokens.

    `must_be_changed`: they have to choose another one at the next sign-in, since somebody else knows this one.
    Raises WeakPassword, CommonPassword, LongPassword, UnknownUserId.
    """
    _change_user(tx, user_id, password_hash=password_hash(password, minimum_length=minimum_length))
    state = {"user_id": user_id, "must_be_changed": must_be_changed}
    adding = insert_into(tx, PasswordState).values(state)
    tx.execute(adding.on_conflict_do_update(index_elements=["user_id"], set_={"must_be_changed": must_be_changed}))
    sign_out_everywhere(tx, user_id)
    note(tx, "password.set", subject_id=user_id, must_be_changed=must_be_changed)


def deactivate(tx: Transaction, user_id: int) -> None:
    """Close an account and end its sessions and access tokens. What was recorded stays.

    Raises UnknownUserId, LastAdministrator.
    """
    _leave_an_administrator(tx, user_id)
    _change_user(tx, user_id, is_active=False)
    sign_out_everywhere(tx, user_id)
    note(tx, "account.closed", subject_id=user_id)


def reactivate(tx: Transaction, user_id: int) -> None:
    """Reopen a closed account with its password and roles. Raises UnknownUserId."""
    _change_user(tx, user_id, is_active=True)
    note(tx, "account.opened", subject_id=user_id)


def give_role(tx: Transaction, user_id: int, role: str) -> None:
    """Give a role, or give it back if it had ended. Raises UnknownRole."""
    if _open_role(tx, user_id, role):
        note(tx, "role.given", subject_id=user_id, role=role)


def end_role(tx: Transaction, user_id: int, role: str) -> None:
    """End a role; does nothing if the person does not have it. Raises UnknownRole, LastAdministrator."""
    if role == "administrator":
        _leave_an_administrator(tx, user_id)
    held = (UserRole.user_id == user_id) & (UserRole.role == _checked_role(role)) & UserRole.ended_at.is_(None)
    ending = update(UserRole).where(held).values(ended_at=datetime.now(UTC), changed_in=tx.number)
    if tx.execute(ending).rowcount:
        note(tx, "role.ended", subject_id=user_id, role=role)


def link_guardian(tx: Transaction, guardian_id: int, learner_id: int, relationship: str | None = None) -> None:
    """Make one person the guardian of another, without giving them the role `parent`. Raises OwnGuardian.

    Without a relationship a reopened link keeps the one that it had, and a new one has "guardian".
    """
    if guardian_id == learner_id:
        raise OwnGuardian(guardian_id)
    pair = {"guardian_id": guardian_id, "learner_id": learner_id}
    named = {"relationship": relationship} if relationship else {}
    if open_link(tx, Guardian, {**pair, **named, "ended_at": None}, list(pair)):
        note(tx, "guardian.linked", subject_id=learner_id, guardian=_name(tx, guardian_id), relationship=relationship)


def unlink_guardian(tx: Transaction, guardian_id: int, learner_id: int) -> None:
    """End the link, and with it what the guardian may see; does nothing if there is none."""
    linked = (Guardian.guardian_id == guardian_id) & (Guardian.learner_id == learner_id) & Guardian.ended_at.is_(None)
    ending = update(Guardian).where(linked).values(ended_at=datetime.now(UTC), changed_in=tx.number)
    if tx.execute(ending).rowcount:
        note(tx, "guardian.unlinked", subject_id=learner_id, guardian=_name(tx, guardian_id))


def add_school(tx: Transaction, name: str, *, time_zone: str = "UTC", external_id: str | None = None) -> int:
    """Add a school. `time_zone` is the IANA name in which its days and weeks are counted."""
    values = {"name": name, "time_zone": time_zone, "external_id": external_id, "changed_in": tx.number}
    school_id: int = tx.execute(insert(School).values(values).returning(School.id)).scalar_one()
    return school_id


def last_administrators(tx: Transaction, leaving: Collection[int]) -> set[int]:
    """Those who can administer and sign in, if all of them are `leaving`: one must stay. Empty if one does."""
    tx.execute(_ADMINISTRATORS.with_for_update())  # two administrators who end each other's role must take turns
    can_sign_in = User.is_active & User.username.is_not(None) & User.password_hash.is_not(None)
    able = set(tx.execute(select(User.id).where(User.id.in_(_ADMINISTRATORS), can_sign_in)).scalars())
    return able if able <= set(leaving) else set()


_ADMINISTRATORS = select(UserRole.user_id).where(UserRole.role == "administrator", UserRole.ended_at.is_(None))


def _name(tx: Transaction, user_id: int) -> str:
    name: str = tx.execute(select(User.full_name).where(User.id == user_id)).scalar_one()
    return name


def _open_role(tx: Transaction, user_id: int, role: str) -> bool:
    row = {"user_id": user_id, "role": _checked_role(role), "ended_at": None}
    return open_link(tx, UserRole, row, ["user_id", "role"])


def _checked_username(username: str | None) -> str | None:
    if username is None:
        return None
    plain = plain_username(username)
    if not plain or any(character.isspace() for character in plain):
        raise InvalidUsername(username)
    return plain


def _checked_role(role: str) -> str:
    if role not in ROLES:
        raise UnknownRole(role)
    return role


def _leave_an_administrator(tx: Transaction, user_id: int) -> None:
    """Raises LastAdministrator if no other administrator could sign in."""
    if last_administrators(tx, [user_id]):
        raise LastAdministrator(user_id)


def _change_user(tx: Transaction, user_id: int, **values: Any) -> None:
    changed = tx.execute(update(User).where(User.id == user_id).values(**values, changed_in=tx.number))
    if not changed.rowcount:
        raise UnknownUserId(user_id)
