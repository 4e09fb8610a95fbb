"""Whether the caller may see a learner, for answers that would be empty either way."""

from api.answers.problems import NotFound
from data.viewer import Viewer
from queries.people import learners


def require_learner(viewer: Viewer, user_id: int) -> None:
    """Raises NotFound unless this is a learner whom the viewer may see."""
    if learners(viewer, learner_id=user_id).is_empty():
        raise NotFound
