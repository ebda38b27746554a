-- Exchanged at a counter: what was paid for the goods that come back pays for what is taken instead.
-- The money stays where it is; should it ever go back, it goes back by the means that paid at first.

SET LOCAL lock_timeout = '5s';

ALTER TABLE payments.intents ADD COLUMN moved_from uuid;
COMMENT ON COLUMN payments.intents.moved_from IS
    'The tender of another order, whose money pays for this one: what goes back goes back by that one.';

ALTER TABLE payments.refunds ADD COLUMN moved_to uuid;
COMMENT ON COLUMN payments.refunds.moved_to IS
    'The tender of the order it pays for instead of going back.';

ALTER TABLE returns.returns ADD COLUMN exchanged_for uuid;
COMMENT ON COLUMN returns.returns.exchanged_for IS 'The order that was taken instead.';

CREATE TABLE tills.exchanges (
    receipt_id  uuid PRIMARY KEY REFERENCES tills.receipts,
    order_id    uuid NOT NULL,
    wanted      jsonb NOT NULL,
    amount      bigint NOT NULL CONSTRAINT amount_is_not_negative CHECK (amount >= 0)
);
COMMENT ON TABLE tills.exchanges IS
    'What lies on the counter to be exchanged for what is on the receipt, as it was shown; settled with its payment.';

CREATE VIEW checks.exchanges AS
SELECT refund.id, refund.amount, intent.amount AS pays, intent.moved_from
  FROM payments.refunds AS refund
  JOIN payments.intents AS source ON source.id = refund.intent_id
  LEFT JOIN payments.intents AS intent ON intent.id = refund.moved_to
 WHERE refund.reason = 'exchanged'
   AND (intent.amount IS DISTINCT FROM refund.amount
        OR intent.provider <> source.provider
        OR intent.moved_from <> coalesce(source.moved_from, source.id))
UNION ALL
SELECT intent.id, NULL, intent.amount, intent.moved_from
  FROM payments.intents AS intent
 WHERE intent.moved_from IS NOT NULL
   AND NOT EXISTS (SELECT
                     FROM payments.refunds AS refund
                    WHERE refund.moved_to = intent.id);

CREATE OR REPLACE VIEW checks.gift_cards AS
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
   AND intent.moved_from IS NULL
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
   AND refund.moved_to IS NULL
   AND entry.balance_change IS DISTINCT FROM refund.amount;

ALTER TABLE tills.receipts DROP CONSTRAINT known_tender;
ALTER TABLE tills.receipts ADD CONSTRAINT known_tender CHECK (
    tender IN ('cash', 'card', 'gift-card', 'exchange', 'several')) NOT VALID;
ALTER TABLE tills.receipts VALIDATE CONSTRAINT known_tender;
