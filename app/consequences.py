"""When this happened, then do that: all of it in one place."""

from datetime import timedelta

from app import (
    commands,
    customers,
    fulfilment,
    messaging,
    payments,
    returns,
    routing,
    slots,
    staff,
    stock,
)
from app import jobs as outbox
from app.cart import jobs as cart_jobs
from app.cases import jobs as cases_jobs
from app.catalog import jobs as catalog_jobs
from app.checkout import jobs as checkout_jobs
from app.fulfilment import jobs as fulfilment_jobs
from app.jobs import Register
from app.loyalty import jobs as loyalty_jobs
from app.messaging import jobs as messaging_jobs
from app.orders import jobs as orders_jobs
from app.returns import jobs as returns_jobs
from app.scan import jobs as scan_jobs
from app.search import jobs as search_jobs
from app.settings import Settings, load
from app.sourcing import jobs as sourcing_jobs
from app.tills import jobs as tills_jobs
from app.walls import jobs as walls_jobs
from app.webhooks import jobs as webhooks_jobs


def register(jobs: Register, settings: Settings | None = None) -> None:
    """Fills the register of a worker, and of a web process so that it knows who wants to hear."""
    settings = settings or load()
    jobs.every(timedelta(seconds=5), "mend backlogs", outbox.mend_backlogs)
    jobs.every(timedelta(seconds=30), "seal the audit trail", staff.seal)
    jobs.every(timedelta(hours=1), "forget old sessions", staff.forget_old_sessions)
    jobs.every(timedelta(hours=1), "forget old commands", commands.forget_old)
    jobs.every(timedelta(seconds=10), "end stock holds", stock.expire)
    jobs.every(timedelta(seconds=10), "end slot holds", slots.expire)
    jobs.every(timedelta(hours=1), "end gift cards", payments.giftcards.expire)
    jobs.every(timedelta(hours=6), "plan delivery slots", slots.plan_ahead)
    jobs.every(timedelta(seconds=5), "better plans for days", slots.plans.want_better)
    jobs.step(sourcing_jobs.TRY, sourcing_jobs.try_rules)
    maps = routing.Maps.at(settings.osrm_url, settings.valhalla_url)
    jobs.step(slots.plans.IMPROVE, slots.plans.improver(maps))
    jobs.every(timedelta(seconds=30), "runs follow plans", fulfilment.delivery.follow_plans)
    jobs.every(timedelta(hours=12), "learn how vans drive", fulfilment.delivery.learn_roads)

    jobs.every(timedelta(minutes=10), "forget old basket changes", cart_jobs.forget_changes)
    jobs.every(timedelta(minutes=10), "forget old pairings", cart_jobs.forget_pairings)
    jobs.every(timedelta(hours=1), "forget old links to sign in", customers.forget_old)

    for kind in orders_jobs.MAILED:
        jobs.when(kind, "mail about an order", orders_jobs.mail_writer(settings))
    jobs.when("OutForDelivery", "mail about a part", orders_jobs.part_writer(settings))
    for kind in ("ParcelAccepted", "ParcelInTransit"):
        jobs.when(kind, "mail about a part by carrier", orders_jobs.consigned_writer(settings))
    for kind in ("OrderDelivered", "OrderPartDelivered"):
        jobs.when(kind, "invoices", orders_jobs.invoicer(settings))
    jobs.when("PaymentRefunded", "credit notes", orders_jobs.creditor(settings))
    for kind in returns_jobs.MAILED:
        jobs.when(kind, "mail about a return", returns_jobs.mail_writer(settings))
    jobs.when("RunCompleted", "what no van fetched", returns.collecting.end_with_run)
    jobs.every(timedelta(hours=1), "forget photos", returns.photos.forget)
    jobs.when("SaleStopped", "mail about a recall", orders_jobs.recall_writer(settings))
    jobs.every(timedelta(hours=1), "forget addresses given once", messaging.forget_addresses)
    jobs.when_outside("MessageWritten", "mail server", messaging_jobs.sender(settings))

    jobs.when("OrderConfirmed", "work for a place", fulfilment.release)
    jobs.when("OrderAmended", "other work for a place", fulfilment.follow)
    jobs.when("CollectionPlanned", "a van that fetches", fulfilment.delivery.fetch)
    jobs.when("OrderCancelled", "no work for a place", fulfilment.cancel)
    for kind in ("OrderUnfilled", "OrderSourced", "OrderCancelled"):
        jobs.when(kind, "a case of what nobody can send", cases_jobs.follow_sourcing)
    fulfilment_jobs.register(jobs, settings, returns.parcels.hear)
    returns_jobs.register(jobs, settings)
    for kind in fulfilment.delivery.tracking.MOVES_TIMES:
        jobs.when(kind, "tell when the van comes", fulfilment.delivery.tracking.keep_told)
    jobs.when(
        "OrderTimeMoved",
        "mail about another time",
        fulfilment.delivery.tracking.mail_writer(settings),
    )
    jobs.every(timedelta(hours=1), "forget proofs of delivery", fulfilment.delivery.door.forget)
    walls_jobs.register(jobs)
    scan_jobs.register(jobs)
    catalog_jobs.register(jobs, settings)
    search_jobs.register(jobs)
    checkout_jobs.register(jobs, settings)
    webhooks_jobs.register(jobs, settings)
    loyalty_jobs.register(jobs, settings)
    tills_jobs.register(jobs)
