-- An order may come from several places: each sends its part within the window that was promised,
-- has room of its own for that, and is not asked again once it has refused.

SET LOCAL lock_timeout = '5s';

CREATE TABLE orders.elsewhere (
    order_id  uuid NOT NULL REFERENCES orders.orders (id),
    line_no   integer NOT NULL,
    place_id  uuid NOT NULL,
    quantity  integer NOT NULL CONSTRAINT something_is_sent CHECK (quantity > 0),
    PRIMARY KEY (order_id, line_no, place_id)
);
COMMENT ON TABLE orders.elsewhere IS
    'So many pieces of a line are sent by another place than the order''s own; the rest is its own.';

ALTER TABLE checkout.attempts ADD COLUMN senders jsonb;
COMMENT ON COLUMN checkout.attempts.senders IS
    'Who sends what, in which slot, once that is not all from the place of the chosen slot.';

ALTER TABLE slots.holds ADD COLUMN beside uuid;
COMMENT ON COLUMN slots.holds.beside IS
    'The order this is one more room of, for what another place sends of it; its own has none.';
CREATE INDEX holds_beside ON slots.holds (beside) WHERE beside IS NOT NULL;
CREATE INDEX holds_by_holder ON slots.holds (holder);

ALTER TABLE fulfilment.picks ADD COLUMN resourced integer NOT NULL DEFAULT 0
    CONSTRAINT only_what_was_short_is_sent_by_others CHECK (resourced >= 0 AND resourced <= short);
COMMENT ON COLUMN fulfilment.picks.resourced IS
    'Of the short ones, so many are sent by another place; the others are paid back.';
ALTER TABLE fulfilment.picks
    DROP CONSTRAINT paid_back_for_what_was_not_there,
    ADD CONSTRAINT paid_back_for_what_was_not_there CHECK (
        paid_back_for BETWEEN 0 AND short - resourced + replaced);

ALTER TABLE fulfilment.fulfilments DROP CONSTRAINT known_state;
ALTER TABLE fulfilment.fulfilments ADD CONSTRAINT known_state CHECK (state IN (
    'released', 'refused', 'picking', 'picked', 'packed', 'loaded', 'out_for_delivery', 'delivered',
    'failed', 'returned', 'cancelled'));

ALTER TABLE sourcing.unfilled ADD COLUMN waits_until timestamptz;

CREATE OR REPLACE VIEW checks.deliveries AS
SELECT pick.order_id, pick.line_no, fulfilment.state, pick.quantity, pick.picked, pick.short,
       pick.delivered
  FROM fulfilment.picks AS pick
  JOIN fulfilment.fulfilments AS fulfilment
    ON fulfilment.order_id = pick.order_id AND fulfilment.id = pick.fulfilment_id
 WHERE (fulfilment.state <> 'delivered' AND pick.delivered > 0)
    OR (fulfilment.state NOT IN ('released', 'refused', 'picking', 'cancelled')
        AND pick.state = 'open')
 UNION ALL
SELECT line.order_id, line.line_no, NULL, line.quantity, NULL, NULL, sum(pick.delivered)
  FROM orders.lines AS line
  JOIN fulfilment.picks AS pick
    ON pick.order_id = line.order_id AND pick.line_no = line.line_no
  JOIN fulfilment.fulfilments AS fulfilment
    ON fulfilment.order_id = pick.order_id AND fulfilment.id = pick.fulfilment_id
 GROUP BY line.order_id, line.line_no, line.quantity, line.delivered_quantity
HAVING sum(pick.quantity - pick.resourced)
       FILTER (WHERE pick.replaces IS NULL
                 AND (fulfilment.state <> 'cancelled' OR pick.picked + pick.short + pick.replaced > 0))
       > line.quantity
    OR sum(pick.delivered) <> line.delivered_quantity;

CREATE OR REPLACE VIEW checks.substitutes AS
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
   AND pick.paid_back_for <> pick.short - pick.resourced + pick.replaced;

CREATE OR REPLACE VIEW checks.slot_plans AS
  WITH planned AS (
       SELECT plan.place_id, plan.day, (stop.value ->> 0)::uuid AS holder, count(*) AS times
         FROM slots.plans AS plan
        CROSS JOIN LATERAL jsonb_array_elements(plan.draft -> 'tours') AS tour (value)
        CROSS JOIN LATERAL jsonb_array_elements(tour.value) AS stop (value)
        GROUP BY plan.place_id, plan.day, (stop.value ->> 0)::uuid
  ), promised AS (
       SELECT slot.place_id, (slot.starts_at AT TIME ZONE place.time_zone)::date AS day,
              coalesce(hold.beside, hold.holder) AS holder
         FROM slots.holds AS hold
         JOIN slots.slots AS slot ON slot.id = hold.slot_id
         JOIN stock.places AS place ON place.id = slot.place_id
        WHERE hold.state IN ('held', 'confirmed')
          AND hold.planned
  )
SELECT place_id, day, holder, coalesce(planned.times, 0) AS times_planned
  FROM planned
  FULL JOIN promised USING (place_id, day, holder)
 WHERE planned.times IS DISTINCT FROM 1
    OR promised.holder IS NULL;

CREATE VIEW checks.elsewhere AS
SELECT part.order_id, part.line_no, line.quantity, sum(part.quantity) AS elsewhere,
       NULL::uuid AS place_id, NULL::uuid AS product_id
  FROM orders.elsewhere AS part
  LEFT JOIN orders.lines AS line
    ON line.order_id = part.order_id AND line.line_no = part.line_no
 GROUP BY part.order_id, part.line_no, line.quantity
HAVING sum(part.quantity) > line.quantity OR line.quantity IS NULL
 UNION ALL
SELECT sold.id, NULL, sent.quantity, held.quantity, sent.place_id, sent.product_id
  FROM orders.orders AS sold
 CROSS JOIN LATERAL (
       SELECT part.place_id, line.product_id, sum(part.quantity) AS quantity
         FROM orders.elsewhere AS part
         JOIN orders.lines AS line
           ON line.order_id = part.order_id AND line.line_no = part.line_no
        WHERE part.order_id = sold.id
        GROUP BY part.place_id, line.product_id) AS sent
  LEFT JOIN LATERAL (
       SELECT line.place_id, line.product_id, sum(line.quantity) AS quantity
         FROM stock.holds AS hold
         JOIN stock.hold_lines AS line ON line.hold_id = hold.id
        WHERE hold.holder = sold.id
          AND hold.state = 'confirmed'
        GROUP BY line.place_id, line.product_id) AS held
    ON held.place_id = sent.place_id AND held.product_id = sent.product_id
 WHERE sold.state = 'confirmed'
   AND held.quantity IS DISTINCT FROM sent.quantity
   AND NOT EXISTS (SELECT FROM sourcing.unfilled AS work
                    WHERE work.order_id = sold.id AND work.settled_at IS NULL);
COMMENT ON VIEW checks.elsewhere IS
    'What other places send is no more than was sold, and is promised to the order there.';
