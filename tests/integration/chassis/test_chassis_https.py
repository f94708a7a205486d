"""A service serves its pages over TLS where it is given a certificate."""

from __future__ import annotations

import asyncio
import shutil
import socket
import ssl
from pathlib import Path

import httpx
import pytest
import uvicorn
from fastapi import FastAPI
from samsyn_chassis.app import served_as
from samsyn_chassis.settings import Settings

from tests.support.answering_exchange import until

SUBJECT = ["-subj", "/CN=localhost", "-addext", "subjectAltName=DNS:localhost"]


@pytest.fixture
async def certificate(tmp_path: Path) -> tuple[Path, Path]:
    """A certificate that we have made ourselves, and its key."""
    if shutil.which("openssl") is None:
        pytest.skip("openssl is not here to make a certificate")
    certificate, key = tmp_path / "certificate.pem", tmp_path / "key.pem"
    making = await asyncio.create_subprocess_exec(
        *("openssl", "req", "-x509", "-newkey", "rsa:2048", "-nodes", "-days", "1", *SUBJECT),
        *("-out", str(certificate), "-keyout", str(key)),
        stderr=asyncio.subprocess.DEVNULL,
    )
    assert await making.wait() == 0
    return certificate, key


def a_free_port() -> int:
    with socket.socket() as listening:
        listening.bind(("127.0.0.1", 0))
        port: int = listening.getsockname()[1]
        return port


async def test_a_service_with_a_certificate_serves_https_and_nothing_else(certificate: tuple[Path, Path]) -> None:
    own, key = certificate
    settings = Settings(
        kafka="127.0.0.1:1",
        database="postgresql://none",
        http_port=a_free_port(),
        environment="test",
        http_certificate=str(own),
        http_key=str(key),
    )
    application = FastAPI()
    application.add_api_route("/health", lambda: {"status": "up"})
    server = uvicorn.Server(uvicorn.Config(application, **served_as(settings)))
    serving = asyncio.create_task(server.serve())
    try:
        await until(lambda: server.started)
        trusting = ssl.create_default_context(cafile=own)
        async with httpx.AsyncClient(verify=trusting) as client:
            answer = await client.get(f"https://localhost:{settings.http_port}/health")
            with pytest.raises(httpx.TransportError):
                await client.get(f"http://localhost:{settings.http_port}/health")
        assert answer.json() == {"status": "up"}
    finally:
        server.should_exit = True
        await serving
