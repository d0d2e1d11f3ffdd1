"""An endpoint for benchmarks that always says the same, after a while: `python endpoint.py SECONDS`.

Prints its address as the first line and runs until standard input ends. A process of its own, so
that it takes no time of the one that is measured.
"""

from __future__ import annotations

import json
import sys
import threading
import time
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

_ANSWER = json.dumps(
    {
        "findings": [
            {
                "on": "objective",
                "rule": "O1",
                "quote": "words that stand nowhere",
                "message": "It may be asked what will be different.",
                "question": "What will be different?",
                "rewrite": None,
                "citations": [],
                "confidence": 0.6,
            }
        ]
    }
)
_PIECE = 12


def _events() -> bytes:
    pieces = [_ANSWER[start : start + _PIECE] for start in range(0, len(_ANSWER), _PIECE)]
    deltas = [({"role": "assistant", "content": piece}, None) for piece in pieces]
    usage = {"prompt_tokens": 2000, "completion_tokens": 80, "total_tokens": 2080}
    chunks = [_chunk(delta, finish) for delta, finish in (*deltas, ({}, "stop"))]
    chunks.append({**_chunk({}, None), "choices": [], "usage": usage})
    lines = [*(json.dumps(item) for item in chunks), "[DONE]"]
    return "".join(f"data: {line}\n\n" for line in lines).encode()


def _chunk(delta: dict[str, str], finish: str | None) -> dict[str, object]:
    choice = {"index": 0, "delta": delta, "finish_reason": finish}
    return {"id": "c", "object": "chat.completion.chunk", "model": "bench", "choices": [choice]}


def main(seconds: float) -> None:
    events = _events()

    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"

        def do_POST(self) -> None:
            self.rfile.read(int(self.headers["Content-Length"]))
            time.sleep(seconds)
            self.send_response(200)
            self.send_header("Content-Type", "text/event-stream")
            self.send_header("Content-Length", str(len(events)))
            self.end_headers()
            self.wfile.write(events)

        def log_message(self, *_: object) -> None:
            return None

    class Server(ThreadingHTTPServer):
        request_queue_size = 100
        daemon_threads = True

    with Server(("127.0.0.1", 0), Handler) as server:
        threading.Thread(target=server.serve_forever, daemon=True).start()
        print(f"http://127.0.0.1:{server.server_port}/v1", flush=True)
        sys.stdin.read()


if __name__ == "__main__":
    main(float(sys.argv[1]))
