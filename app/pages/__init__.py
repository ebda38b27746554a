"""The desks, one folder each: templates, styles, ES modules and words beside their routes.

Pages compose the faces of the features and hold no SQL.
"""

from typing import Any

from app.pages import assets, switch
from app.pages.checkout import outbox, returning, testpay
from app.pages.checkout.routes import routes as checkout_routes
from app.pages.collecting.routes import routes as collecting_routes
from app.pages.contact.cases import routes as case_routes
from app.pages.contact.routes import routes as contact_routes
from app.pages.dispatch.carriers import routes as carrier_routes
from app.pages.dispatch.postcodes import routes as postcode_routes
from app.pages.dispatch.routes import routes as dispatch_routes
from app.pages.dispatch.stops import routes as stop_routes
from app.pages.driving.door import routes as door_routes
from app.pages.driving.routes import routes as driving_routes
from app.pages.login.routes import routes as login_routes
from app.pages.merchandiser.catalogue.routes import routes as merchandiser_catalogue_routes
from app.pages.merchandiser.collecting.routes import routes as merchandiser_collecting_routes
from app.pages.merchandiser.giftcards.routes import routes as merchandiser_gift_card_routes
from app.pages.merchandiser.prices.routes import routes as merchandiser_price_routes
from app.pages.merchandiser.promotions.routes import routes as merchandiser_promotion_routes
from app.pages.merchandiser.returns.routes import routes as merchandiser_return_routes
from app.pages.merchandiser.sites.audits import routes as merchandiser_audit_routes
from app.pages.merchandiser.sites.routes import routes as merchandiser_site_routes
from app.pages.merchandiser.stock.routes import routes as merchandiser_stock_routes
from app.pages.merchandiser.today.routes import routes as merchandiser_today_routes
from app.pages.merchandiser.walls.offers import offers_on_posters
from app.pages.merchandiser.walls.routes import routes as merchandiser_wall_routes
from app.pages.packing.routes import routes as packing_routes
from app.pages.picking.routes import routes as picking_routes
from app.pages.receiving.routes import routes as receiving_routes
from app.pages.refusing import show_problem
from app.pages.schema.routes import routes as schema_routes
from app.pages.shop.routes import routes as shop_routes
from app.pages.shopper.routes import routes as shopper_routes
from app.pages.shopper.walls import routes as shopper_wall_routes
from app.pages.sourcing.routes import routes as sourcing_routes
from app.pages.state.routes import routes as state_routes
from app.pages.till.routes import routes as till_routes

routes: list[Any] = [
    *assets.routes,
    *switch.routes,
    *login_routes,
    *schema_routes,
    *shopper_routes,
    *shopper_wall_routes,
    *shop_routes,
    *state_routes,
    *till_routes,
    *contact_routes,
    *case_routes,
    *picking_routes,
    *packing_routes,
    *driving_routes,
    *collecting_routes,
    *door_routes,
    *receiving_routes,
    *dispatch_routes,
    *stop_routes,
    *sourcing_routes,
    *carrier_routes,
    *postcode_routes,
    *checkout_routes,
    *returning.routes,
    *testpay.routes,
    *outbox.routes,
    *merchandiser_today_routes,
    *merchandiser_wall_routes,
    *merchandiser_site_routes,
    *merchandiser_audit_routes,
    *merchandiser_catalogue_routes,
    *merchandiser_stock_routes,
    *merchandiser_promotion_routes,
    *merchandiser_return_routes,
    *merchandiser_collecting_routes,
    *merchandiser_price_routes,
    *merchandiser_gift_card_routes,
]

__all__ = ["offers_on_posters", "routes", "show_problem"]
