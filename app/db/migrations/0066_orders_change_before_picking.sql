-- A paid order may still get more or fewer goods, or another time, until somebody picks it. What costs
-- more waits for its payment; what costs less is paid back.

SET LOCAL lock_timeout = '5s';

CREATE TABLE checkout.changes (
    id          uuid PRIMARY KEY,
    order_id    uuid NOT NULL,
    state       text NOT NULL
                CONSTRAINT known_state CHECK (state IN ('waiting', 'made', 'dropped')),
    intent_id   uuid,
    difference  bigint NOT NULL,
    lines       jsonb NOT NULL,
    receipt     jsonb NOT NULL,
    made_by     text NOT NULL CONSTRAINT known_hand CHECK (made_by IN ('shopper', 'agent')),
    reason      text NOT NULL DEFAULT '',
    asked_at    timestamptz NOT NULL DEFAULT now(),
    done_at     timestamptz,
    CONSTRAINT more_is_paid_first CHECK (state <> 'waiting' OR (difference > 0 AND intent_id IS NOT NULL))
);
COMMENT ON TABLE checkout.changes IS
    'What an order shall become, priced when it was asked for; its id names the hold on what is more.';
CREATE UNIQUE INDEX one_waiting_change_an_order ON checkout.changes (order_id) WHERE state = 'waiting';
CREATE INDEX changes_of_order ON checkout.changes (order_id);

COMMENT ON COLUMN orders.orders.receipt IS
    'The priced receipt exactly as the shopper accepted it, when ordering or when changing the order.';
