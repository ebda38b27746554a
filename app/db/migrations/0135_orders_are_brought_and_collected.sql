-- One order may be brought home in part and collected in part: its shopper pays once, and the two
-- parts go their own ways, also where one place does both.

SET LOCAL lock_timeout = '5s';

CREATE TABLE orders.pick_ups (
    order_id    uuid PRIMARY KEY REFERENCES orders.orders (id),
    place_id    uuid NOT NULL,
    ready_by    timestamptz NOT NULL,
    keep_until  timestamptz NOT NULL,
    CONSTRAINT kept_after_it_is_ready CHECK (ready_by < keep_until)
);
COMMENT ON TABLE orders.pick_ups IS
    'Where and when the collected lines of an order are collected whose other lines are brought home. Place and time of an order that is collected whole are its own.';

CREATE TABLE orders.desk_holds (
    hold_id   uuid PRIMARY KEY,
    order_id  uuid NOT NULL REFERENCES orders.orders (id)
);
COMMENT ON TABLE orders.desk_holds IS
    'Which holds on the stock are for the collected lines of an order with a pick-up; its other holds are for what is brought.';
CREATE INDEX desk_holds_by_order ON orders.desk_holds (order_id);

CREATE UNIQUE INDEX one_per_order_place_and_way
    ON fulfilment.fulfilments (order_id, place_id, (way = 'collect'));
ALTER TABLE fulfilment.fulfilments DROP CONSTRAINT one_per_order_and_place;

CREATE OR REPLACE VIEW checks.pick_ups AS
SELECT fulfilment.order_id, fulfilment.id, fulfilment.state, 'is collected, and on its way in a van' AS wrong
  FROM fulfilment.fulfilments AS fulfilment
 WHERE fulfilment.way = 'collect'
   AND (EXISTS (SELECT
                  FROM fulfilment.stops AS stop
                 WHERE stop.order_id = fulfilment.order_id
                   AND stop.fulfilment_id = fulfilment.id)
        OR EXISTS (SELECT
                     FROM fulfilment.parcels AS parcel
                    WHERE parcel.order_id = fulfilment.order_id
                      AND parcel.fulfilment_id = fulfilment.id
                      AND parcel.run_id IS NOT NULL))
 UNION ALL
SELECT pick.order_id, pick.fulfilment_id, fulfilment.state, 'goes another way than was agreed'
  FROM fulfilment.picks AS pick
  JOIN fulfilment.fulfilments AS fulfilment
    ON fulfilment.order_id = pick.order_id AND fulfilment.id = pick.fulfilment_id
  JOIN orders.lines AS line
    ON line.order_id = pick.order_id AND line.line_no = pick.line_no
 WHERE (line.handover = 'collect') <> (fulfilment.way = 'collect')
 UNION ALL
SELECT fulfilment.order_id, fulfilment.id, fulfilment.state, 'waits elsewhere than its shopper was told'
  FROM fulfilment.fulfilments AS fulfilment
  JOIN orders.orders AS sold ON sold.id = fulfilment.order_id
  LEFT JOIN orders.pick_ups AS pick_up ON pick_up.order_id = fulfilment.order_id
 WHERE fulfilment.way = 'collect'
   AND fulfilment.place_id <> coalesce(pick_up.place_id, sold.place_id)
 UNION ALL
SELECT collection.order_id, collection.fulfilment_id, fulfilment.state, 'is over in one book only'
  FROM fulfilment.collections AS collection
  JOIN fulfilment.fulfilments AS fulfilment
    ON fulfilment.order_id = collection.order_id AND fulfilment.id = collection.fulfilment_id
 WHERE (collection.ended_at IS NOT NULL) <> (fulfilment.state IN ('delivered', 'returned', 'cancelled'))
    OR (collection.ready_at IS NOT NULL AND fulfilment.state NOT IN ('packed', 'delivered', 'returned'))
 UNION ALL
SELECT collection.order_id, collection.fulfilment_id, fulfilment.state, 'was handed over without a look at a proof of age'
  FROM fulfilment.collections AS collection
  JOIN fulfilment.fulfilments AS fulfilment
    ON fulfilment.order_id = collection.order_id AND fulfilment.id = collection.fulfilment_id
 WHERE fulfilment.state = 'delivered'
   AND NOT collection.age_checked
   AND EXISTS (SELECT
                 FROM fulfilment.picks AS pick
                 JOIN orders.lines AS line
                   ON line.order_id = pick.order_id AND line.line_no = pick.line_no
                WHERE pick.order_id = collection.order_id
                  AND pick.fulfilment_id = collection.fulfilment_id
                  AND pick.delivered > 0
                  AND line.age_limit IS NOT NULL)
 UNION ALL
SELECT collection.order_id, collection.fulfilment_id, NULL, 'is kept for too long'
  FROM fulfilment.collections AS collection
 WHERE collection.ready_at IS NOT NULL
   AND collection.ended_at IS NULL
   AND collection.keep_until < now() - interval '10 minutes'
 UNION ALL
SELECT pick.order_id, pick.fulfilment_id, NULL, 'not all that was picked is handed over or refused'
  FROM fulfilment.picks AS pick
  JOIN fulfilment.fulfilments AS fulfilment
    ON fulfilment.order_id = pick.order_id AND fulfilment.id = pick.fulfilment_id
  LEFT JOIN fulfilment.desk_refusals AS refused
    ON refused.order_id = pick.order_id AND refused.pick_id = pick.id
 WHERE fulfilment.way = 'collect'
   AND fulfilment.state = 'delivered'
   AND pick.delivered + coalesce(refused.quantity, 0) <> pick.picked;

CREATE OR REPLACE VIEW checks.elsewhere AS
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
          AND NOT EXISTS (SELECT FROM orders.desk_holds AS desk WHERE desk.hold_id = hold.id)
        GROUP BY line.place_id, line.product_id) AS held
    ON held.place_id = sent.place_id AND held.product_id = sent.product_id
 WHERE sold.state = 'confirmed'
   AND held.quantity IS DISTINCT FROM sent.quantity
   AND NOT EXISTS (SELECT FROM sourcing.unfilled AS work
                    WHERE work.order_id = sold.id AND work.settled_at IS NULL);

-- Of an order that is brought and collected, either part has its goods promised, at its own place.
CREATE VIEW checks.parts AS
  WITH part AS (
       SELECT sold.id AS order_id, line.product_id, line.handover = 'collect' AS collected,
              sum(line.quantity) AS quantity
         FROM orders.orders AS sold
         JOIN orders.pick_ups AS pick_up ON pick_up.order_id = sold.id
         JOIN orders.lines AS line ON line.order_id = sold.id
        WHERE sold.state = 'confirmed'
          AND line.handover <> 'carry-out'
        GROUP BY sold.id, line.product_id, line.handover = 'collect'
  ), promised AS (
       SELECT sold.id AS order_id, line.product_id, desk.hold_id IS NOT NULL AS collected,
              sum(line.quantity) AS quantity,
              bool_or(desk.hold_id IS NOT NULL AND line.place_id <> pick_up.place_id) AS astray
         FROM orders.orders AS sold
         JOIN orders.pick_ups AS pick_up ON pick_up.order_id = sold.id
         JOIN stock.holds AS hold ON hold.holder = sold.id AND hold.state IN ('confirmed', 'taken')
         JOIN stock.hold_lines AS line ON line.hold_id = hold.id
         LEFT JOIN orders.desk_holds AS desk ON desk.hold_id = hold.id
        WHERE sold.state = 'confirmed'
        GROUP BY sold.id, line.product_id, desk.hold_id IS NOT NULL
  )
SELECT order_id, product_id, collected, part.quantity AS sold, promised.quantity AS promised
  FROM part
  FULL JOIN promised USING (order_id, product_id, collected)
 WHERE (part.quantity IS DISTINCT FROM promised.quantity OR promised.astray)
   AND NOT EXISTS (SELECT FROM sourcing.unfilled AS work
                    WHERE work.order_id = coalesce(part.order_id, promised.order_id) AND work.settled_at IS NULL);
COMMENT ON VIEW checks.parts IS
    'What is brought and what is collected of one order is promised to it, each for itself.';
