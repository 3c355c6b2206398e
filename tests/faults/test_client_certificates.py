"""Client certificates of cloud flows: opened in a child, shown to servers, and hostile ones given up."""

import base64
import socket
import ssl
import threading
from collections.abc import Sequence
from dataclasses import replace
from datetime import UTC, datetime
from ipaddress import ip_address
from typing import Any
from urllib.parse import parse_qs

import pytest
import trustme
from cryptography.hazmat.primitives.hashes import SHA1
from cryptography.hazmat.primitives.serialization import (
    BestAvailableEncryption,
    Encoding,
    NoEncryption,
    PrivateFormat,
    PublicFormat,
    load_pem_private_key,
)
from cryptography.hazmat.primitives.serialization.pkcs12 import (
    PBES,
    serialize_key_and_certificates,
)
from cryptography.x509 import Certificate, load_pem_x509_certificate
from joserfc import jwt
from joserfc.jwk import RSAKey

from deskhand.cloudflows.http.certificates import ClientCertificate, open_certificate
from deskhand.cloudflows.http.client import HttpClient
from deskhand.cloudflows.http.errors import AuthenticationRefused, ConnectionFailed, TlsFailed
from deskhand.cloudflows.http.requests import read_request
from deskhand.cloudflows.http.tokens import PUBLIC_AUTHORITY, ClientCredentials, token_request
from deskhand.core.settings import Settings
from deskhand.outbound.addresses import Address

NOW = datetime(2026, 3, 1, 12, tzinfo=UTC)
HOST = "api.example.org"
CREDENTIALS = ClientCredentials(PUBLIC_AUTHORITY, "contoso.example", "https://vault.example", "id", "")


def issued(
    password: str = "",
    *,
    authority: trustme.CA | None = None,
    key_type: trustme.KeyType = trustme.KeyType.RSA,
    encryption: Any = None,
) -> tuple[ClientCertificate, Certificate]:
    """Return a client certificate in a file of its own, and the certificate inside."""
    leaf = (authority or trustme.CA(key_type=key_type)).issue_cert("client.example.org", key_type=key_type)
    certificate = load_pem_x509_certificate(leaf.cert_chain_pems[0].bytes())
    key: Any = load_pem_private_key(leaf.private_key_pem.bytes(), None)
    lock = encryption or (BestAvailableEncryption(password.encode()) if password else NoEncryption())
    pfx = serialize_key_and_certificates(None, key, certificate, None, lock)
    return ClientCertificate(pfx, password), certificate


@pytest.mark.parametrize("password", ["", "wörd"])
def test_a_file_is_opened_and_its_key_stays_encrypted(password: str) -> None:
    certificate, inside = issued(password)
    opened = open_certificate(certificate)
    assert load_pem_x509_certificate(opened.pem) == inside
    with pytest.raises(TypeError, match="encrypted"):
        load_pem_private_key(opened.pem, None)
    key = load_pem_private_key(opened.pem, opened.lock.encode())
    assert key.public_key() == inside.public_key()


def test_a_file_that_hashes_its_password_for_ever_is_given_up() -> None:
    rounds = PrivateFormat.PKCS12.encryption_builder().kdf_rounds(3_000_000)
    slow = rounds.key_cert_algorithm(PBES.PBESv2SHA256AndAES256CBC).build(b"word")
    certificate, _ = issued("word", encryption=slow)
    with pytest.raises(AuthenticationRefused, match="‘pfx’ takes too long to open") as refused:
        open_certificate(certificate, 0.5)
    assert refused.value.__cause__ is None


@pytest.mark.parametrize("change", [{"password": "wrong"}, {"pfx": b"rubbish"}, {"pfx": b""}])
def test_a_file_that_cannot_be_opened_is_refused(change: dict[str, Any]) -> None:
    certificate, _ = issued("right")
    with pytest.raises(AuthenticationRefused, match="‘pfx’ cannot be opened with this ‘password’"):
        open_certificate(replace(certificate, **change))


def test_a_file_without_a_key_is_refused() -> None:
    _, inside = issued()
    bare = ClientCertificate(serialize_key_and_certificates(None, None, inside, None, NoEncryption()), "")
    with pytest.raises(AuthenticationRefused, match="‘pfx’ holds no certificate with its private key"):
        open_certificate(bare)


def test_a_key_of_another_kind_proves_nothing_to_an_authority() -> None:
    certificate, _ = issued(key_type=trustme.KeyType.ECDSA)
    with pytest.raises(AuthenticationRefused, match="‘pfx’ holds no RSA key, which the authority asks for"):
        token_request(replace(CREDENTIALS, proof=certificate), NOW)


def test_a_certificate_proves_the_application_by_its_signature() -> None:
    proof, certificate = issued("w")
    request = token_request(replace(CREDENTIALS, proof=proof), NOW)
    assert request.body is not None
    fields = {name: values[0] for name, values in parse_qs(request.body.decode()).items()}
    pem = certificate.public_key().public_bytes(Encoding.PEM, PublicFormat.SubjectPublicKeyInfo)
    signed = jwt.decode(fields.pop("client_assertion"), RSAKey.import_key(pem))
    assert fields == {
        "grant_type": "client_credentials",
        "client_id": "id",
        "resource": "https://vault.example",
        "client_assertion_type": "urn:ietf:params:oauth:client-assertion-type:jwt-bearer",
    }
    thumbprint = base64.urlsafe_b64encode(certificate.fingerprint(SHA1())).rstrip(b"=").decode()
    assert signed.header == {"typ": "JWT", "alg": "RS256", "x5t": thumbprint}
    address = "https://login.microsoftonline.com/contoso.example/oauth2/token"
    assert {name: value for name, value in signed.claims.items() if name != "jti"} == {
        "aud": address,
        "iss": "id",
        "sub": "id",
        "nbf": int(NOW.timestamp()),
        "exp": int(NOW.timestamp()) + 600,
    }


def answer_clients_of(authority: trustme.CA, listener: socket.socket, seen: list[bytes]) -> None:
    """Answer connections that show a certificate of the authority, until the listener is closed."""
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.verify_mode = ssl.CERT_REQUIRED
    authority.configure_trust(context)
    authority.issue_cert(HOST).configure_cert(context)
    while True:
        try:
            plain, _ = listener.accept()
        except OSError:
            return
        with plain:
            try:
                with context.wrap_socket(plain, server_side=True) as connection:
                    seen.append(connection.recv(65_536))
                    connection.sendall(b"HTTP/1.1 200 OK\r\nContent-Length: 4\r\n\r\nfine")
            except OSError:
                continue


def test_a_client_certificate_is_shown_to_the_server_it_is_for() -> None:
    authority, seen = trustme.CA(), list[bytes]()

    def resolve(host: str, port: int) -> Sequence[Address]:
        return (ip_address("93.184.216.34"),)

    def connect(address: tuple[str, int], timeout: float) -> socket.socket:
        return socket.create_connection(("127.0.0.1", address[1]), timeout)

    def trust() -> ssl.SSLContext:
        context = ssl.create_default_context()
        authority.configure_trust(context)
        return context

    client = HttpClient(Settings(), resolve=resolve, connect=connect, trust=trust)
    with socket.create_server(("127.0.0.1", 0)) as listener:
        thread = threading.Thread(target=answer_clients_of, args=(authority, listener, seen))
        thread.start()
        try:
            url = f"https://{HOST}:{listener.getsockname()[1]}/"
            request = read_request({"method": "GET", "uri": url}, {})
            certificate, _ = issued("word", authority=authority)
            assert client.send(replace(request, certificate=certificate)).body == b"fine"
            with pytest.raises((TlsFailed, ConnectionFailed)):
                client.send(request)
        finally:
            listener.shutdown(socket.SHUT_RDWR)
            thread.join()
    assert len(seen) == 1
