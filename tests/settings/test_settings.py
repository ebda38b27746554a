import stat
from pathlib import Path

import pytest

from app import settings
from app.settings import Unsettled

PRODUCTION = {
    "PERRON_ENV": "production",
    "DATABASE_URL": "postgresql://shop@db/shop",
    "REDIS_URL": "redis://cache",
    "PERRON_SECRET": "s" * 32,
    "PERRON_BASE_URL": "https://perron.example",
}


def test_the_example_lists_every_setting_with_its_default(tmp_path: Path) -> None:
    example = settings.env_file(settings.ROOT / ".env.example")
    assert set(example) == set(settings.NAMES.values())
    assert set(settings.NAMES) == set(settings.Settings.__struct_fields__)

    as_listed = settings.load({**example, "PERRON_HOME": str(tmp_path)})
    as_nothing = settings.load({"PERRON_HOME": str(tmp_path)})
    assert as_listed == as_nothing


def test_flags_win_over_the_environment(tmp_path: Path) -> None:
    env = {"PERRON_HOME": str(tmp_path), "PERRON_PORT": "9000", "PERRON_LOG_LEVEL": "debug"}

    chosen = settings.load(env, {"port": 9100, "log_level": None})

    assert (chosen.port, chosen.log_level) == (9100, "debug")


def test_the_environment_wins_over_the_env_file(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / ".env").write_text("# our shop\nexport PERRON_PORT=9000\nPERRON_CURRENCY='KRW'\n")
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("PERRON_HOME", str(tmp_path))
    monkeypatch.setenv("PERRON_PORT", "9200")

    chosen = settings.load()

    assert (chosen.port, chosen.currency) == (9200, "KRW")


def test_production_names_every_setting_it_misses() -> None:
    with pytest.raises(Unsettled) as refusal:
        settings.load({"PERRON_ENV": "production", "PERRON_BASE_URL": "http://perron.example"})

    sentences = str(refusal.value).splitlines()
    assert [sentence.split()[0] for sentence in sentences] == [
        "DATABASE_URL",
        "REDIS_URL",
        "PERRON_SECRET",
        "PERRON_BASE_URL",
    ]


def test_production_with_everything_opens() -> None:
    chosen = settings.load(PRODUCTION)

    assert chosen.env == "production"
    assert chosen.secure_cookies


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("PERRON_PORT", "80 80"),
        ("PERRON_PORT", "٨"),
        ("PERRON_PORT", "65536"),
        ("PERRON_ENV", "staging"),
        ("PERRON_BASE_URL", "perron.example"),
        ("PERRON_BASE_URL", "https://perron.example/shop"),
        ("PERRON_TIME_ZONE", "Mars/Olympus"),
        ("PERRON_CURRENCY", "euro"),
        ("PERRON_IN_STORE", "30=price"),
        ("PERRON_IN_STORE", "22=length"),
        ("PERRON_IN_STORE", "22=price,22=weight"),
        ("PERRON_BASE_URL", "https://me@perron.example"),
        ("PERRON_LOG_LEVEL", "loud"),
        ("PERRON_LANGUAGES", "nl,fr"),
        ("PERRON_MAIL_FROM", "the shop"),
        ("PERRON_TRUSTED_PROXIES", "proxy.example"),
        ("PERRON_SMTP_URL", "smtp.example:587"),
        ("PERRON_SMTP_URL", "smtp://me:geheim@mail.example:port"),
        ("DATABASE_URL", "mysql://me:geheim@db/shop"),
        ("DATABASE_URL", "postgresql://me:geheim@db:port/shop"),
        ("REDIS_URL", "http://:geheim@cache"),
        ("PERRON_SMTP_ULR", "smtp://mail.example"),
        ("PERRON_SECRET_FIEL", "/run/secrets/perron"),
    ],
)
def test_a_wrong_value_is_named(tmp_path: Path, name: str, value: str) -> None:
    with pytest.raises(Unsettled, match=name) as refusal:
        settings.load({"PERRON_HOME": str(tmp_path), name: value})

    assert len(str(refusal.value).splitlines()) == 1
    assert "geheim" not in str(refusal.value)


@pytest.mark.parametrize(
    ("name", "value"),
    [
        (
            "DATABASE_URL",
            "postgresql://me:p%40ss@db1:5432,db2:5432/shop?target_session_attrs=primary",
        ),
        ("DATABASE_URL", "postgres:///shop?host=/run/postgresql"),
        ("DATABASE_URL", "postgresql://me:a:b@[::1]:5432/shop"),
        ("REDIS_URL", "rediss://:secret@cache.example:6380/1"),
        ("REDIS_URL", "unix:///run/valkey.sock?db=0"),
        ("PERRON_SMTP_URL", "smtps://me%40mail.example:secret@mail.example:465"),
        ("PERRON_MAIL_FROM", "shop@perron.example"),
        ("PERRON_WEB_PORT", "tcp://10.0.0.1:80"),  # Kubernetes tells so where services are
    ],
)
def test_what_is_right_is_not_quarrelled_with(tmp_path: Path, name: str, value: str) -> None:
    settings.load({"PERRON_HOME": str(tmp_path), name: value})


def test_a_file_of_settings_that_is_no_text_is_named(tmp_path: Path) -> None:
    (tmp_path / "key").write_bytes(b"\xff\xfe")

    with pytest.raises(Unsettled, match=r"PERRON_SECRET_FILE: .*key is not text"):
        settings.load({"PERRON_HOME": str(tmp_path), "PERRON_SECRET_FILE": str(tmp_path / "key")})


def test_a_secret_can_come_from_a_file(tmp_path: Path) -> None:
    (tmp_path / "key").write_text("k" * 40 + "\n")
    env = PRODUCTION | {"PERRON_SECRET": "", "PERRON_SECRET_FILE": str(tmp_path / "key")}

    assert settings.load(env).secret == "k" * 40


def test_each_data_folder_has_its_own_secret_and_keeps_it(tmp_path: Path) -> None:
    here, there = ({"PERRON_HOME": str(tmp_path / name)} for name in ("here", "there"))

    first = settings.load(here).secret

    assert settings.load(here).secret == first
    assert settings.load(there).secret != first
    kept = tmp_path / "here" / "secret"
    assert stat.S_IMODE(kept.stat().st_mode) == 0o600


def test_settings_shown_in_a_log_hold_no_secret() -> None:
    shown = repr(settings.load(PRODUCTION))

    assert PRODUCTION["PERRON_SECRET"] not in shown
    assert PRODUCTION["DATABASE_URL"] not in shown


def test_a_folder_made_by_someone_else_keeps_its_permissions(tmp_path: Path) -> None:
    tmp_path.chmod(0o700)

    settings.load({"PERRON_HOME": str(tmp_path)})

    assert stat.S_IMODE(tmp_path.stat().st_mode) == 0o700
