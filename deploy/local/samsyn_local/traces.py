"""Traces: the part that keeps spans (always there) and Zipkin, which shows them when asked."""

import http.client
import json
import signal
import sys

from samsyn_local import artifacts
from samsyn_local.artifacts import Say, program, version_of
from samsyn_local.failure import StartError
from samsyn_local.guard import Guard
from samsyn_local.processes import Part, clean_environment
from samsyn_local.run_folder import RunFolder


def span_keeper(run: RunFolder, mark: str) -> Part:
    """The receiver of OTLP, which every service of the run is told of."""
    port = run.port("spans")
    command = [sys.executable, "-m", "samsyn_local.span_keeper", str(port), str(run.port("zipkin"))]
    return Part(
        name="spans",
        command=command,
        environment=clean_environment(mark, SAMSYN_STATE_DIR=str(run.state("spans"))),
        log=run.log("spans"),
        address=f"http://127.0.0.1:{port}",
        is_ready=lambda: answers_up(port, "/health"),
    )


def zipkin(run: RunFolder, mark: str, say: Say) -> Part:
    """Zipkin with its memory as storage, on the loopback; the keeper of spans fills it."""
    java = artifacts.java()
    jar = next(program("zipkin", say).glob("zipkin-server-*.jar"))
    port = run.port("zipkin")
    listen = [f"--armeria.ports[0].{name}" for name in (f"port={port}", "ip=127.0.0.1", "protocols[0]=http")]
    return Part(
        name="zipkin",
        command=[java, "-Xmx512m", "-XX:+UseSerialGC", "-XX:TieredStopAtLevel=1", "-jar", str(jar), *listen],
        environment=clean_environment(mark, QUERY_PORT=str(port)),
        log=run.log("zipkin"),
        address=f"http://127.0.0.1:{port}/zipkin/",
        is_ready=lambda: answers_up(port, "/health"),
        version=version_of("zipkin"),
    )


def show_kept(run: RunFolder, say: Say) -> None:
    """Show the spans that a run has kept, though nothing else of it is running, until Ctrl-C."""
    if not (run.state("spans") / "spans.ndjson").exists():
        raise StartError("Nothing is running here and no spans were kept; `samsyn up` or `samsyn demo` makes some.")
    run.lock()
    mark = run.new_mark()
    guard = Guard.over(mark)
    parts = [span_keeper(run, mark), zipkin(run, mark, say)]
    try:
        for part in parts:
            part.start()
            part.wait_ready()
        say(f"{parts[-1].address} (Ctrl-C ends it)")
        signal.pause()
    except KeyboardInterrupt:
        say("Stopped")
    finally:
        for part in reversed(parts):
            part.stop()
        guard.close()
        run.unlock()


def answers_up(port: int, path: str) -> bool:
    """Whether GET on the loopback answers 200 with a JSON status of up (in any case)."""
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=2)
    try:
        connection.request("GET", path)
        response = connection.getresponse()
        said = json.loads(response.read() or b"{}")
        return response.status == 200 and str(said.get("status", "")).lower() == "up"
    except (OSError, http.client.HTTPException, ValueError, AttributeError):
        return False
    finally:
        connection.close()
