"""A routing server of a town that is all right angles. It remembers what it was asked, and can be
told to be ill."""

import json
import time
from contextlib import contextmanager, suppress
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from math import cos, radians
from threading import Thread
from urllib.parse import parse_qs, urlsplit

DEGREE_M = 111_195
METRES_A_SECOND = 10


class Town:
    """`mood` is well, broken, slow, nonsense, page, short, none, endless or too-big."""

    def __init__(self):
        self.mood, self.asked, self.url = "well", [], ""

    def table(self, sources, targets):
        """Metres from each to each, along the streets."""
        far = [[_apart(one, other) for other in targets] for one in sources]
        match self.mood:
            case "nonsense":
                far[0][-1] = "far"
            case "short":
                far = far[:-1]
            case "none":
                far = [[None for _ in row] for row in far]
        return far


def _apart(one, other):
    north = abs(one[0] - other[0])
    east = abs(one[1] - other[1]) * cos(radians(one[0]))
    return round((north + east) * DEGREE_M, 1)


@contextmanager
def open_town():
    town = Town()

    class Answering(BaseHTTPRequestHandler):
        def do_GET(self):
            where = urlsplit(self.path)
            way, query = where.path.rpartition("/")[2], parse_qs(where.query)
            places = [tuple(map(float, pair.split(",")))[::-1] for pair in way.split(";")]
            sources, targets = (
                [places[int(n)] for n in query[name][0].split(";")]
                for name in ("sources", "destinations")
            )
            assert where.path.startswith("/table/v1/driving/")
            town.asked.append(("osrm", len(sources), len(targets)))
            if len(places) > 100:
                return self._say(400, {"code": "TooBig"})
            far = town.table(sources, targets)
            took = [[_seconds(way) for way in row] for row in far]
            return self._say(200, {"code": "Ok", "distances": far, "durations": took})

        def do_POST(self):
            asked = json.loads(self.rfile.read(int(self.headers["content-length"])))
            assert (self.path, asked["costing"]) == ("/sources_to_targets", "auto")
            sources, targets = (
                [(one["lat"], one["lon"]) for one in asked[name]] for name in ("sources", "targets")
            )
            town.asked.append(("valhalla", len(sources), len(targets)))
            rows = [
                [{"distance": _kilometres(way), "time": _seconds(way)} for way in row]
                for row in town.table(sources, targets)
            ]
            return self._say(200, {"sources_to_targets": rows, "units": "kilometers"})

        def _say(self, status, answer):
            if town.mood == "slow":
                time.sleep(0.6)
            body = json.dumps(answer).encode()
            if town.mood == "page":
                body = b"<html>Bad gateway</html>"
            if town.mood == "endless":
                body = b" " * 17 * 1024 * 1024
            self.send_response(503 if town.mood == "broken" else status)
            self.send_header("content-length", str(len(body)))
            self.end_headers()
            with suppress(OSError):  # nobody waits any more
                self.wfile.write(body)

        def log_message(self, *_):
            pass

    server = ThreadingHTTPServer(("127.0.0.1", 0), Answering)
    server.daemon_threads = True
    town.url = f"http://127.0.0.1:{server.server_port}"
    Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02}, daemon=True).start()
    try:
        yield town
    finally:
        server.shutdown()
        server.server_close()


def _seconds(way):
    return way / METRES_A_SECOND if isinstance(way, float) else way


def _kilometres(way):
    return way / 1000 if isinstance(way, float) else way
