-- Parcels that a carrier brings: each is announced once, and what the carrier tells of it is a fact,
-- kept once however often and in whichever order it is told.

SET LOCAL lock_timeout = '5s';

CREATE TABLE fulfilment.consignments (
    order_id       uuid NOT NULL,
    parcel_id      uuid NOT NULL,
    fulfilment_id  uuid NOT NULL,
    carrier        text NOT NULL CONSTRAINT carriers_have_names CHECK (carrier ~ '^[a-z][a-z0-9-]{0,30}$'),
    state          text NOT NULL DEFAULT 'wanted' CONSTRAINT known_state CHECK (state IN (
                       'wanted', 'announced', 'accepted', 'in_transit', 'failed', 'delivered', 'returned')),
    reference      text,
    track_at       text CONSTRAINT tracking_is_https CHECK (track_at ~ '^https://'),
    due_at         timestamptz DEFAULT now(),
    attempts       integer NOT NULL DEFAULT 0,
    problem        text,
    booked_at      timestamptz NOT NULL DEFAULT now(),
    PRIMARY KEY (order_id, parcel_id),
    FOREIGN KEY (order_id, parcel_id) REFERENCES fulfilment.parcels (order_id, id),
    FOREIGN KEY (order_id, fulfilment_id) REFERENCES fulfilment.fulfilments (order_id, id),
    CONSTRAINT unannounced_is_due CHECK ((state = 'wanted') = (due_at IS NOT NULL)),
    CONSTRAINT announced_with_a_reference CHECK (state = 'wanted' OR reference IS NOT NULL)
);
COMMENT ON COLUMN fulfilment.consignments.reference IS 'How the carrier calls the parcel; shown to the shopper.';
CREATE INDEX consignments_to_announce ON fulfilment.consignments (due_at) WHERE state = 'wanted';
CREATE INDEX consignments_of_fulfilment ON fulfilment.consignments (fulfilment_id);

CREATE TABLE fulfilment.carrier_facts (
    carrier      text NOT NULL,
    id           text NOT NULL,
    order_id     uuid NOT NULL,
    parcel_id    uuid NOT NULL,
    kind         text NOT NULL CONSTRAINT known_kind CHECK (kind IN (
                     'accepted', 'in_transit', 'failed', 'delivered', 'returned')),
    happened_at  timestamptz NOT NULL,
    received_at  timestamptz NOT NULL DEFAULT now(),
    PRIMARY KEY (carrier, id),
    FOREIGN KEY (order_id, parcel_id) REFERENCES fulfilment.consignments (order_id, parcel_id)
);
COMMENT ON TABLE fulfilment.carrier_facts IS
    'What a carrier told of a parcel; where it stands follows from all of them, not from their order.';
CREATE INDEX carrier_facts_of_parcel ON fulfilment.carrier_facts (order_id, parcel_id);

ALTER TABLE fulfilment.parcels
    ADD COLUMN carrier text,
    DROP CONSTRAINT in_exactly_one_place,
    ADD CONSTRAINT in_exactly_one_place
        CHECK (num_nonnulls(place_id, run_id, carrier, delivered_at, emptied_at) = 1);
COMMENT ON COLUMN fulfilment.parcels.carrier IS 'While a carrier of this name has it.';

CREATE OR REPLACE VIEW checks.parcels AS
SELECT parcel.id, parcel.sscc, fulfilment.state, 'is not where its order is' AS wrong
  FROM fulfilment.parcels AS parcel
  JOIN fulfilment.fulfilments AS fulfilment
    ON fulfilment.order_id = parcel.order_id AND fulfilment.id = parcel.fulfilment_id
 WHERE NOT CASE
           WHEN fulfilment.way = 'carrier' AND fulfilment.state IN ('packed', 'out_for_delivery')
                THEN parcel.run_id IS NULL
           WHEN fulfilment.way = 'carrier' AND fulfilment.state = 'delivered'
                THEN parcel.delivered_at IS NOT NULL OR parcel.emptied_at IS NOT NULL
           -- What was cold when nobody was home is picked anew; its old tote is empty.
           WHEN fulfilment.attempts > 0 AND parcel.emptied_at IS NOT NULL
                THEN parcel.storage <> 'ambient' OR fulfilment.state = 'returned'
           WHEN fulfilment.attempts > 0 AND fulfilment.state IN ('released', 'picking')
                THEN parcel.place_id IS NOT NULL
           WHEN fulfilment.state IN ('picked', 'packed')
                THEN parcel.place_id IS NOT NULL OR parcel.run_id IS NOT NULL
           WHEN fulfilment.state IN ('loaded', 'out_for_delivery', 'failed')
                THEN parcel.run_id IS NOT NULL
           WHEN fulfilment.state = 'delivered' THEN parcel.delivered_at IS NOT NULL
           WHEN fulfilment.state = 'returned' THEN parcel.emptied_at IS NOT NULL
           ELSE false
           END
 UNION ALL
SELECT min(parcel.id::text)::uuid, parcel.sscc, NULL, 'has the number of another parcel'
  FROM fulfilment.parcels AS parcel
 GROUP BY parcel.sscc
HAVING count(*) > 1
 UNION ALL
SELECT pick.id, NULL, fulfilment.state, 'was picked, but is not in exactly one parcel'
  FROM fulfilment.picks AS pick
  JOIN fulfilment.fulfilments AS fulfilment
    ON fulfilment.order_id = pick.order_id AND fulfilment.id = pick.fulfilment_id
  LEFT JOIN fulfilment.contents AS content
    ON content.order_id = pick.order_id AND content.pick_id = pick.id
 WHERE fulfilment.state IN ('packed', 'loaded', 'out_for_delivery', 'delivered', 'failed', 'returned')
 GROUP BY pick.order_id, pick.id, pick.picked, fulfilment.state
HAVING coalesce(sum(content.quantity), 0) <> pick.picked;

CREATE VIEW checks.consignments AS
SELECT parcel.order_id, parcel.id, parcel.sscc, 'is with a carrier that knows nothing of it' AS wrong
  FROM fulfilment.parcels AS parcel
  LEFT JOIN fulfilment.consignments AS consignment
    ON consignment.order_id = parcel.order_id AND consignment.parcel_id = parcel.id
 WHERE parcel.carrier IS NOT NULL
   AND consignment.carrier IS DISTINCT FROM parcel.carrier
 UNION ALL
SELECT consignment.order_id, consignment.parcel_id, parcel.sscc, 'is not where its carrier says'
  FROM fulfilment.consignments AS consignment
  JOIN fulfilment.parcels AS parcel
    ON parcel.order_id = consignment.order_id AND parcel.id = consignment.parcel_id
 WHERE NOT CASE consignment.state
           WHEN 'delivered' THEN parcel.delivered_at IS NOT NULL
           WHEN 'returned' THEN parcel.emptied_at IS NOT NULL
           WHEN 'wanted' THEN parcel.place_id IS NOT NULL
           WHEN 'announced' THEN parcel.place_id IS NOT NULL
           ELSE parcel.carrier IS NOT NULL
           END
 UNION ALL
SELECT fulfilment.order_id, fulfilment.id, NULL, 'is over for its carrier and not for us, or the other way round'
  FROM fulfilment.fulfilments AS fulfilment
 WHERE fulfilment.way = 'carrier'
   AND (fulfilment.state IN ('delivered', 'returned'))
       <> NOT EXISTS (SELECT
                        FROM fulfilment.consignments AS consignment
                       WHERE consignment.order_id = fulfilment.order_id
                         AND consignment.fulfilment_id = fulfilment.id
                         AND consignment.state NOT IN ('delivered', 'returned'));
