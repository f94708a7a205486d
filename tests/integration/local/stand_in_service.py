"""A stand-in for a service: says that it is up, has a child, and dies at start when its folder says so."""

import os
import subprocess
import sys
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path


class Handler(BaseHTTPRequestHandler):
    def do_GET(self) -> None:
        body = b'{"status": "up"}'
        self.send_response(200)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)


def main() -> None:
    folder = Path(os.environ["SAMSYN_STATE_DIR"])
    if (folder / "die").exists():
        sys.exit("told to die")
    child = subprocess.Popen([sys.executable, "-c", "import time; time.sleep(600)"])
    (folder / "child").write_text(str(child.pid))
    told = sorted(f"{name}={value}" for name, value in os.environ.items() if name.startswith("SAMSYN_"))
    (folder / "told").write_text("\n".join(told))
    ThreadingHTTPServer(("127.0.0.1", int(os.environ["SAMSYN_HTTP_PORT"])), Handler).serve_forever()


if __name__ == "__main__":
    main()
