"""Client certificates: PKCS #12 files as flows carry them, and what TLS and tokens need of them.

Source: cloud-flows 3.8.
"""

from __future__ import annotations

import json
import secrets
import ssl
import subprocess
import sys
from dataclasses import dataclass, field
from pathlib import Path
from tempfile import TemporaryDirectory

from deskhand.cloudflows.http import pkcs12
from deskhand.cloudflows.http.errors import AuthenticationRefused
from deskhand.cloudflows.http.pkcs12 import Verdict
from deskhand.wdl.values import decode_base64

OPENING_SECONDS = 10.0

_MOST_CHARACTERS = 131_072
_PROBLEMS = {
    Verdict.WITHOUT_KEY: "‘pfx’ holds no certificate with its private key",
    Verdict.KEY_TOO_LARGE: "‘pfx’ holds a key that is too large",
}


@dataclass(frozen=True, slots=True)
class ClientCertificate:
    """A certificate with its private key.

    Attributes:
        pfx: A PKCS #12 file.
        password: What opens it.
    """

    pfx: bytes = field(repr=False)
    password: str = field(repr=False)


@dataclass(frozen=True, slots=True)
class OpenedCertificate:
    """What a client certificate holds.

    Attributes:
        pem: Its private key, encrypted, then the certificate, then those of authorities.
        lock: The password of the key; it was made for this one opening.
    """

    pem: bytes = field(repr=False)
    lock: str = field(repr=False)


def read_certificate(pfx: str, password: str) -> ClientCertificate:
    """Return a client certificate that stands in a flow as base64.

    Raises:
        AuthenticationRefused: The text is no base64, or larger than any certificate.
    """
    content = decode_base64(pfx) if len(pfx) <= _MOST_CHARACTERS else None
    if not content:
        raise AuthenticationRefused("‘pfx’ is no base64 text of a certificate")
    return ClientCertificate(content, password)


def open_certificate(certificate: ClientCertificate, seconds: float = OPENING_SECONDS) -> OpenedCertificate:
    """Return what a client certificate holds.

    Args:
        certificate: The certificate.
        seconds: How long opening it may take.

    Raises:
        AuthenticationRefused: It cannot be opened in this time, or holds no key.
    """
    lock = secrets.token_hex(32)
    order = {"pfx": certificate.pfx.hex(), "password": certificate.password, "lock": lock}
    command = [sys.executable, "-P", "-m", pkcs12.__name__]
    try:
        ended = subprocess.run(
            command, input=json.dumps(order).encode(), capture_output=True, timeout=seconds, check=False
        )
    except subprocess.TimeoutExpired:
        # Its cause would show the order, and with it the password.
        raise AuthenticationRefused("‘pfx’ takes too long to open") from None
    if ended.returncode != Verdict.OPENED:
        problem = _PROBLEMS.get(Verdict(ended.returncode)) if ended.returncode in list(Verdict) else None
        raise AuthenticationRefused(problem or "‘pfx’ cannot be opened with this ‘password’")
    return OpenedCertificate(ended.stdout, lock)


def present_certificate(context: ssl.SSLContext, certificate: ClientCertificate) -> None:
    """Let connections of a context show a client certificate.

    Python reads keys from files only: it goes through one that only this account can read, that holds the
    key encrypted, and that is gone when this returns.

    Raises:
        AuthenticationRefused: The certificate cannot be opened or used.
    """
    opened = open_certificate(certificate)
    with TemporaryDirectory() as directory:
        file = Path(directory, "client.pem")
        file.write_bytes(opened.pem)
        try:
            context.load_cert_chain(file, password=opened.lock)
        except ssl.SSLError as error:
            raise AuthenticationRefused("‘pfx’ holds a key that TLS cannot use") from error
