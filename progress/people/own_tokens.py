"""Access tokens of the viewer's own: made with their password, and revoked."""

from collections.abc import Iterable
from datetime import datetime

from data.record import current_record
from data.viewer import Viewer
from progress.people.access_tokens import NewToken, create_token, revoke_token
from progress.people.own_password import confirm_password


def make_own_token(viewer: Viewer, password: str, name: str, scopes: Iterable[str], expires_at: datetime) -> NewToken:
    """Make a token that acts as the viewer. Raises what `create_token` and `confirm_password` raise."""
    confirm_password(viewer.user_id, password)
    with current_record().writing(by=viewer.user_id) as tx:
        return create_token(tx, viewer.user_id, name, scopes, expires_at)


def revoke_own_token(viewer: Viewer, token_id: int) -> None:
    """Revoke one of the viewer's tokens. Raises UnknownToken, also for someone else's."""
    with current_record().writing(by=viewer.user_id) as tx:
        revoke_token(tx, token_id, owner_id=viewer.user_id)
