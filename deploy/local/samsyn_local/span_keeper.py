"""The part `spans`: receives OTLP over HTTP, keeps every span in a file and shows them to Zipkin.

Zipkin starts only when someone wants to look, and forgets all when it stops. The file remembers,
so a trace of before Zipkin's start is not lost. It stands where Zipkin's own OTLP module would:
that module's jar is no longer to be had from Maven Central.
"""

import gzip
import http.client
import itertools
import json
import os
import sys
import threading
import time
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

from opentelemetry.proto.collector.trace.v1.trace_service_pb2 import ExportTraceServiceRequest

from samsyn_local.zipkin_form import zipkin_spans

LARGEST_FILE = 200_000_000
NUM_LINES_AT_ONCE = 500


class SpanFile:
    """The spans received, one Zipkin span per line."""

    def __init__(self, path: Path) -> None:
        self._path = path
        self._lock = threading.Lock()
        if path.exists() and path.stat().st_size > LARGEST_FILE:
            path.rename(path.with_suffix(".ndjson.1"))
        path.touch()

    def add(self, request: ExportTraceServiceRequest) -> None:
        """Write the spans of one request at the end."""
        lines = "".join(json.dumps(span, ensure_ascii=False) + "\n" for span in zipkin_spans(request))
        with self._lock, self._path.open("a", encoding="utf-8") as file:
            file.write(lines)

    def after(self, position: int) -> tuple[list[str], int]:
        """Some whole lines after a position in bytes, and the position after them."""
        with self._lock, self._path.open("rb") as file:
            file.seek(position)
            lines = [line.decode() for line in itertools.islice(iter(file.readline, b""), NUM_LINES_AT_ONCE)]
            return lines, file.tell()


def serve(port: int, zipkin_port: int, folder: Path) -> None:
    """Receive at POST /v1/traces on the loopback until the process is stopped."""
    spans = SpanFile(folder / "spans.ndjson")
    threading.Thread(target=_show, args=(spans, zipkin_port), daemon=True).start()

    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"

        def do_GET(self) -> None:
            """Health, for the supervisor."""
            self._answer(200, b'{"status":"up"}', "application/json")

        def do_POST(self) -> None:
            """Keep the spans, then answer: what is answered is on file."""
            body = self.rfile.read(int(self.headers.get("Content-Length", 0)))
            if self.headers.get("Content-Encoding") == "gzip":
                body = gzip.decompress(body)
            try:
                spans.add(ExportTraceServiceRequest.FromString(body))
            except Exception:  # protobuf's DecodeError, whose module tells no types
                self._answer(400, b"", "text/plain")
                return
            self._answer(200, b"", "application/x-protobuf")

        def _answer(self, status: int, body: bytes, content_type: str) -> None:
            self.send_response(status)
            self.send_header("Content-Type", content_type)
            self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)

        def log_request(self, code: int | str = "-", size: int | str = "-") -> None:
            """Say nothing: a line per batch of spans helps nobody."""

    ThreadingHTTPServer(("127.0.0.1", port), Handler).serve_forever()


def _show(spans: SpanFile, zipkin_port: int) -> None:
    """Send the file to Zipkin whenever it is there; from the beginning when it has been away."""
    position = 0
    while True:
        lines, after = spans.after(position)
        if lines and not _send(lines, zipkin_port):
            position = 0
            time.sleep(1.0)
        else:
            position = after
            time.sleep(0 if lines else 0.2)


def _send(lines: list[str], zipkin_port: int) -> bool:
    connection = http.client.HTTPConnection("127.0.0.1", zipkin_port, timeout=10)
    try:
        connection.request(
            "POST", "/api/v2/spans", f"[{','.join(lines)}]".encode(), {"Content-Type": "application/json"}
        )
        return connection.getresponse().status == 202
    except OSError:
        return False
    finally:
        connection.close()


if __name__ == "__main__":
    serve(int(sys.argv[1]), int(sys.argv[2]), Path(os.environ["SAMSYN_STATE_DIR"]))
