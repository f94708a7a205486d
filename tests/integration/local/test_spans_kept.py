"""Spans are kept when nobody looks, and shown to a Zipkin that starts later."""

import json
import tempfile
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from threading import Thread

import pytest
from opentelemetry.exporter.otlp.proto.http.trace_exporter import OTLPSpanExporter
from opentelemetry.sdk.resources import Resource
from opentelemetry.sdk.trace import TracerProvider
from opentelemetry.sdk.trace.export import SimpleSpanProcessor
from samsyn_local.processes import Part
from samsyn_local.run_folder import RunFolder
from samsyn_local.traces import span_keeper

from tests.integration.local.running import eventually


@pytest.fixture
def run() -> Iterator[RunFolder]:
    with tempfile.TemporaryDirectory() as folder:
        yield RunFolder(Path(folder))


@pytest.fixture
def keeper(run: RunFolder) -> Iterator[Part]:
    part = span_keeper(run, run.new_mark())
    part.start()
    try:
        part.wait_ready()
        yield part
    finally:
        part.stop()


def say_span(keeper: Part, name: str) -> None:
    provider = TracerProvider(resource=Resource.create({"service.name": "planning"}))
    provider.add_span_processor(SimpleSpanProcessor(OTLPSpanExporter(endpoint=f"{keeper.address}/v1/traces")))
    with provider.get_tracer("test").start_as_current_span(name):
        pass
    provider.shutdown()


def kept(run: RunFolder) -> list[str]:
    return [json.loads(line)["name"] for line in (run.state("spans") / "spans.ndjson").read_text().splitlines()]


def test_a_span_is_on_file_when_its_export_has_returned(run: RunFolder, keeper: Part) -> None:
    say_span(keeper, "replan")
    assert kept(run) == ["replan"]


def test_a_zipkin_that_starts_later_gets_the_spans_of_before(run: RunFolder, keeper: Part) -> None:
    say_span(keeper, "before")
    shown: list[str] = []

    class Zipkin(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            shown.extend(span["name"] for span in json.loads(self.rfile.read(int(self.headers["Content-Length"]))))
            self.send_response(202)
            self.send_header("Content-Length", "0")
            self.end_headers()

    server = ThreadingHTTPServer(("127.0.0.1", run.port("zipkin")), Zipkin)
    thread = Thread(target=server.serve_forever)
    thread.start()
    try:
        eventually(lambda: shown == ["before"], timeout_seconds=10)
    finally:
        server.shutdown()
        server.server_close()
        thread.join()
