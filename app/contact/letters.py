"""The mail with which somebody pays what they ordered on the phone."""

from app import money
from app.languages import translate
from app.messaging.models import Letter, Row
from app.money import Money
from app.orders.models import Order


def N_(sentence: str) -> str:
    """Marks a sentence for the catalogues."""
    return sentence


def pay_link(
    order: Order, address: str, more: Money = 0, by_card: Money = 0, promised: Money = 0
) -> Letter:
    """For the whole order less what is paid `by_card` of ours and what comes back for it (`promised`),
    or for what is `more` after it was changed."""

    def say(sentence: str, **values: object) -> str:
        return translate(order.language, sentence, **values)

    def show(amount: int) -> str:
        return money.show(amount, order.currency, order.language)

    rows = [Row(f"{line.quantity} × {line.name}", show(line.paid)) for line in order.lines]
    rows.append(Row(say(N_("Total, VAT included")), show(order.sums.total), strong=True))
    if by_card:
        rows.append(Row(say(N_("Gift card")), show(-by_card)))
    if promised:
        rows.append(Row(say(N_("For what comes back")), show(-promised)))
    if by_card or promised:
        left = order.sums.total - by_card - promised
        rows.append(Row(say(N_("Left to pay")), show(left), strong=True))
    if more:
        rows = [Row(say(N_("To pay for the change")), show(more), strong=True)]
    return Letter(
        subject=say(N_("Pay your order {number}"), number=order.number),
        greeting=say(N_("Hello {name},"), name=order.contact.name),
        paragraphs=[
            say(N_("This is what you ordered on the phone. It is kept for you for ten minutes."))
            if not more
            else say(N_("Your order is changed once this is paid. It is kept for ten minutes.")),
            say(
                N_(
                    "Nobody of us ever asks for a card number; you pay on the page behind the button."
                )
            ),
        ],
        button=say(N_("Look and pay")),
        address=address,
        rows=rows,
    )
