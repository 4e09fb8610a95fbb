"""Part two, 2.6 signed statements: the signature holds the statement, and its certificate is right."""

import json
from base64 import b64encode, urlsafe_b64encode
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import Any, NamedTuple

import httpx
import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import rsa
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat
from joserfc import jws
from joserfc.jwk import OctKey, RSAKey

from progress.xapi.statement.attachments import SIGNATURE
from tests.api.xapi.attaching import attachment, part, parts_of, send
from tests.api.xapi.conformance.parts import STATEMENTS, activity, agent, said

BYTES = "application/octet-stream"


class Signer(NamedTuple):
    key: RSAKey
    certificate: str


def new_signer() -> Signer:
    key = rsa.generate_private_key(public_exponent=65537, key_size=2048)
    name = x509.Name([x509.NameAttribute(x509.NameOID.COMMON_NAME, "A school")])
    now = datetime.now(UTC)
    builder = x509.CertificateBuilder(name, name, key.public_key(), x509.random_serial_number())
    lasting = builder.not_valid_before(now).not_valid_after(now + timedelta(days=1))
    certificate = lasting.sign(key, hashes.SHA256())
    pem = key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption())
    return Signer(RSAKey.import_key(pem), b64encode(certificate.public_bytes(Encoding.DER)).decode())


@pytest.fixture(scope="module")
def signer() -> Signer:
    return new_signer()


Sign = Callable[..., bytes]


@pytest.fixture(scope="module")
def sign(signer: Signer) -> Sign:
    def signed(payload: Any, algorithm: str = "RS256", **headers: Any) -> bytes:
        text = payload if isinstance(payload, bytes) else json.dumps(payload).encode()
        key = OctKey.generate_key(256) if algorithm.startswith("HS") else signer.key
        registry = jws.JWSRegistry(algorithms=[algorithm])
        registry.max_header_length = 65_536  # type: ignore[misc]
        return jws.serialize_compact({"alg": algorithm, **headers}, text, key, registry=registry).encode()

    return signed


def signed_with(lrs: httpx.Client, statement: dict[str, Any], signature: bytes, **more: Any) -> httpx.Response:
    """Send the statement with this signature."""
    described = attachment(signature, usageType=SIGNATURE, **{"contentType": BYTES, **more})
    whole = {**statement, "attachments": [*statement.get("attachments", []), described]}
    return send(lrs, whole, part(signature, **{"Content-Type": ""}))


def status(lrs: httpx.Client, statement: dict[str, Any], signature: bytes, **more: Any) -> int:
    return signed_with(lrs, statement, signature, **more).status_code


@pytest.mark.parametrize("algorithm", ["RS256", "RS384", "RS512"])
def test_xapi_00115_a_signed_statement_is_stored_with_its_signature(
    lrs: httpx.Client, sign: Sign, signer: Signer, algorithm: str
) -> None:
    sent = said()
    signature = sign(sent, algorithm, x5c=[signer.certificate])
    assert status(lrs, sent, signature) == 200
    answer = lrs.get(STATEMENTS, params={"statementId": sent["id"], "attachments": "true"})
    assert parts_of(answer)[1].content == signature


def test_xapi_00115_a_signature_comes_along_as_bytes(lrs: httpx.Client, sign: Sign) -> None:
    sent = said()
    signature = sign(sent)
    assert status(lrs, sent, signature, contentType="text/plain") == 400
    elsewhere = attachment(signature, usageType=SIGNATURE, contentType=BYTES, fileUrl="https://files.example/s")
    assert lrs.post(STATEMENTS, json={**sent, "attachments": [elsewhere]}).status_code == 400


@pytest.mark.parametrize(
    "broken", [b"", b"not a signature", b"a.b.c", b"e30.e30.e30", b"\xff.\xff.\xff", b'{"payload":1}']
)
def test_2_6_s5_b1_what_is_no_json_web_signature_is_refused(lrs: httpx.Client, broken: bytes) -> None:
    assert status(lrs, said(), broken) == 400


@pytest.mark.parametrize("payload", [b"{", b"[]", b"7", b'"text"', b"{}"])
def test_xapi_00116_what_was_signed_is_a_statement_in_json(lrs: httpx.Client, sign: Sign, payload: bytes) -> None:
    assert status(lrs, said(), sign(payload)) == 400


def test_xapi_00117_the_algorithm_is_one_of_three(lrs: httpx.Client, sign: Sign) -> None:
    sent = said()
    for algorithm in ("HS256", "PS256"):
        assert status(lrs, sent, sign(sent, algorithm)) == 400


def test_2_6_s5_b3_b2_what_was_signed_is_the_statement_that_was_sent(lrs: httpx.Client, sign: Sign) -> None:
    sent = said(context={"contextActivities": {"parent": activity("signed-parent")}}, timestamp="2026-03-02T09:30:00Z")
    for other in (
        {**sent, "actor": agent("forger")},
        {**sent, "result": {"success": True}},
        {**sent, "timestamp": "2026-03-02T09:31:00Z"},
        {**sent, "id": said()["id"]},
        {**sent, "attachments": [attachment(fileUrl="https://files.example/x")]},
    ):
        assert status(lrs, sent, sign(other)) == 400
    listed = {**sent, "context": {"contextActivities": {"parent": [activity("signed-parent")]}}}
    assert status(lrs, sent, sign({**listed, "timestamp": "2026-03-02T10:30:00+01:00", "version": "1.0.0"})) == 200


def test_2_6_s4_b3_the_id_may_be_given_after_signing(lrs: httpx.Client, sign: Sign) -> None:
    sent = said()
    before = {name: value for name, value in sent.items() if name != "id"}
    assert status(lrs, sent, sign(before)) == 200
    assert status(lrs, before, sign(before)) == 200


def test_2_6_s4_b3_other_attachments_are_part_of_what_was_signed(lrs: httpx.Client, sign: Sign) -> None:
    sent = said(attachments=[attachment(fileUrl="https://files.example/x")])
    assert status(lrs, sent, sign(sent)) == 200


def test_2_6_s5_b3_b3_the_signature_is_made_with_the_key_of_its_certificate(lrs: httpx.Client, sign: Sign) -> None:
    sent, another = said(), new_signer()
    assert status(lrs, sent, sign(sent, x5c=[another.certificate])) == 400
    payload, signature = sign(sent).split(b".")[1:]
    for chain in (["bm8gY2VydGlmaWNhdGU="], [], "text", [7], ["?"], None):
        header = urlsafe_b64encode(json.dumps({"alg": "RS256", "x5c": chain}).encode()).rstrip(b"=")
        assert status(lrs, sent, b".".join([header, payload, signature])) == 400


def test_2_6_s5_b2_the_answer_says_what_is_wrong(lrs: httpx.Client, sign: Sign) -> None:
    answer = signed_with(lrs, said(), sign(said()))
    assert "another statement" in answer.json()["detail"]
