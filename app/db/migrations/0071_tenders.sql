-- An order can be paid by several tenders, and a tender can hold money first and take it later.

SET LOCAL lock_timeout = '5s';

ALTER TABLE payments.intents
    ADD COLUMN takes text NOT NULL DEFAULT 'now'
        CONSTRAINT known_moment CHECK (takes IN ('now', 'later')),
    ADD COLUMN held_until timestamptz,
    DROP CONSTRAINT known_state,
    ADD CONSTRAINT known_state CHECK (state IN ('open', 'authorised', 'captured', 'failed')),
    ADD CONSTRAINT held_money_has_an_end CHECK (state <> 'authorised' OR held_until IS NOT NULL);
COMMENT ON COLUMN payments.intents.takes IS
    'later: the means may hold the money until the order is packed; a means that cannot takes it now.';
COMMENT ON COLUMN payments.intents.held_until IS 'Then the bank lets go of it; it is taken long before.';
CREATE INDEX intents_holding ON payments.intents (held_until) WHERE state = 'authorised';

ALTER TABLE payments.events
    DROP CONSTRAINT known_kind,
    ADD CONSTRAINT known_kind CHECK (kind IN ('pending', 'authorised', 'captured', 'failed'));

ALTER TABLE payments.refunds
    DROP CONSTRAINT known_state,
    ADD CONSTRAINT known_state CHECK (state IN ('wanted', 'made', 'waived'));
COMMENT ON COLUMN payments.refunds.state IS
    'waived: of money that was only held; so much less is taken, and nothing has to go back.';

CREATE TABLE payments.takings (
    intent_id  uuid PRIMARY KEY REFERENCES payments.intents,
    amount     bigint NOT NULL CONSTRAINT amount_is_positive CHECK (amount > 0),
    state      text NOT NULL DEFAULT 'wanted'
               CONSTRAINT known_state CHECK (state IN ('wanted', 'made', 'void')),
    due_at     timestamptz NOT NULL DEFAULT now(),
    attempts   integer NOT NULL DEFAULT 0,
    wanted_at  timestamptz NOT NULL DEFAULT now()
);
COMMENT ON TABLE payments.takings IS
    'Held money that shall be taken: decided in the transaction that packs, taken afterwards.';
CREATE INDEX takings_to_make ON payments.takings (due_at) WHERE state = 'wanted';

CREATE INDEX oddities_open ON payments.oddities (found_at) WHERE settled_at IS NULL;

ALTER TABLE payments.test_payments
    ADD COLUMN takes text NOT NULL DEFAULT 'now',
    DROP CONSTRAINT known_state,
    ADD CONSTRAINT known_state CHECK (state IN ('open', 'held', 'charged', 'cancelled'));

CREATE OR REPLACE VIEW checks.payments AS
SELECT sold.id, sold.number, sold.state, sold.total, money.captured, money.refunded
  FROM orders.orders AS sold
 CROSS JOIN LATERAL (
        SELECT coalesce(sum(tender.captured), 0) AS captured,
               coalesce(sum(tender.refunded), 0) AS refunded,
               coalesce(sum(tender.waived), 0) AS waived,
               coalesce(sum(tender.held), 0) AS held,
               coalesce(sum(tender.taking), 0) AS taking,
               coalesce(bool_or(tender.refunded > tender.captured + tender.taking), false)
               AS too_much_back
          FROM (SELECT (SELECT coalesce(sum(amount), 0)
                          FROM payments.captures WHERE intent_id = intent.id) AS captured,
                       (SELECT coalesce(sum(amount), 0)
                          FROM payments.refunds
                         WHERE intent_id = intent.id AND state <> 'waived') AS refunded,
                       (SELECT coalesce(sum(amount), 0)
                          FROM payments.refunds
                         WHERE intent_id = intent.id AND state = 'waived') AS waived,
                       (SELECT coalesce(sum(amount), 0)
                          FROM payments.takings
                         WHERE intent_id = intent.id AND state = 'wanted') AS taking,
                       CASE WHEN intent.state = 'authorised'
                             AND NOT EXISTS (SELECT
                                               FROM payments.takings
                                              WHERE intent_id = intent.id)
                            THEN intent.amount - (SELECT coalesce(sum(amount), 0)
                                                    FROM payments.refunds
                                                   WHERE intent_id = intent.id
                                                     AND state = 'waived')
                            ELSE 0 END AS held
                  FROM payments.intents AS intent
                 WHERE intent.order_id = sold.id) AS tender) AS money
 WHERE money.too_much_back
    OR money.captured - money.refunded > sold.total
    OR (sold.state = 'cancelled' AND (money.captured + money.taking <> money.refunded
                                      OR money.held > 0))
    OR (sold.state = 'placed' AND money.captured > money.refunded
        AND NOT EXISTS (SELECT
                          FROM payments.intents AS intent
                         WHERE intent.order_id = sold.id
                           AND intent.state = 'open'))
    OR (sold.state IN ('confirmed', 'in_fulfilment', 'packed', 'on_the_way', 'not_home')
        AND money.captured + money.taking + money.held + money.waived < sold.total);

CREATE OR REPLACE VIEW checks.steps AS
SELECT task.id, task.kind, task.due_at, task.attempts
  FROM jobs.tasks AS task
 WHERE task.state = 'waiting'
   AND task.due_at < now() - interval '60 seconds'
   AND task.leased_until < now()
 UNION ALL
SELECT attempt.id, 'checkout', attempt.due_at, attempt.tries
  FROM checkout.attempts AS attempt
 WHERE attempt.state IN ('frozen', 'placed')
   AND attempt.due_at < now() - interval '60 seconds'
 UNION ALL
SELECT refund.id, 'refund', refund.due_at, refund.attempts
  FROM payments.refunds AS refund
  JOIN payments.intents AS intent ON intent.id = refund.intent_id
 WHERE refund.state = 'wanted'
   AND intent.state <> 'authorised'
   AND refund.due_at < now() - interval '60 seconds'
 UNION ALL
SELECT taking.intent_id, 'taking', taking.due_at, taking.attempts
  FROM payments.takings AS taking
 WHERE taking.state = 'wanted'
   AND taking.due_at < now() - interval '60 seconds'
 UNION ALL
SELECT intent.id, 'payment', intent.ask_at, intent.asked
  FROM payments.intents AS intent
 WHERE intent.ask_at < now() - interval '60 seconds';
