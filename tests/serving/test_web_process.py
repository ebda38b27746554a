"""The real web process: what a client on the network meets."""

import asyncio
import os
import signal
import socket
import time

import httpx
import psutil


async def test_the_shop_answers_and_says_so_when_it_closes(served):
    async with httpx.AsyncClient(base_url=served.url) as client:
        assert (await client.get("/health/live")).status_code == 200

    served.processes["web"].terminate()

    assert served.processes["web"].wait(5) == 0


async def test_a_half_sent_request_is_hung_up_on(served):
    host, port = served.url.removeprefix("http://").split(":")
    with socket.create_connection((host, int(port))) as dripping:
        dripping.sendall(b"GET / HTTP/1.1\r\nHost: shop\r\n")
        dripping.settimeout(9)

        started = time.monotonic()
        assert await asyncio.to_thread(dripping.recv, 1000) == b""
        assert time.monotonic() - started < 8


async def test_no_web_process_outlives_a_killed_main_process(served):
    main = psutil.Process(served.processes["web"].pid)
    workers = main.children()
    assert workers

    os.kill(main.pid, signal.SIGKILL)
    main.wait()

    _, alive = psutil.wait_procs(workers, timeout=4)
    assert alive == []
