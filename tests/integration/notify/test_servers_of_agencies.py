"""Real servers of other people: a mail server with TLS, one without, and an agency's gateway for text messages."""

import asyncio
import ipaddress
import ssl
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import httpx
import pytest
from aiosmtpd.controller import Controller
from aiosmtpd.smtp import AuthResult, LoginPassword
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from fastapi import FastAPI, Request, Response
from samsyn_adapter_notify.letters import Text
from samsyn_adapter_notify.mail import Mailer, mail
from samsyn_adapter_notify.mail import MailServer as Settings
from samsyn_adapter_notify.outcome import AwayError, UndeliverableError
from samsyn_adapter_notify.text_messages import Gateway, text_message_payload
from samsyn_contracts.notifications import NotificationSent
from samsyn_demo.agencies.serving import served

from tests.integration.notify.served_people import MailServer, a_mail_server, an_exchange, free_port, notify, until
from tests.unit.notify.people_told import AV, START, a_function, functions_of, rescheduled

# Not the own machine by name: what is said to it must be encrypted.
ELSEWHERE = "127.0.0.2"
PAYLOAD = mail("s@samsyn.example", "f@av.example", Text("Granit", "text\n"), "sv", "<1@x>", datetime.now(UTC))
PASSWORD = "a-long-password"  # noqa: S105 - of a server that lives for one test


@dataclass(frozen=True)
class Certificate:
    """A certificate of the server's, and the key that signed it."""

    certificate: Path
    key: Path

    @property
    def context(self) -> ssl.SSLContext:
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        context.load_cert_chain(self.certificate, self.key)
        return context


def a_certificate(folder: Path) -> Certificate:
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(x509.NameOID.COMMON_NAME, ELSEWHERE)])
    now = datetime.now(UTC)
    made = (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(now - timedelta(hours=1))
        .not_valid_after(now + timedelta(hours=1))
        .add_extension(x509.SubjectAlternativeName([x509.IPAddress(ipaddress.ip_address(ELSEWHERE))]), critical=False)
        .add_extension(x509.BasicConstraints(ca=True, path_length=None), critical=True)
        .sign(key, hashes.SHA256())
    )
    found = Certificate(folder / "certificate.pem", folder / "key.pem")
    found.certificate.write_bytes(made.public_bytes(serialization.Encoding.PEM))
    private = (serialization.PrivateFormat.PKCS8, serialization.NoEncryption())
    found.key.write_bytes(key.private_bytes(serialization.Encoding.PEM, *private))
    return found


@asynccontextmanager
async def a_server_elsewhere(**options: Any) -> AsyncIterator[tuple[MailServer, int]]:
    mails, port = MailServer(), free_port()
    controller = Controller(mails, hostname=ELSEWHERE, port=port, ready_timeout=60, **options)
    await asyncio.to_thread(controller.start)
    try:
        yield mails, port
    finally:
        await asyncio.to_thread(controller.stop)


async def test_a_server_elsewhere_that_has_no_tls_is_told_nothing() -> None:
    async with a_server_elsewhere() as (mails, port):
        with pytest.raises(AwayError):
            await Mailer(Settings(ELSEWHERE, port, timeout_seconds=20)).send(PAYLOAD)
        assert mails.num_recipients == 0


async def test_a_server_whose_certificate_nobody_signed_is_told_nothing(tmp_path: Path) -> None:
    options = {"tls_context": a_certificate(tmp_path).context, "require_starttls": True}
    async with a_server_elsewhere(**options) as (mails, port):
        with pytest.raises(AwayError):
            await Mailer(Settings(ELSEWHERE, port, timeout_seconds=20)).send(PAYLOAD)
        assert mails.num_recipients == 0


async def test_a_server_with_tls_and_a_password_takes_the_mail(tmp_path: Path) -> None:
    asked: list[tuple[bytes, bytes]] = []

    def is_allowed(_server: object, _session: object, _envelope: object, _mechanism: str, login: object) -> AuthResult:
        assert isinstance(login, LoginPassword)
        asked.append((login.login, login.password))
        return AuthResult(success=True)

    certificate = a_certificate(tmp_path)
    options = {
        "tls_context": certificate.context,
        "require_starttls": True,
        "authenticator": is_allowed,
        "auth_required": True,
    }
    async with a_server_elsewhere(**options) as (mails, port):
        server = Settings(ELSEWHERE, port, "samsyn", PASSWORD, certificate.certificate, timeout_seconds=20)
        await Mailer(server).send(PAYLOAD)
        assert asked == [(b"samsyn", PASSWORD.encode())]
        assert [taken["Subject"] for taken in mails.mails] == ["Granit"]


async def test_a_server_that_is_not_there_is_away() -> None:
    with pytest.raises(AwayError):
        await Mailer(Settings("127.0.0.1", free_port(), timeout_seconds=20)).send(PAYLOAD)


@dataclass
class AgencyGateway:
    """An agency's gateway: keeps what it is told; answers with `status`."""

    statuses: list[int] = field(default_factory=list)
    told: list[dict[str, Any]] = field(default_factory=list)
    url: str = ""

    def app(self) -> FastAPI:
        app = FastAPI(openapi_url=None)
        app.add_api_route("/send", self._send, methods=["POST"], response_model=None)
        return app

    async def _send(self, request: Request) -> Response:
        headers = {name: request.headers.get(name) for name in ("authorization", "idempotency-key")}
        self.told.append(await request.json() | headers)
        return Response(status_code=self.statuses.pop(0) if self.statuses else 202)


@asynccontextmanager
async def a_gateway(*statuses: int) -> AsyncIterator[AgencyGateway]:
    gateway = AgencyGateway(list(statuses))
    async with served(gateway.app()) as url:
        gateway.url = f"{url}/send"
        yield gateway


async def test_a_gateway_is_told_function_and_text_with_its_token() -> None:
    async with a_gateway() as gateway, httpx.AsyncClient() as client:
        payload = text_message_payload("samordnare", "Granit; ring samordnaren")
        await Gateway(client, gateway.url, "gateway-token").send(payload, "ntf-1")
        assert gateway.told == [
            {
                "to_function": "samordnare",
                "text": "Granit; ring samordnaren",
                "authorization": "Bearer gateway-token",
                "idempotency-key": "ntf-1",
            }
        ]


@pytest.mark.parametrize(("status", "error"), [(503, AwayError), (429, AwayError), (400, UndeliverableError)])
async def test_what_a_gateway_refuses_is_told_apart(status: int, error: type[Exception]) -> None:
    async with a_gateway(status) as gateway, httpx.AsyncClient() as client:
        with pytest.raises(error):
            await Gateway(client, gateway.url, None).send(b"{}", "ntf-1")


async def test_a_text_message_is_tried_until_the_gateway_takes_it_and_then_no_more(tmp_path: Path) -> None:
    async with a_gateway(503, 503) as gateway, an_exchange() as exchange, a_mail_server() as (mails, smtp):
        exchange.now = START - timedelta(hours=2)
        await exchange.tell(AV, rescheduled())
        files = [functions_of(AV, a_function(sms=True), sms_gateway=gateway.url)]
        async with notify(tmp_path, exchange.url, smtp, files):
            await until(lambda: len(gateway.told) == 3)
            await until(lambda: len(exchange.said) == 2)
            await asyncio.sleep(1)
            assert len(gateway.told) == 3
            assert len({told["idempotency-key"] for told in gateway.told}) == 1
            channels = {e.message.channel for e in exchange.said if isinstance(e.message, NotificationSent)}
            assert channels == {"mail", "sms"}
            assert len(mails.taken) == 1
