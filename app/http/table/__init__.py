"""The table of route → who may use it, one file per desk: `everyone`, `staff` (any), or roles
joined by commas."""

from app.http.table import (
    accounts,
    basket,
    collecting,
    contact,
    dispatch,
    driving,
    house,
    merchandiser,
    operator,
    orders,
    packing,
    picking,
    returns,
    shop,
    sourcing,
    stock,
    till,
    walls,
)

DESKS = (
    house,
    shop,
    basket,
    accounts,
    orders,
    returns,
    collecting,
    picking,
    packing,
    driving,
    dispatch,
    sourcing,
    stock,
    walls,
    merchandiser,
    till,
    contact,
    operator,
)
PERMISSIONS: dict[str, str] = {
    route: needed for desk in DESKS for route, needed in desk.ROUTES.items()
}
