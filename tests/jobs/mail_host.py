"""A mail server for tests: it speaks SMTP over real sockets and does what the test has set."""

from __future__ import annotations

import socket
import ssl
import threading
from contextlib import suppress
from datetime import UTC, datetime, timedelta
from ipaddress import ip_address

from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID


class MailHost:
    """Takes one connection after the other.

    refused: recipients that it does not take. answers: verb → what it says instead, "" to hang
    up. silent: it takes the connection and says nothing. commands: (line, was it encrypted).
    """

    def __init__(self, context=None, *, tls_from_start=False, starttls=False) -> None:
        self._socket = socket.create_server(("127.0.0.1", 0))
        self.port = self._socket.getsockname()[1]
        self._context, self._from_start, self._starttls = context, tls_from_start, starttls
        self.refused: set[str] = set()
        self.answers: dict[str, str] = {}
        self.silent = threading.Event()
        self.received: list[bytes] = []
        self.commands: list[tuple[str, bool]] = []
        self._thread = threading.Thread(target=self._accept, daemon=True)
        self._thread.start()

    def said(self, verb):
        """What the client said with this verb, and whether encrypted."""
        return [entry for entry in self.commands if entry[0].upper().startswith(verb)]

    def stop(self):
        self._socket.close()
        self._thread.join(timeout=5)

    def _accept(self):
        while True:
            try:
                connection, _ = self._socket.accept()
            except OSError:
                return
            with suppress(OSError):  # a client that goes away is no matter
                self._greet(connection)
            connection.close()

    def _greet(self, connection):
        if self.silent.is_set():
            connection.recv(1)  # until the client has had enough
            return
        if self._from_start:
            connection = self._context.wrap_socket(connection, server_side=True)
        connection.sendall(b"220 ready\r\n")
        with connection:
            if self._talk(connection, self._from_start) == "STARTTLS":
                with self._context.wrap_socket(connection, server_side=True) as encrypted:
                    self._talk(encrypted, True)

    def _talk(self, connection, is_encrypted):
        """Until the end, which is the verb it ends with."""
        with connection.makefile("rb") as lines:
            while line := lines.readline().decode().strip():
                verb = line.split(maxsplit=1)[0].upper()
                self.commands.append((line, is_encrypted))
                answer = self._answer(verb, line, is_encrypted)
                if not answer:
                    return verb
                connection.sendall(answer.encode() + b"\r\n")
                if verb in ("QUIT", "STARTTLS"):
                    return verb
                if verb == "DATA" and answer.startswith("354"):
                    text = b"".join(iter(lines.readline, b".\r\n"))
                    self.received.append(text)
                    connection.sendall(b"250 taken\r\n")
        return ""

    def _answer(self, verb, line, is_encrypted):
        if verb in self.answers:
            return self.answers[verb]
        if verb == "EHLO":
            offer = "250-STARTTLS\r\n" if self._starttls and not is_encrypted else ""
            return f"250-mail\r\n{offer}250-AUTH PLAIN\r\n250 8BITMIME"
        if verb == "RCPT" and any(address in line for address in self.refused):
            return "550 5.1.1 no such user"
        known = {"STARTTLS": "220 go", "DATA": "354 go on", "QUIT": "221 bye", "AUTH": "235 hello"}
        return known.get(verb, "250 fine")


def make_certificate(folder):
    """A server context with a certificate for 127.0.0.1, and the file that makes it trusted."""
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "127.0.0.1")])
    now = datetime.now(UTC)
    certificate = (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(now - timedelta(days=1))
        .not_valid_after(now + timedelta(days=1))
        .add_extension(
            x509.SubjectAlternativeName([x509.IPAddress(ip_address("127.0.0.1"))]), critical=False
        )
        .add_extension(x509.BasicConstraints(ca=True, path_length=None), critical=True)
        .sign(key, hashes.SHA256())
    )
    path, key_path = folder / "certificate.pem", folder / "key.pem"
    path.write_bytes(certificate.public_bytes(serialization.Encoding.PEM))
    key_path.write_bytes(
        key.private_bytes(
            serialization.Encoding.PEM,
            serialization.PrivateFormat.PKCS8,
            serialization.NoEncryption(),
        )
    )
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(path, key_path)
    return context, path
