"""What an operator can set: by flag, by environment, by a `.env` file, in this order.

Every field of `Settings` is one setting, named in `NAMES`; `.env.example` lists them all.
A name followed by `_FILE` reads the value from that file, as container platforms hand out secrets.
"""

import difflib
import os
import pwd
import re
import secrets
from collections.abc import Collection, Mapping
from ipaddress import ip_network
from pathlib import Path
from typing import Any, Literal, get_args, get_origin, get_type_hints
from zoneinfo import ZoneInfo, available_timezones

import msgspec

ROOT = Path(__file__).resolve().parent.parent
SYSTEM_HOME = Path("/var/lib/perron")
SHORTEST_SECRET = 32
IN_STORE_HERE = ("21=price", "22=price", "23=price", "27=weight", "28=weight", "29=weight")
"""What a store's own number with this prefix has inside, as it is done in the Netherlands."""


class Unsettled(Exception):
    """The shop cannot open with these settings; the text says what to set, one per line."""


class Settings(msgspec.Struct, frozen=True, kw_only=True):
    home: Path
    secret: str
    base_url: str
    env: Literal["demo", "production"] = "demo"
    host: str = "0.0.0.0"
    port: int = 8000
    database_url: str = ""
    redis_url: str = ""
    smtp_url: str = ""
    sms_folder: str = ""
    mail_from: str = "Perron <shop@localhost>"
    stripe_key: str = ""
    stripe_webhook_secrets: tuple[str, ...] = ()
    stripe_means: tuple[str, ...] = ("card", "ideal")
    stripe_address: str = ""
    takes_money: Literal["ordered", "packed"] = "ordered"
    log_level: Literal["debug", "info", "warning", "error"] = "info"
    web_processes: int = 1
    pool_size: int = 10
    trusted_proxies: tuple[str, ...] = ()
    languages: tuple[str, ...] = ("nl", "en", "ko")
    time_zone: str = "Europe/Amsterdam"
    currency: str = "EUR"
    phone: str = ""
    points: int = 0
    osrm_url: str = ""
    valhalla_url: str = ""
    in_store: tuple[str, ...] = IN_STORE_HERE

    @property
    def secure_cookies(self) -> bool:
        """A demo on plain http would otherwise never get its cookies back."""
        return self.base_url.startswith("https://")

    @property
    def zone(self) -> ZoneInfo:
        return ZoneInfo(self.time_zone)

    def __repr__(self) -> str:
        # Secrets and passwords in URLs must not reach a log by way of a traceback.
        return f"Settings({self.env}, {self.home}, {self.base_url})"


NAMES = {
    "env": "PERRON_ENV",
    "home": "PERRON_HOME",
    "host": "PERRON_HOST",
    "port": "PERRON_PORT",
    "base_url": "PERRON_BASE_URL",
    "database_url": "DATABASE_URL",
    "redis_url": "REDIS_URL",
    "secret": "PERRON_SECRET",
    "smtp_url": "PERRON_SMTP_URL",
    "sms_folder": "PERRON_SMS_FOLDER",
    "mail_from": "PERRON_MAIL_FROM",
    "stripe_key": "PERRON_STRIPE_KEY",
    "stripe_webhook_secrets": "PERRON_STRIPE_WEBHOOK_SECRETS",
    "stripe_means": "PERRON_STRIPE_MEANS",
    "stripe_address": "PERRON_STRIPE_ADDRESS",
    "takes_money": "PERRON_TAKES_MONEY",
    "log_level": "PERRON_LOG_LEVEL",
    "web_processes": "PERRON_WEB_PROCESSES",
    "pool_size": "PERRON_POOL_SIZE",
    "trusted_proxies": "PERRON_TRUSTED_PROXIES",
    "languages": "PERRON_LANGUAGES",
    "time_zone": "PERRON_TIME_ZONE",
    "currency": "PERRON_CURRENCY",
    "phone": "PERRON_PHONE",
    "points": "PERRON_POINTS",
    "osrm_url": "PERRON_OSRM_URL",
    "valhalla_url": "PERRON_VALHALLA_URL",
    "in_store": "PERRON_IN_STORE",
}


WAY_TO = r"(?:[^\s/]*@)?(?:\[[0-9a-fA-F:.]+\]|[^\s/:@\[\]]*)(?::[0-9]{1,5})?"
"""`user:password@host:port`, of which the host may be a name or an address."""
SHAPES = {
    "base_url": (r"https?://[^/\s?#@]+", "an address like https://host"),
    "stripe_address": (r"https?://[^\s?#@]+", "an address like https://host"),
    "mail_from": (r"(?:[^<>]*<)?[^\s@<>]+@[^\s@<>]+>?", "an address like Shop <shop@host>"),
    "osrm_url": (r"https?://[^\s?#]+", "an address like http://host:5000"),
    "valhalla_url": (r"https?://[^\s?#]+", "an address like http://host:8002"),
    "currency": (r"[A-Z]{3}", "an ISO 4217 code like EUR"),
    "phone": (r"\+?[0-9][0-9 ()./-]{1,28}", "a phone number like +31 30 123 4567"),
    "database_url": (
        rf"postgres(?:ql)?://{WAY_TO}(?:,{WAY_TO})*(?:[/?]\S*)?",
        "an address like postgresql://user:password@host/database",
    ),
    "redis_url": (
        rf"rediss?://{WAY_TO}(?:/[0-9]*)?(?:\?\S*)?|unix://\S+",
        "an address like redis://host:6379/0",
    ),
    "smtp_url": (rf"smtps?://{WAY_TO}/?", "an address like smtps://user:password@host:465"),
}
"""Settings that are text of one shape, and what to call it."""
WITH_PASSWORDS = {"database_url", "redis_url", "smtp_url"}
LANGUAGES = {"nl", "en", "ko"}
NOT_OURS = {"PERRON_SUPERVISOR", "PERRON_VENV", "PERRON_CHROMIUM"}
"""Said to others than the shop: to whoever starts it, installs it or tests it."""


def load(env: Mapping[str, str] | None = None, flags: Mapping[str, Any] | None = None) -> Settings:
    """Read the settings; without `env` from the process and the `.env` of this folder.

    `flags` are named as the fields of `Settings`; None means not given.
    Raises `Unsettled`, which names every setting that is wrong or missing.
    """
    if env is None:
        env = {**env_file(Path(".env")), **os.environ}
    _no_slips(env)
    given = {field: value for field, name in NAMES.items() if (value := _read(env, name))}
    given |= {field: str(value) for field, value in (flags or {}).items() if value is not None}
    values = _understood(given)

    problems = _missing_in_production(values) if values.get("env") == "production" else []
    if problems:
        raise Unsettled("\n".join(problems))

    home = values.setdefault("home", default_home(env))
    values.setdefault("base_url", _address_of(home, values.get("port", 8000)))
    if "secret" not in values:
        values["secret"] = _secret_of(home)
    return Settings(**values)


def chosen(flags: Mapping[str, Any] | None = None) -> set[str]:
    """The fields that somebody set, by flag, environment or .env; the others have their default."""
    env = {**env_file(Path(".env")), **os.environ}
    by_name = {field for field, name in NAMES.items() if _read(env, name)}
    return by_name | {field for field, value in (flags or {}).items() if value is not None}


def as_environment(settings: Settings) -> dict[str, str]:
    """The same settings as environment variables, for a child process."""

    def text(value: Any) -> str:
        return ",".join(value) if isinstance(value, tuple) else str(value)

    return {name: text(getattr(settings, field)) for field, name in NAMES.items()}


def env_file(path: Path) -> dict[str, str]:
    """NAME=value lines; quotes around a value are taken off, # starts a comment line."""
    if not path.is_file():
        return {}
    lines = (line.strip().removeprefix("export ") for line in _text_in(path, ".env").splitlines())
    pairs = (line.split("=", 1) for line in lines if "=" in line and not line.startswith("#"))
    return {name.strip(): value.strip().strip("'\"") for name, value in pairs}


def default_home(env: Mapping[str, str]) -> Path:
    """The data folder: the system's for root, the person's own otherwise.

    Without a home folder of their own (a bare uid in a container) it stands in the checkout.
    """
    if os.geteuid() == 0:
        return SYSTEM_HOME
    for state in (env.get("XDG_STATE_HOME"), *(f"{of}/.local/state" for of in _homes(env))):
        if state and _can_write(Path(state)):
            return Path(state, "perron")
    return ROOT / ".perron"


def make_home(home: Path) -> Path:
    """Make the data folder when it is not there. A folder made by someone else stays as it is."""
    try:
        if not home.is_dir():
            home.mkdir(parents=True)
            # The servers of root's shop run as another user, who must get through to their data.
            home.chmod(0o711 if os.geteuid() == 0 else 0o700)
    except OSError as error:
        raise Unsettled(
            f"The data folder {home} cannot be made ({error.strerror});"
            " set PERRON_HOME to a folder you may write to."
        ) from error
    return home


def _read(env: Mapping[str, str], name: str) -> str:
    if env.get(name):
        return env[name].strip()
    if kept := env.get(f"{name}_FILE"):
        return _text_in(Path(kept), f"{name}_FILE").strip()
    return ""


def _text_in(path: Path, name: str) -> str:
    try:
        return path.read_text("utf-8")
    except OSError as error:
        raise Unsettled(f"{name}: {path} cannot be read ({error.strerror})") from error
    except UnicodeError as error:
        raise Unsettled(f"{name}: {path} is not text in UTF-8") from error


def _no_slips(env: Mapping[str, str]) -> None:
    """A name that is nearly one of ours would be passed over without a word. Raises Unsettled."""
    known = {*NAMES.values(), *(f"{name}_FILE" for name in NAMES.values()), *NOT_OURS}
    slips = [name for name in env if name.startswith("PERRON_") and name not in known]
    meant = {name: difflib.get_close_matches(name, known, 1, cutoff=0.9) for name in slips}
    if problems := [
        f"{name} is no setting; did you mean {close[0]}?" for name, close in meant.items() if close
    ]:
        raise Unsettled("\n".join(problems))


def _understood(given: Mapping[str, str]) -> dict[str, Any]:
    values: dict[str, Any] = {}
    problems = []
    for field, kind in get_type_hints(Settings).items():
        if field not in given:
            continue
        try:
            values[field] = _value(field, kind, given[field])
        except (msgspec.ValidationError, ValueError) as error:
            problems.append(f"{NAMES[field]}: {error}")
    if problems:
        raise Unsettled("\n".join(problems))
    return values


def _value(field: str, kind: Any, text: str) -> Any:
    if field in SHAPES:
        return _shaped(field, text.rstrip("/"))
    match field:
        case "home":
            return Path(text).expanduser().absolute()
        case "trusted_proxies":
            return tuple(str(ip_network(word)) for word in _words(text))
        case "languages":
            return tuple(_one_of(word, LANGUAGES) for word in _words(text))
        case "stripe_webhook_secrets" | "stripe_means":
            return _words(text)
        case "in_store":
            return _in_store(text)
        case "time_zone" if text not in available_timezones():
            raise ValueError(f"{text!r} is not a time zone like Europe/Amsterdam")
        case "port" | "web_processes" | "pool_size":
            return _whole(text, 65535 if field == "port" else 1000)
        case "points":
            return 0 if text == "0" else _whole(text, 100)
        case _:
            return _plain(kind, text)


def _plain(kind: Any, text: str) -> Any:
    if get_origin(kind) is Literal:
        return _one_of(text, get_args(kind))
    return msgspec.convert(text, kind, strict=False)


def _shaped(field: str, text: str) -> str:
    return _checked(text, *SHAPES[field], "this" if field in WITH_PASSWORDS else "")


def _words(text: str) -> tuple[str, ...]:
    return tuple(dict.fromkeys(word.strip() for word in text.split(",") if word.strip()))


def _one_of(text: str, choices: Collection[str]) -> str:
    if text not in choices:
        raise ValueError(f"{text!r} is not one of {', '.join(sorted(choices))}")
    return text


def _in_store(text: str) -> tuple[str, ...]:
    """`none`, or `22=price,28=weight`: prefixes 20 to 29 (GS1 General Specifications, 2.1.11)."""
    if text.strip().lower() == "none":
        return ("none",)
    wanted = "a list like 22=price,28=weight of prefixes from 20 to 29, or none"
    parts = [part.strip().lower() for part in text.split(",")]
    for part in parts:
        _checked(part, r"2[0-9]=(price|weight)", wanted)
    if len({part[:2] for part in parts}) < len(parts):
        raise ValueError(f"{text!r} names a prefix twice")
    return tuple(sorted(parts))


def _checked(text: str, pattern: str, wanted: str, shown: str = "") -> str:
    if not re.fullmatch(pattern, text):
        raise ValueError(f"{shown or repr(text)} is not {wanted}")
    return text


def _whole(text: str, most: int) -> int:
    if not re.fullmatch(r"[0-9]{1,5}", text) or not 1 <= int(text) <= most:
        raise ValueError(f"{text!r} is not a whole number from 1 to {most}")
    return int(text)


def _missing_in_production(values: Mapping[str, Any]) -> list[str]:
    """A shop with real customers never falls back to anything made for a demo."""
    problems = []
    if not values.get("database_url"):
        problems.append("DATABASE_URL is missing: production does not start its own PostgreSQL.")
    if not values.get("redis_url"):
        problems.append("REDIS_URL is missing: production does not start its own Valkey.")
    if len(values.get("secret", "")) < SHORTEST_SECRET:
        problems.append(
            f"PERRON_SECRET is missing or shorter than {SHORTEST_SECRET} characters:"
            " production does not make its own."
        )
    if not values.get("base_url", "").startswith("https://"):
        problems.append("PERRON_BASE_URL is missing or not https: it is printed on every wall.")
    return problems


def _address_of(home: Path, port: int) -> str:
    """Where this shop last opened: its posters carry that address, other verbs must agree."""
    try:
        return (home / "address").read_text("utf-8").strip()
    except OSError:
        return f"http://localhost:{port}"


def _secret_of(home: Path) -> str:
    """One secret per data folder, made once, also when two processes start at the same time."""
    kept = make_home(home) / "secret"
    if not kept.exists():
        fresh = home / f"secret.{secrets.token_hex(8)}"
        try:
            descriptor = os.open(fresh, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
        except OSError as error:
            raise Unsettled(f"PERRON_HOME: {home} is not writable ({error.strerror})") from error
        with os.fdopen(descriptor, "w") as file:
            file.write(secrets.token_urlsafe(48))
        try:
            os.link(fresh, kept)
        except FileExistsError:
            pass
        finally:
            fresh.unlink()
    return kept.read_text("utf-8")


def _homes(env: Mapping[str, str]) -> list[str]:
    try:
        of_the_account = [pwd.getpwuid(os.geteuid()).pw_dir]
    except KeyError:
        of_the_account = []
    return [env.get("HOME", ""), *of_the_account]


def _can_write(folder: Path) -> bool:
    """Whether this folder, or the nearest that exists above it, takes new entries."""
    for place in (folder, *folder.parents):
        try:
            if place.exists():
                return os.access(place, os.W_OK | os.X_OK)
        except OSError:
            return False
    return False
