-- What a shopper wants instead of what is not there, per line; what a picker offered instead, and how
-- it ended. A short is final, and its money on its way back, when its order is closed for packing:
-- until then it can be found after all.

SET LOCAL lock_timeout = '5s';

ALTER TABLE orders.orders
    DROP CONSTRAINT known_wish,
    ADD CONSTRAINT known_wish CHECK (
        substitution IN ('similar', 'same-brand', 'ask-me', 'leave-out'));
ALTER TABLE orders.lines
    ADD COLUMN substitution text CONSTRAINT known_wish CHECK (
        substitution IN ('similar', 'same-brand', 'ask-me', 'leave-out'));
COMMENT ON COLUMN orders.lines.substitution IS
    'What the shopper wants when this is not there; NULL for what they want in general.';

ALTER TABLE fulfilment.picks
    ADD COLUMN replaces uuid,
    ADD COLUMN offered integer NOT NULL DEFAULT 0 CONSTRAINT offered_is_a_number CHECK (offered >= 0),
    ADD COLUMN replaced integer NOT NULL DEFAULT 0 CONSTRAINT replaced_is_a_number CHECK (replaced >= 0),
    ADD COLUMN paid_back_for integer NOT NULL DEFAULT 0,
    ALTER COLUMN state SET EXPRESSION AS (
        CASE WHEN picked + short + replaced < quantity THEN 'open'
             WHEN short = 0 THEN 'picked'
             ELSE 'short' END),
    DROP CONSTRAINT one_pick_per_line_and_place,
    DROP CONSTRAINT never_more_than_ordered,
    ADD CONSTRAINT one_pick_per_line_place_and_product
        UNIQUE (order_id, fulfilment_id, line_no, product_id),
    ADD CONSTRAINT never_more_than_ordered CHECK (picked + short + replaced + offered <= quantity),
    ADD CONSTRAINT paid_back_for_what_was_not_there CHECK (paid_back_for BETWEEN 0 AND short + replaced);
COMMENT ON COLUMN fulfilment.picks.replaces IS
    'The pick of what was ordered, when this is a substitute for it.';
COMMENT ON COLUMN fulfilment.picks.offered IS
    'Units for which a substitute is offered and not answered yet: neither picked nor missing.';
COMMENT ON COLUMN fulfilment.picks.paid_back_for IS
    'Units, short or replaced, whose money has been settled.';

CREATE TABLE fulfilment.substitutes (
    order_id       uuid NOT NULL,
    id             uuid NOT NULL,
    fulfilment_id  uuid NOT NULL,
    pick_id        uuid NOT NULL,
    product_id     uuid NOT NULL,
    gtin           text NOT NULL,
    name           text NOT NULL,
    picture        text,
    storage        text NOT NULL CONSTRAINT known_storage CHECK (storage IN ('ambient', 'chilled', 'frozen')),
    weight_g       integer NOT NULL DEFAULT 0,
    quantity       integer NOT NULL CONSTRAINT something_is_offered CHECK (quantity > 0),
    price          bigint NOT NULL CONSTRAINT price_is_not_negative CHECK (price >= 0),
    charged        bigint NOT NULL CONSTRAINT charged_is_not_negative CHECK (charged >= 0),
    wish           text NOT NULL CONSTRAINT known_wish CHECK (wish IN ('similar', 'same-brand', 'ask-me')),
    reason         text NOT NULL,
    state          text NOT NULL DEFAULT 'offered' CONSTRAINT known_state CHECK (state IN (
                       'offered', 'accepted', 'refused', 'withdrawn')),
    ended_by       text CONSTRAINT known_voice CHECK (ended_by IN (
                       'shopper', 'silence', 'picker', 'gone')),
    offered_by     uuid NOT NULL,
    offered_at     timestamptz NOT NULL DEFAULT now(),
    answer_by      timestamptz NOT NULL,
    ended_at       timestamptz,
    hold_id        uuid NOT NULL,
    PRIMARY KEY (order_id, id),
    FOREIGN KEY (order_id, fulfilment_id) REFERENCES fulfilment.fulfilments (order_id, id),
    FOREIGN KEY (order_id, pick_id) REFERENCES fulfilment.picks (order_id, id),
    CONSTRAINT never_dearer_than_its_own_price CHECK (charged <= price * quantity),
    CONSTRAINT ended_by_somebody CHECK ((state = 'offered') = (ended_by IS NULL)),
    CONSTRAINT ended_once CHECK ((state = 'offered') = (ended_at IS NULL))
);
COMMENT ON COLUMN fulfilment.substitutes.price IS 'For one, with its deposit, as the shop sells it.';
COMMENT ON COLUMN fulfilment.substitutes.charged IS
    'For all: never more than was paid for what it replaces; what it costs more is the shop''s.';
COMMENT ON COLUMN fulfilment.substitutes.answer_by IS
    'Until then the shopper decides; after that silence does, as their wish says.';
CREATE INDEX substitutes_by_id ON fulfilment.substitutes (id);
CREATE INDEX substitutes_of_pick ON fulfilment.substitutes (order_id, pick_id);
CREATE INDEX substitutes_unanswered ON fulfilment.substitutes (answer_by) WHERE state = 'offered';

CREATE OR REPLACE VIEW checks.deliveries AS
SELECT pick.order_id, pick.line_no, fulfilment.state, pick.quantity, pick.picked, pick.short, pick.delivered
  FROM fulfilment.picks AS pick
  JOIN fulfilment.fulfilments AS fulfilment
    ON fulfilment.order_id = pick.order_id AND fulfilment.id = pick.fulfilment_id
 WHERE (fulfilment.state <> 'delivered' AND pick.delivered > 0)
    OR (fulfilment.state NOT IN ('released', 'picking', 'cancelled') AND pick.state = 'open')
 UNION ALL
SELECT line.order_id, line.line_no, NULL, line.quantity, NULL, NULL, sum(pick.delivered)
  FROM orders.lines AS line
  JOIN fulfilment.picks AS pick ON pick.order_id = line.order_id AND pick.line_no = line.line_no
 GROUP BY line.order_id, line.line_no, line.quantity, line.delivered_quantity
HAVING coalesce(sum(pick.quantity) FILTER (WHERE pick.replaces IS NULL), 0) > line.quantity
    OR sum(pick.delivered) <> line.delivered_quantity;

-- An offer ends in time; what is offered and what was accepted are on the pick; what is packed is settled.
CREATE VIEW checks.substitutes AS
SELECT offer.order_id, offer.id, offer.state, 'was not ended in time' AS wrong
  FROM fulfilment.substitutes AS offer
 WHERE offer.state = 'offered'
   AND offer.answer_by < now() - interval '60 seconds'
 UNION ALL
SELECT pick.order_id, pick.id, pick.state, 'does not add up'
  FROM fulfilment.picks AS pick
  LEFT JOIN fulfilment.substitutes AS offer
    ON offer.order_id = pick.order_id AND offer.pick_id = pick.id
 GROUP BY pick.order_id, pick.id
HAVING pick.offered <> coalesce(sum(offer.quantity) FILTER (WHERE offer.state = 'offered'), 0)
    OR pick.replaced <> coalesce(sum(offer.quantity) FILTER (WHERE offer.state = 'accepted'), 0)
 UNION ALL
SELECT pick.order_id, pick.id, fulfilment.state, 'was not there and is not paid back'
  FROM fulfilment.picks AS pick
  JOIN fulfilment.fulfilments AS fulfilment
    ON fulfilment.order_id = pick.order_id AND fulfilment.id = pick.fulfilment_id
 WHERE fulfilment.state IN ('packed', 'loaded', 'out_for_delivery', 'delivered', 'failed', 'returned')
   AND pick.paid_back_for <> pick.short + pick.replaced;
