"""What happened, in words: events of orders, payments and vans, and acts of people."""

from app.languages import translate


def N_(sentence: str) -> str:
    """Marks a sentence for the catalogues."""
    return sentence


WORDS = {
    "OrderPlaced": N_("Ordered"),
    "OrderConfirmed": N_("Paid, the order is confirmed"),
    "OrderAmended": N_("The order was changed"),
    "OrderTimed": N_("When it is brought was chosen"),
    "OrderCancelled": N_("The order is cancelled"),
    "OrderBeingPicked": N_("Picking has begun"),
    "SubstituteOffered": N_("Something else was offered"),
    "SubstituteAnswered": N_("What to bring instead was decided"),
    "OrderPacked": N_("Packed"),
    "OrderOnTheWay": N_("On its way"),
    "OrderNotHome": N_("Nobody was home"),
    "OrderTimeMoved": N_("Told that it comes at another time"),
    "SecondTryChosen": N_("Chose what happens after nobody was home"),
    "OrderDelivered": N_("Handed over"),
    "OrderPartDelivered": N_("Handed over, but not all of it"),
    "OrderReturned": N_("Came back, or was paid back"),
    "OrderComplained": N_("Something was wrong"),
    "ReturnRequested": N_("Asked for a return"),
    "ReturnRefused": N_("A return was refused"),
    "ReturnWithdrawn": N_("A return was withdrawn"),
    "GoodwillGiven": N_("With our apologies"),
    "PaymentRefunded": N_("Money goes back"),
    "CollectionFailed": N_("Nothing was fetched"),
    "till.exchange": N_("Exchanged at a till"),
    "return.door": N_("Handed to the driver"),
    "return.empties": N_("Empties handed to the driver"),
    "till.return": N_("Taken back at a till"),
    "return.refuse": N_("A return was refused"),
    "return.goodwill": N_("With our apologies"),
    "PaymentIntended": N_("Payment asked for"),
    "PaymentCaptured": N_("Money came in"),
    "PaymentFailed": N_("Payment failed"),
    "PickingStarted": N_("A picker has begun"),
    "LinePicked": N_("Something was picked"),
    "LineShorted": N_("Something was not there"),
    "LineFound": N_("It was found after all"),
    "LineOffered": N_("A picker offered something else"),
    "LineOfferWithdrawn": N_("A picker took an offer back"),
    "LineSubstituted": N_("Something else was picked"),
    "ParcelSealed": N_("A parcel was closed"),
    "ParcelLoaded": N_("A tote is in the van"),
    "OutForDelivery": N_("The van has left with it"),
    "DeliveryFailed": N_("The driver could not hand it over"),
    "DeliveryPlannedAgain": N_("It is brought again"),
    "Delivered": N_("The driver handed it over"),
    "CollectionChosen": N_("The customer comes for it"),
    "CollectionRefused": N_("Nothing was taken home from the desk"),
    "ParcelShelved": N_("A tote waits on a shelf at the desk"),
    "ReadyForCollection": N_("Ready to be collected"),
    "Collected": N_("Handed over at the desk"),
    "FulfilmentReleased": N_("Work for a place"),
    "FulfilmentCancelled": N_("No work for a place any more"),
    "FulfilmentReturned": N_("Came back from the door"),
    "FulfilmentRefused": N_("A place cannot send it"),
    "OrderSourcedAnew": N_("Another place sends part of it"),
    "OrderUnfilled": N_("Nobody can send part of it"),
    "OrderSourced": N_("It is settled who sends it"),
    "basket": N_("Basket"),
    "mail": N_("Mail"),
    "note": N_("Note"),
    "contact.look": N_("Looked at by the contact centre"),
    "contact.order": N_("Order by phone begun"),
    "contact.ordered": N_("Ordered by phone"),
    "contact.verified": N_("Caller verified"),
    "contact.not_verified": N_("Caller not verified"),
    "contact.answer": N_("Answered for the customer what to bring instead"),
    "contact.change": N_("Changed for the customer"),
    "contact.call_off": N_("Cancelled for the customer"),
    "contact.pay_link": N_("Pay link sent"),
    "contact.gift_card": N_("Gift card looked at"),
    "till.attach": N_("Basket opened at a till"),
}


def in_words(kind: str, language: str) -> str:
    """What has no words of its own is shown by its name."""
    return translate(language, WORDS[kind]) if kind in WORDS else kind
