"""The table of contents: what the shop is made of, and what every request has in common."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any
from urllib.parse import urlsplit

from litestar import Litestar, Router
from litestar.datastructures import State
from litestar.di import Provide
from litestar.openapi import OpenAPIConfig
from litestar.types import ASGIApp

from app import cart, cases, consequences, db, jobs, orders, pages, scan, staff, stock
from app.cart.routes import routes as cart_routes
from app.catalog.routes import routes as catalog_routes
from app.checkout.routes import routes as checkout_routes
from app.collecting.routes import routes as collecting_routes
from app.files.routes import routes as file_routes
from app.fulfilment.routes import routes as fulfilment_routes
from app.http import address, health, permissions, problems
from app.http.guard import Guard
from app.http.limits import Misses
from app.http.metrics import Metrics
from app.http.pulse import Pulse
from app.http.table import PERMISSIONS
from app.live import Hub
from app.live.hub import Versions
from app.orders.routes import routes as order_routes
from app.returns.routes import routes as return_routes
from app.scan import Counts, Express
from app.scan.routes import routes as scan_routes
from app.search.routes import routes as search_routes
from app.settings import Settings, load
from app.slots.routes import routes as slot_routes
from app.sourcing.routes import routes as sourcing_routes
from app.stock.routes import routes as stock_routes
from app.tills.routes import routes as till_routes
from app.walls.routes import routes as walls_routes

ROUTES: list[Any] = [
    *health.routes,
    *file_routes,
    *catalog_routes,
    *walls_routes,
    *cart_routes,
    *scan_routes,
    *search_routes,
    *slot_routes,
    *sourcing_routes,
    *collecting_routes,
    *stock_routes,
    *fulfilment_routes,
    *checkout_routes,
    *order_routes,
    *return_routes,
    *till_routes,
    *pages.routes,
]

WATCHED: dict[str, Versions] = {
    "cart": cart.versions,
    "order": orders.versions,
    "supply": stock.watched,
    "cases": cases.versions,
}
"""Kind of topic → how the versions of some of them are read."""

MACHINE_PATHS = ("/api/v1/payments/notifications",)

LARGEST_BODY = 64 * 1024

REQUESTS_PER_CONNECTION = 20
"""A request holds its connection for some milliseconds; with more than so many for each, wait outside."""


def create_app(settings: Settings | None = None) -> Litestar:
    """Raises RuntimeError when a route has no permission, or a setting is missing."""
    app = routed()
    return set_up(app, app.asgi_handler, settings or load())


def routed() -> Litestar:
    """All routes, of no shop in particular yet. It takes half a second: what opens many shops one
    after the other, as tests do, makes one."""
    app = Litestar(
        route_handlers=ROUTES,
        dependencies={"db": Provide(db.transaction)},
        exception_handlers={Exception: problems.answer},
        middleware=[staff.Recognition, permissions.Permission],
        lifespan=[_shop_is_open],
        request_max_body_size=LARGEST_BODY,
        openapi_config=_described(),
        logging_config=None,
    )
    permissions.check_complete(app, PERMISSIONS)
    return app


def set_up(app: Litestar, routes: ASGIApp, settings: Settings) -> Litestar:
    """The routes become those of a shop with these settings, whichever they were of before.
    `routes` is what answers behind the guard."""
    metrics, pulse = Metrics(), Pulse(settings.database_url)
    consequences.register(jobs.registered, settings)
    scan.agree_in_store(settings.in_store)
    app.state = State(
        {
            "settings": settings,
            "proxies": address.networks(settings.trusted_proxies),
            "metrics": metrics,
            "pulse": pulse,
            "permissions": PERMISSIONS,
            "show_problem": pages.show_problem,
            "offers_on_posters": pages.offers_on_posters,
        }
    )
    app.asgi_handler = Guard(
        Express(routes, PERMISSIONS, cart.cookie_name(settings)),
        https=settings.secure_cookies,
        machine_paths=MACHINE_PATHS,
        hosts=_names(settings),
        most_inside=settings.pool_size * REQUESTS_PER_CONNECTION,
        metrics=metrics,
        pulse=pulse,
    )
    return app


def _described() -> OpenAPIConfig:
    config = OpenAPIConfig(title="Perron", version="1", path="/schema", use_handler_docstrings=True)
    # Our own pages show the document; the framework's would load scripts from elsewhere.
    config.openapi_controller = Router("/schema", route_handlers=[])  # type: ignore[assignment]
    return config


def _names(settings: Settings) -> set[str]:
    """A demo answers under every name the local network gives it; a shop under its own alone."""
    return {urlsplit(settings.base_url).netloc.lower()} if settings.env == "production" else set()


@asynccontextmanager
async def _shop_is_open(app: Litestar) -> AsyncIterator[None]:
    settings: Settings = app.state.settings
    app.state.pool = await db.open_pool(settings.database_url, size=settings.pool_size)
    await app.state.pulse.open()
    app.state.hub = Hub(app.state.pool, settings.redis_url or None, WATCHED)
    app.state.misses = Misses(settings.redis_url or None)
    app.state.scans = Counts(app.state.pool)
    await app.state.scans.open()
    await app.state.hub.open()
    try:
        yield
    finally:
        health.close(app.state)
        await app.state.scans.close()
        await app.state.misses.close()
        await app.state.hub.close()
        await app.state.pulse.close()
        await db.close_pool(app.state.pool)
