"""The table of contents: what the shop is made of, and what every request has in common."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any

from litestar import Litestar
from litestar.datastructures import State
from litestar.di import Provide
from litestar.openapi import OpenAPIConfig
from litestar.openapi.plugins import JsonRenderPlugin

from app import consequences, db, jobs, pages, staff
from app.files.routes import routes as file_routes
from app.http import health, permissions, problems
from app.http.guard import Guard
from app.http.table import PERMISSIONS
from app.live import Hub
from app.live.hub import Versions
from app.settings import Settings, load

ROUTES: list[Any] = [*health.routes, *file_routes, *pages.routes]

WATCHED: dict[str, Versions] = {}
"""Kind of topic → how the versions of some of them are read."""

MACHINE_PATHS = ("/api/v1/payments/notifications",)

LARGEST_BODY = 64 * 1024


def create_app(settings: Settings | None = None) -> Litestar:
    """Raises RuntimeError when a route has no permission, or a setting is missing."""
    settings = settings or load()
    consequences.register(jobs.registered)
    app = Litestar(
        route_handlers=ROUTES,
        dependencies={"db": Provide(db.transaction)},
        exception_handlers={Exception: problems.answer},
        middleware=[staff.Recognition],
        guards=[permissions.check],
        lifespan=[_shop_is_open],
        request_max_body_size=LARGEST_BODY,
        openapi_config=OpenAPIConfig(
            title="Perron",
            version="1",
            path="/schema",
            render_plugins=[JsonRenderPlugin(path="/openapi.json")],
        ),
        logging_config=None,
        state=State(
            {
                "settings": settings,
                "permissions": PERMISSIONS,
                "show_problem": pages.show_problem,
            }
        ),
    )
    permissions.check_complete(app, PERMISSIONS)
    app.asgi_handler = Guard(
        app.asgi_handler, https=settings.secure_cookies, machine_paths=MACHINE_PATHS
    )
    return app


@asynccontextmanager
async def _shop_is_open(app: Litestar) -> AsyncIterator[None]:
    settings: Settings = app.state.settings
    app.state.pool = await db.open_pool(settings.database_url, size=settings.pool_size)
    app.state.hub = Hub(app.state.pool, settings.redis_url or None, WATCHED)
    await app.state.hub.open()
    try:
        yield
    finally:
        await app.state.hub.close()
        await app.state.pool.close()
