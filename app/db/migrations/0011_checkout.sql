-- A checkout is several short transactions; its row says how far it came, so that whoever finds it
-- can go on or give everything back. It holds no personal data.

CREATE SCHEMA checkout;

CREATE TABLE checkout.attempts (
    id           uuid PRIMARY KEY,
    cart_id      uuid NOT NULL,
    command      uuid NOT NULL,
    fingerprint  bytea NOT NULL CONSTRAINT fingerprint_is_sha256 CHECK (octet_length(fingerprint) = 32),
    state        text NOT NULL DEFAULT 'frozen'
                 CONSTRAINT known_state CHECK (state IN (
                     'frozen', 'placed', 'paid', 'refused', 'released')),
    order_id     uuid NOT NULL,
    slot_id      uuid NOT NULL,
    intent_id    uuid,
    refusal      jsonb,
    due_at       timestamptz,
    tries        integer NOT NULL DEFAULT 0,
    created_at   timestamptz NOT NULL DEFAULT now(),
    CONSTRAINT a_command_acts_once UNIQUE (cart_id, command),
    CONSTRAINT unfinished_is_due CHECK (state NOT IN ('frozen', 'placed') OR due_at IS NOT NULL)
);
COMMENT ON TABLE checkout.attempts IS
    'One way of a cart to an order. Its id names the hold on the stock, so that each step can repeat.';
COMMENT ON COLUMN checkout.attempts.order_id IS
    'Known from the start: it is the holder of stock and slot, whether or not the order comes about.';
CREATE INDEX attempts_due ON checkout.attempts (due_at) WHERE state IN ('frozen', 'placed');
CREATE UNIQUE INDEX attempts_of_order ON checkout.attempts (order_id);
CREATE INDEX attempts_of_cart ON checkout.attempts (cart_id) WHERE state IN ('frozen', 'placed', 'paid');

CREATE INDEX attempts_by_command ON checkout.attempts (command) WHERE state = 'paid';

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
 WHERE refund.state = 'wanted'
   AND refund.due_at < now() - interval '60 seconds'
 UNION ALL
SELECT intent.id, 'payment', intent.ask_at, intent.asked
  FROM payments.intents AS intent
 WHERE intent.ask_at < now() - interval '60 seconds';
