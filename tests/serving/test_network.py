import socket
import ssl

from app.serving import network
from app.serving.certificate import certificate_for


def taken_port():
    taken = socket.socket()
    taken.bind(("127.0.0.1", 0))
    taken.listen()
    return taken, taken.getsockname()[1]


def test_the_next_free_port_is_found_beside_a_taken_one():
    taken, port = taken_port()
    with taken:
        assert not network.is_free("127.0.0.1", port)
        found = network.free_port("127.0.0.1", port)

    assert found is not None
    assert port < found < port + network.PORTS_TO_TRY


def test_a_port_shared_by_another_web_process_counts_as_taken():
    with socket.socket() as sharing:
        sharing.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEPORT, 1)
        sharing.bind(("127.0.0.1", 0))
        sharing.listen()

        assert not network.is_free("127.0.0.1", sharing.getsockname()[1])


def test_a_self_made_certificate_is_for_its_address_and_is_used_again(tmp_path):
    certificate, key = certificate_for("192.168.7.9", tmp_path / "tls")
    first = certificate.read_bytes()
    ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER).load_cert_chain(certificate, key)
    assert key.stat().st_mode & 0o077 == 0

    certificate_for("192.168.7.9", tmp_path / "tls")
    assert certificate.read_bytes() == first

    certificate_for("192.168.7.10", tmp_path / "tls")
    assert certificate.read_bytes() != first
