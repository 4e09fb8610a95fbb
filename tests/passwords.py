"""Hashes of the test people's passwords: the product's own hashes, made so that checking one takes no time.

For tests that sign people in to look at something else. What a password is worth is tested with the product's settings.
"""

from pwdlib import PasswordHash
from pwdlib.hashers.argon2 import Argon2Hasher

_QUICK = PasswordHash((Argon2Hasher(time_cost=1, memory_cost=8, parallelism=1),))


def quick_hash(password: str) -> str:
    return _QUICK.hash(password)
