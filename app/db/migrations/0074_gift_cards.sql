-- Gift cards: a tender of the shop's own, with a ledger. An order can be paid by several tenders, in
-- an order that is declared: money goes back the other way round.

SET LOCAL lock_timeout = '5s';

ALTER TABLE payments.intents ADD COLUMN place smallint NOT NULL DEFAULT 0;
COMMENT ON COLUMN payments.intents.place IS
    'Which tender of its order it is, counted from 0; what was paid last goes back first.';

CREATE TABLE payments.gift_cards (
    id           uuid PRIMARY KEY,
    code_sha256  bytea NOT NULL CONSTRAINT codes_differ UNIQUE
                 CONSTRAINT code_is_hashed CHECK (octet_length(code_sha256) = 32),
    ends_with    text NOT NULL CONSTRAINT the_last_four CHECK (ends_with ~ '^[0-9A-Z]{4}$'),
    currency     text NOT NULL CONSTRAINT currency_is_iso CHECK (currency ~ '^[A-Z]{3}$'),
    balance      bigint NOT NULL CONSTRAINT never_below_zero CHECK (balance >= 0),
    held         bigint NOT NULL DEFAULT 0 CONSTRAINT never_holds_less_than_nothing CHECK (held >= 0),
    why          text NOT NULL CONSTRAINT known_reason CHECK (why IN ('sold', 'goodwill')),
    note         text NOT NULL DEFAULT '',
    order_id     uuid CONSTRAINT one_card_an_order UNIQUE,
    person_id    uuid,
    made_at      timestamptz NOT NULL DEFAULT now(),
    expires_at   timestamptz NOT NULL,
    shown_by     uuid,
    shown_at     timestamptz,
    blocked_at   timestamptz,
    CONSTRAINT sold_with_an_order CHECK ((why = 'sold') = (order_id IS NOT NULL)),
    CONSTRAINT shown_by_a_command CHECK ((shown_by IS NULL) = (shown_at IS NULL))
);
COMMENT ON COLUMN payments.gift_cards.balance IS 'What can be spent; what an unpaid order holds is not in it.';
COMMENT ON COLUMN payments.gift_cards.shown_by IS 'The one command that was told the code.';
CREATE INDEX gift_cards_by_age ON payments.gift_cards (made_at);
CREATE INDEX gift_cards_to_expire ON payments.gift_cards (expires_at) WHERE balance > 0;

CREATE TABLE payments.gift_ledger (
    id              uuid PRIMARY KEY,
    card_id         uuid NOT NULL REFERENCES payments.gift_cards,
    kind            text NOT NULL,
    balance_change  bigint NOT NULL,
    held_change     bigint NOT NULL,
    intent_id       uuid,
    refund_id       uuid CONSTRAINT a_refund_comes_once UNIQUE,
    person_id       uuid,
    at              timestamptz NOT NULL DEFAULT now(),
    CONSTRAINT each_step_of_a_payment_once UNIQUE (intent_id, kind),
    CONSTRAINT money_goes_the_way_it_says CHECK (CASE kind
        WHEN 'issue'   THEN balance_change > 0 AND held_change = 0
        WHEN 'hold'    THEN balance_change < 0 AND held_change = -balance_change
        WHEN 'release' THEN balance_change > 0 AND held_change = -balance_change
        WHEN 'capture' THEN balance_change = 0 AND held_change < 0
        WHEN 'refund'  THEN balance_change > 0 AND held_change = 0 AND refund_id IS NOT NULL
        WHEN 'expire'  THEN balance_change < 0 AND held_change = 0
        WHEN 'back'    THEN balance_change < 0 AND held_change = 0
        ELSE false END),
    CONSTRAINT of_a_payment CHECK ((kind IN ('hold', 'release', 'capture')) = (intent_id IS NOT NULL))
);
COMMENT ON TABLE payments.gift_ledger IS 'Every movement on every card; it only grows.';
CREATE INDEX gift_ledger_of_card ON payments.gift_ledger (card_id, at);

CREATE FUNCTION payments.refuse_rewriting() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION 'The ledger of gift cards only grows: write another entry.';
END $$;
CREATE TRIGGER gift_ledger_is_kept BEFORE UPDATE OR DELETE ON payments.gift_ledger
    FOR EACH ROW EXECUTE FUNCTION payments.refuse_rewriting();

-- A card is what its ledger says; what it holds is for payments that are still open to it; a payment
-- by gift card that came in was taken from a card, and no more comes back than was taken.
CREATE VIEW checks.gift_cards AS
SELECT card.id, 'the card is not what its ledger says' AS wrong
  FROM payments.gift_cards AS card
  LEFT JOIN payments.gift_ledger AS entry ON entry.card_id = card.id
 GROUP BY card.id
HAVING card.balance <> coalesce(sum(entry.balance_change), 0)
    OR card.held <> coalesce(sum(entry.held_change), 0)
    OR card.balance < 0
    OR card.held < 0
 UNION ALL
SELECT intent.id, 'what the card gave is not what the payment says'
  FROM payments.intents AS intent
 CROSS JOIN LATERAL (
        SELECT coalesce(sum(held_change) FILTER (WHERE kind = 'hold'), 0) AS asked,
               coalesce(sum(held_change), 0) AS held,
               coalesce(-sum(held_change) FILTER (WHERE kind = 'capture'), 0) AS taken
          FROM payments.gift_ledger
         WHERE intent_id = intent.id) AS card
 WHERE intent.provider = 'gift-card'
   AND (card.asked <> intent.amount
        OR card.held <> CASE WHEN intent.state = 'authorised' THEN intent.amount ELSE 0 END
        OR card.taken <> CASE WHEN intent.state = 'captured' THEN intent.amount ELSE 0 END)
 UNION ALL
SELECT refund.id, 'what went back is not on the card'
  FROM payments.refunds AS refund
  JOIN payments.intents AS intent ON intent.id = refund.intent_id
  LEFT JOIN payments.gift_ledger AS entry ON entry.refund_id = refund.id
 WHERE intent.provider = 'gift-card'
   AND refund.state = 'made'
   AND entry.balance_change IS DISTINCT FROM refund.amount;

-- Several tenders on one receipt: `cash` says how much of the total was paid in coins and notes.
ALTER TABLE tills.receipts
    ADD COLUMN cash bigint CONSTRAINT cash_is_not_negative CHECK (cash >= 0),
    ADD COLUMN sold_by uuid,
    DROP CONSTRAINT known_tender,
    ADD CONSTRAINT known_tender CHECK (tender IN ('cash', 'card', 'gift-card', 'several'));
COMMENT ON COLUMN tills.receipts.cash IS 'Of the total; nothing said is all of it where the tender is cash.';
COMMENT ON COLUMN tills.receipts.sold_by IS 'Whose hands the cash goes through, when the card it waits for is through.';

CREATE OR REPLACE VIEW checks.tills AS
SELECT shift.id, 'the drawer is not what moved in and out of it' AS wrong
  FROM tills.shifts AS shift
 WHERE shift.closed_at IS NOT NULL
   AND shift.expected <> (SELECT coalesce(sum(amount), 0) FROM tills.drawer WHERE shift_id = shift.id)
 UNION ALL
SELECT receipt.id, 'cash was taken, but not for this'
  FROM tills.receipts AS receipt
  LEFT JOIN tills.drawer AS entry ON entry.receipt_id = receipt.id AND entry.kind = 'sale'
 CROSS JOIN LATERAL (
        SELECT coalesce(receipt.cash,
                        CASE WHEN receipt.tender = 'cash' THEN receipt.total ELSE 0 END) AS part) AS cash
 WHERE (receipt.state = 'paid' AND cash.part > 0
        AND (entry.id IS NULL OR entry.amount - entry.rounding <> cash.part))
    OR (entry.id IS NOT NULL AND cash.part = 0)
 UNION ALL
SELECT till.id, 'receipts have a gap'
  FROM tills.tills AS till
  LEFT JOIN tills.receipts AS receipt ON receipt.till_id = till.id AND receipt.number IS NOT NULL
 GROUP BY till.id
HAVING count(receipt.id) <> till.last_receipt
 UNION ALL
SELECT receipt.id, 'is not what its order was'
  FROM tills.receipts AS receipt
  LEFT JOIN orders.orders AS sold ON sold.id = receipt.order_id
 WHERE receipt.state IN ('paying', 'paid')
   AND (sold.id IS NULL OR sold.total <> receipt.total);
