"""How many examples a property is tried on: all in `make test-thorough`, a quarter of them in `make test`."""

from hypothesis import settings

THOROUGH = "thorough"  # the profile: pytest --hypothesis-profile thorough


def up_to(most: int) -> int:
    return most if settings.get_current_profile_name() == THOROUGH else max(4, most // 4)
