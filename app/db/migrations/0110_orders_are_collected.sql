-- Orders that their shoppers collect: which places have a desk for it, when it is open, and what
-- waits there on which shelf. An order that is collected never gets a stop of a van.

SET LOCAL lock_timeout = '5s';

CREATE SCHEMA collecting;

CREATE TABLE collecting.desks (
    place_id       uuid PRIMARY KEY REFERENCES stock.places,
    ready_minutes  integer NOT NULL DEFAULT 120
                   CONSTRAINT made_ready_within_two_days CHECK (ready_minutes BETWEEN 0 AND 2880),
    keep_days      integer NOT NULL DEFAULT 3
                   CONSTRAINT kept_for_some_days CHECK (keep_days BETWEEN 1 AND 14),
    on_holidays    boolean NOT NULL DEFAULT false,
    hint           text NOT NULL DEFAULT '',
    open           boolean NOT NULL DEFAULT true,
    version        bigint NOT NULL DEFAULT 1
);
COMMENT ON TABLE collecting.desks IS
    'Places where orders can be collected. ready_minutes are counted while the desk is open; an order is kept until the desk closes keep_days days after it was to be ready.';

CREATE TABLE collecting.hours (
    place_id  uuid NOT NULL REFERENCES collecting.desks,
    weekday   smallint NOT NULL CONSTRAINT weekdays_are_iso CHECK (weekday BETWEEN 1 AND 7),
    opens     time NOT NULL,
    closes    time NOT NULL,
    PRIMARY KEY (place_id, weekday),
    CONSTRAINT a_desk_opens_before_it_closes CHECK (opens < closes)
);
COMMENT ON TABLE collecting.hours IS 'By the clock of the place; a weekday without a row is closed.';

ALTER TABLE fulfilment.fulfilments
    ADD COLUMN way text NOT NULL DEFAULT 'delivery'
        CONSTRAINT known_way CHECK (way IN ('delivery', 'collect', 'carrier'));
COMMENT ON COLUMN fulfilment.fulfilments.way IS
    'delivery: by a van of ours. collect: its shopper comes for it. carrier: a parcel service brings it.';

ALTER TABLE fulfilment.parcels
    ADD COLUMN shelf text CONSTRAINT shelves_have_names CHECK (shelf <> '');
COMMENT ON COLUMN fulfilment.parcels.shelf IS 'Where it waits behind the desk until it is collected.';

CREATE TABLE fulfilment.collections (
    order_id       uuid NOT NULL,
    fulfilment_id  uuid NOT NULL,
    code_hash      bytea CONSTRAINT code_is_hashed CHECK (octet_length(code_hash) = 32),
    ready_by       timestamptz NOT NULL,
    keep_until     timestamptz NOT NULL,
    ready_at       timestamptz,
    ended_at       timestamptz,
    ended_by       uuid,
    age_checked    boolean NOT NULL DEFAULT false,
    cleared_at     timestamptz,
    PRIMARY KEY (order_id, fulfilment_id),
    FOREIGN KEY (order_id, fulfilment_id) REFERENCES fulfilment.fulfilments (order_id, id),
    CONSTRAINT kept_after_it_is_ready CHECK (ready_by < keep_until),
    CONSTRAINT a_code_once_it_is_ready CHECK ((ready_at IS NULL) = (code_hash IS NULL)),
    CONSTRAINT only_what_is_over_is_cleared CHECK (cleared_at IS NULL OR ended_at IS NOT NULL)
);
COMMENT ON COLUMN fulfilment.collections.code_hash IS
    'SHA-256 of the code the shopper shows; the code itself is made from the shop''s secret.';
COMMENT ON COLUMN fulfilment.collections.age_checked IS
    'Somebody looked at a proof of age. Nothing of the proof is kept.';
COMMENT ON COLUMN fulfilment.collections.cleared_at IS
    'What nobody came for lies on the shelves of the shop again.';
CREATE INDEX collections_by_code ON fulfilment.collections (code_hash) WHERE ended_at IS NULL;
CREATE INDEX collections_running_out ON fulfilment.collections (keep_until)
    WHERE ready_at IS NOT NULL AND ended_at IS NULL;

CREATE TABLE fulfilment.desk_refusals (
    order_id  uuid NOT NULL,
    pick_id   uuid NOT NULL,
    quantity  integer NOT NULL CONSTRAINT something_is_refused CHECK (quantity > 0),
    reason    text NOT NULL CONSTRAINT known_reason CHECK (reason IN (
                  'damaged', 'wrong', 'not-wanted', 'age', 'recalled')),
    at        timestamptz NOT NULL DEFAULT now(),
    PRIMARY KEY (order_id, pick_id),
    FOREIGN KEY (order_id, pick_id) REFERENCES fulfilment.picks (order_id, id)
);
COMMENT ON TABLE fulfilment.desk_refusals IS 'What of an order its shopper left at the desk, and why. It is paid back.';

CREATE OR REPLACE VIEW checks.stops AS
SELECT fulfilment.order_id, fulfilment.id, fulfilment.state,
       count(stop.id) FILTER (WHERE stop.state = 'planned') AS planned
  FROM fulfilment.fulfilments AS fulfilment
  LEFT JOIN fulfilment.stops AS stop
    ON stop.order_id = fulfilment.order_id AND stop.fulfilment_id = fulfilment.id
 GROUP BY fulfilment.order_id, fulfilment.id, fulfilment.state
HAVING (fulfilment.way = 'delivery'
        AND fulfilment.state IN ('released', 'picking', 'picked', 'packed', 'loaded', 'out_for_delivery'))
       <> (count(stop.id) FILTER (WHERE stop.state = 'planned') = 1)
   AND fulfilment.state <> 'failed';

-- A promise to hold something for its shopper is kept, or ends in time; it never becomes a delivery.
CREATE VIEW checks.pick_ups AS
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
 WHERE fulfilment.way = 'collect'
   AND fulfilment.place_id <> sold.place_id
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
