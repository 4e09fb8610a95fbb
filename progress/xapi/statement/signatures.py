"""Signed statements: JSON web signatures that hold the statement as it was before it was signed.

Checking one finds mistakes, as the specification wants it; whether the signer is to be trusted nobody here decides.
"""

from base64 import b64decode
from collections.abc import Mapping, Set
from typing import Any

import orjson
from cryptography.hazmat.primitives.asymmetric.rsa import RSAPublicKey
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat
from cryptography.x509 import load_der_x509_certificate
from joserfc.errors import JoseError
from joserfc.jwk import RSAKey
from joserfc.jws import CompactSignature, JWSRegistry, deserialize_compact, extract_compact

from progress.xapi.statement.attachments import SIGNATURE, Data, attachments_of, hash_of, media_type
from progress.xapi.statement.statements import statement_of
from progress.xapi.statement.values import InvalidStatement, Json, require_time

_TYPE = "application/octet-stream"
_ALGORITHMS = ("RS256", "RS384", "RS512")
_LONGEST_KEY_BITS = 8_192

# Filled in by the LRS, unless the sender does.
_FILLED_IN = frozenset({"stored", "authority", "version"})
_MAY_BE_MISSING = frozenset({"id", "timestamp"})


class _Registry(JWSRegistry):
    """With room for chains of certificates and whole statements; other headers than the standard's are no harm."""

    max_header_length = 65_536
    max_payload_length = 6_000_000
    max_signature_length = 4_096


_REGISTRY = _Registry(algorithms=_ALGORITHMS, strict_check_header=False)


class WrongSignature(InvalidStatement):
    def __init__(self, words: str) -> None:
        super().__init__("attachments", f"The signature is wrong: {words}")


def check_signatures(statement: Json, received: Mapping[str, Data]) -> None:
    """Raises WrongSignature unless each signature among the attachments is one of the statement and came along."""
    for attachment in attachments_of(statement):
        if attachment["usageType"] != SIGNATURE:
            continue
        if media_type(attachment["contentType"]) != _TYPE:
            raise WrongSignature(f"its contentType has to be {_TYPE}.")
        data = received.get(hash_of(attachment))
        if data is None:
            raise WrongSignature("it has to come along.")
        _check(statement, data.content)


def _check(statement: Json, signature: bytes) -> None:
    """By RFC 7515 and the specification."""
    signed = _read(signature)
    if signed.headers().get("alg") not in _ALGORITHMS:
        raise WrongSignature(f"its algorithm has to be one of {', '.join(_ALGORITHMS)}.")
    if "x5c" in signed.headers():
        _check_certificate(signature, signed.headers()["x5c"])
    before, names = _statement_in(signed.payload)
    left_out = {*_FILLED_IN, *(_MAY_BE_MISSING - names)}
    if _comparable(before, left_out) != _comparable(statement, left_out):
        raise WrongSignature("it is of another statement.")


def _read(signature: bytes) -> CompactSignature:
    try:
        return extract_compact(signature.strip(), registry=_REGISTRY)
    except (JoseError, ValueError, TypeError, AttributeError):
        raise WrongSignature("it is no JSON web signature in its compact form.") from None


def _check_certificate(signature: bytes, chain: Any) -> None:
    """Check against the first certificate of the chain, which is the signer's."""
    try:
        key = load_der_x509_certificate(b64decode(chain[0], validate=True)).public_key()
    except (ValueError, TypeError, LookupError):
        raise WrongSignature("x5c holds no certificate.") from None
    if not isinstance(key, RSAPublicKey) or key.key_size > _LONGEST_KEY_BITS:
        raise WrongSignature(f"the certificate needs an RSA key of at most {_LONGEST_KEY_BITS:,} bits.")
    pem = key.public_bytes(Encoding.PEM, PublicFormat.SubjectPublicKeyInfo)
    try:
        deserialize_compact(signature.strip(), RSAKey.import_key(pem), registry=_REGISTRY)
    except (JoseError, ValueError, TypeError):
        raise WrongSignature("it was not made with the key of its certificate.") from None


def _statement_in(payload: bytes) -> tuple[Json, set[str]]:
    """The statement that was signed, in the form in which statements are compared, and the names in it as signed."""
    try:
        signed = orjson.loads(payload)
        return statement_of(signed).body, set(signed)
    except orjson.JSONDecodeError:
        raise WrongSignature("what was signed is no JSON.") from None
    except InvalidStatement as error:
        raise WrongSignature(f"what was signed is no statement: {error}") from None


def _comparable(statement: Json, left_out: Set[str]) -> Json:
    said = {name: value for name, value in statement.items() if name not in left_out}
    others = [each for each in statement.get("attachments", []) if each["usageType"] != SIGNATURE]
    moment = {"timestamp": require_time(said["timestamp"], "timestamp")} if "timestamp" in said else {}
    return {**said, **moment, "attachments": others}
