"""`python3 -m app`: own servers, migrations, demo, web and worker; and all of it ends with it."""

import fcntl
import http.client
import os
import signal
import ssl
import subprocess
import sys
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager, suppress
from pathlib import Path
from types import FrameType
from urllib.parse import urlsplit

import msgspec

from app import bootstrap
from app.serving import network
from app.serving.children import Child, command, stop_all
from app.serving.services import services
from app.settings import Settings, Unsettled, as_environment, make_home

LOOK_EVERY_S = 0.2
OPENS_WITHIN_S = 60.0


class _Told(Exception):
    """SIGTERM or SIGHUP: close the shop, as Ctrl-C does."""


def serve(settings: Settings, *, chosen: set[str], tls: bool) -> None:
    """Run the shop until told to stop. `chosen` names the settings that somebody set.

    Raises `Unsettled` when the port is taken or the shop is open already, `DidNotStart` when one
    of its own servers does not start.
    """
    with _shop_is_ours(settings), _told_to_stop(), suppress(KeyboardInterrupt, _Told):
        bootstrap.browser_packages()
        settings = _settled(settings, chosen, tls)
        with services(settings) as running:
            environment = {**os.environ, **as_environment(running)}
            _prepare(running, environment, own_database=not settings.database_url)
            _run(running, environment, _certificate(running) if tls else [])


@contextmanager
def _shop_is_ours(settings: Settings) -> Iterator[None]:
    """One supervisor per data folder; two would print two sets of posters and sell one stock."""
    if settings.env == "production":
        yield
        return
    lock = os.open(make_home(settings.home) / "open.lock", os.O_RDWR | os.O_CREAT, 0o600)
    try:
        fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        raise Unsettled(
            f"This shop is open already, at {settings.base_url}. Another one needs another"
            " PERRON_HOME."
        ) from None
    try:
        yield
    finally:
        os.close(lock)


@contextmanager
def _told_to_stop() -> Iterator[None]:
    def tell(number: int, _: FrameType | None) -> None:
        for told in (signal.SIGTERM, signal.SIGHUP):
            signal.signal(told, signal.SIG_IGN)
        raise _Told(number)

    before = {told: signal.signal(told, tell) for told in (signal.SIGTERM, signal.SIGHUP)}
    try:
        yield
    finally:
        for told, handler in before.items():
            signal.signal(told, handler)


def _settled(settings: Settings, chosen: set[str], tls: bool) -> Settings:
    """The port that is really free, and the address a phone in the same network can open."""
    port = settings.port
    if "port" in chosen or settings.env == "production":
        if not network.is_free(settings.host, port):
            raise Unsettled(f"Port {port} is taken; set PERRON_PORT to another one.")
    elif (free := network.free_port(settings.host, port)) is None:
        raise Unsettled(f"Port {port} and the next ones are taken; set PERRON_PORT to a free one.")
    else:
        port = free
    base_url = settings.base_url
    if "base_url" not in chosen:
        loopback = settings.host in ("127.0.0.1", "localhost", "::1")
        name = "localhost" if loopback else network.local_address()
        base_url = f"{'https' if tls else 'http'}://{name}:{port}"
        (make_home(settings.home) / "address").write_text(base_url)
    return msgspec.structs.replace(settings, port=port, base_url=base_url)


def _certificate(settings: Settings) -> list[str]:
    from app.serving.certificate import certificate_for

    name = urlsplit(settings.base_url).hostname or "localhost"
    certificate, key = certificate_for(name, settings.home / "tls")
    return ["--certificate", str(certificate), "--key", str(key)]


def _prepare(settings: Settings, environment: dict[str, str], *, own_database: bool) -> None:
    """In a process of its own, whose memory is given back; nothing at all when nothing is new."""
    from app.serving import stamps

    if own_database and stamps.is_prepared(settings):
        return
    words = ["prepare", "--demo"] if own_database else ["prepare"]
    with subprocess.Popen(
        command(*words), env=_tied(environment), stdin=subprocess.DEVNULL
    ) as preparing:
        try:
            code = preparing.wait()
        except BaseException:
            preparing.terminate()
            raise
    if code:
        raise Unsettled(f"The shop could not be made ready to open (exit code {code}).")


def _run(settings: Settings, environment: dict[str, str], certificate: Sequence[str]) -> None:
    def log(name: str) -> Path | None:
        return None if settings.env == "production" else settings.home / f"{name}.log"

    web = Child(["web", *certificate], _tied(environment), log("web"))
    worker = Child(["worker"], _tied(environment), log("worker"))
    children = [web, worker]
    try:
        web.start()  # alone at first: it is the one somebody waits for
        _wait_until_open(settings, web, tls=bool(certificate))
        worker.start()
        _show(settings)
        while True:
            for child in children:
                if said := child.tend():
                    print(said, file=sys.stderr, flush=True)
            time.sleep(LOOK_EVERY_S)
    finally:
        stop_all(children)


def _tied(environment: dict[str, str]) -> dict[str, str]:
    return {**environment, "PERRON_SUPERVISOR": str(os.getpid())}


def _wait_until_open(settings: Settings, web: Child, *, tls: bool) -> None:
    until = time.monotonic() + OPENS_WITHIN_S
    while not _is_open(settings, tls=tls):
        if not web.runs or time.monotonic() > until:
            reason = f"The shop did not open; see {web.log}" if web.log else "The shop did not open"
            raise Unsettled(reason + _end_of(web.log))
        time.sleep(0.02)


def _is_open(settings: Settings, *, tls: bool) -> bool:
    host = "127.0.0.1" if settings.host in ("0.0.0.0", "localhost") else settings.host
    # The certificate is our own and the way is inside this machine.
    connection = (
        http.client.HTTPSConnection(
            host, settings.port, timeout=2, context=ssl._create_unverified_context()
        )
        if tls
        else http.client.HTTPConnection(host, settings.port, timeout=2)
    )
    try:
        name = urlsplit(settings.base_url).netloc
        connection.request("GET", "/health/ready", headers={"Host": name})
        return connection.getresponse().status == 200
    except OSError:
        return False
    finally:
        connection.close()


def _end_of(log: Path | None) -> str:
    if log is None or not log.exists():
        return ""
    return "\n" + "\n".join(log.read_text("utf-8", "replace").splitlines()[-15:])


def _show(settings: Settings) -> None:
    from app.serving.screen import show

    show(settings)
