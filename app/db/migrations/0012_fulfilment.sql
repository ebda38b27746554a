-- From a confirmed order to the doorstep: picked in aisle order, packed into numbered parcels,
-- loaded into a van, handed over. Every row carries its order, so that it can live beside it.

CREATE SCHEMA fulfilment;

CREATE TABLE fulfilment.locations (
    product_id  uuid NOT NULL,
    place_id    uuid NOT NULL,
    aisle       smallint NOT NULL CONSTRAINT aisles_count_from_one CHECK (aisle BETWEEN 1 AND 999),
    bay         smallint NOT NULL CONSTRAINT bays_count_from_one CHECK (bay BETWEEN 1 AND 999),
    shelf       smallint NOT NULL CONSTRAINT shelves_count_from_one CHECK (shelf BETWEEN 1 AND 99),
    PRIMARY KEY (product_id, place_id)
);
COMMENT ON TABLE fulfilment.locations IS
    'Where a product stands in a place; a product without a row has a default by its storage class and category.';

CREATE TABLE fulfilment.batches (
    id          uuid PRIMARY KEY,
    place_id    uuid NOT NULL,
    picker_id   uuid NOT NULL,
    created_at  timestamptz NOT NULL DEFAULT now()
);
COMMENT ON TABLE fulfilment.batches IS 'Up to six orders walked at once, a tote of its own colour for each.';

CREATE TABLE fulfilment.fulfilments (
    order_id      uuid NOT NULL,
    id            uuid NOT NULL,
    place_id      uuid NOT NULL,
    order_number  text NOT NULL,
    state         text NOT NULL DEFAULT 'released' CONSTRAINT known_state CHECK (state IN (
                      'released', 'picking', 'picked', 'packed', 'loaded', 'out_for_delivery',
                      'delivered', 'failed', 'returned', 'cancelled')),
    window_starts_at  timestamptz NOT NULL,
    window_ends_at    timestamptz NOT NULL,
    pick_by       timestamptz NOT NULL,
    batch_id      uuid REFERENCES fulfilment.batches,
    tote          smallint CONSTRAINT six_totes_on_a_cart CHECK (tote BETWEEN 1 AND 6),
    attempts      smallint NOT NULL DEFAULT 0,
    version       bigint NOT NULL DEFAULT 1,
    created_at    timestamptz NOT NULL DEFAULT now(),
    changed_at    timestamptz NOT NULL DEFAULT now(),
    PRIMARY KEY (order_id, id),
    CONSTRAINT one_per_order_and_place UNIQUE (order_id, place_id),
    CONSTRAINT window_has_a_length CHECK (window_starts_at < window_ends_at),
    CONSTRAINT tote_and_batch_go_together CHECK ((batch_id IS NULL) = (tote IS NULL)),
    CONSTRAINT one_order_per_tote UNIQUE (batch_id, tote)
);
CREATE INDEX fulfilments_by_id ON fulfilment.fulfilments (id);
CREATE INDEX fulfilments_to_pick ON fulfilment.fulfilments (place_id, pick_by)
    WHERE state IN ('released', 'picking', 'picked', 'packed');

CREATE TABLE fulfilment.picks (
    order_id       uuid NOT NULL,
    id             uuid NOT NULL,
    fulfilment_id  uuid NOT NULL,
    line_no        integer NOT NULL,
    product_id     uuid NOT NULL,
    quantity       integer NOT NULL CONSTRAINT something_to_pick CHECK (quantity > 0),
    picked         integer NOT NULL DEFAULT 0 CHECK (picked >= 0),
    short          integer NOT NULL DEFAULT 0 CHECK (short >= 0),
    short_reason   text CONSTRAINT known_reason CHECK (short_reason IN (
                       'not-found', 'damaged', 'expired', 'too-few', 'wrong-price', 'other')),
    delivered      integer NOT NULL DEFAULT 0 CHECK (delivered >= 0),
    state          text NOT NULL GENERATED ALWAYS AS (
                       CASE WHEN picked + short < quantity THEN 'open'
                            WHEN short = 0 THEN 'picked'
                            ELSE 'short' END) STORED,
    storage        text NOT NULL CONSTRAINT known_storage CHECK (storage IN ('ambient', 'chilled', 'frozen')),
    weight_g       integer NOT NULL DEFAULT 0 CHECK (weight_g >= 0),
    aisle          smallint NOT NULL,
    bay            smallint NOT NULL,
    shelf          smallint NOT NULL,
    picker_id      uuid,
    changed_at     timestamptz NOT NULL DEFAULT now(),
    PRIMARY KEY (order_id, id),
    FOREIGN KEY (order_id, fulfilment_id) REFERENCES fulfilment.fulfilments (order_id, id),
    CONSTRAINT one_pick_per_line_and_place UNIQUE (order_id, fulfilment_id, line_no),
    CONSTRAINT never_more_than_ordered CHECK (picked + short <= quantity),
    CONSTRAINT never_delivered_what_was_not_picked CHECK (delivered <= picked),
    CONSTRAINT a_short_pick_has_a_reason CHECK ((short > 0) = (short_reason IS NOT NULL))
);
CREATE INDEX picks_by_id ON fulfilment.picks (id);
CREATE INDEX picks_of_fulfilment ON fulfilment.picks (fulfilment_id);

CREATE TABLE fulfilment.runs (
    id          uuid PRIMARY KEY,
    place_id    uuid NOT NULL,
    starts_at   timestamptz NOT NULL,
    ends_at     timestamptz NOT NULL,
    number      smallint NOT NULL DEFAULT 1 CONSTRAINT vans_count_from_one CHECK (number >= 1),
    state       text NOT NULL DEFAULT 'planned' CONSTRAINT known_state CHECK (state IN (
                    'planned', 'published', 'underway', 'completed')),
    driver_id   uuid,
    departed_at timestamptz,
    completed_at timestamptz,
    version     bigint NOT NULL DEFAULT 1,
    CONSTRAINT one_run_per_place_window_and_van UNIQUE (place_id, starts_at, ends_at, number)
);
COMMENT ON TABLE fulfilment.runs IS 'One van leaving one place for one window of time.';
CREATE INDEX runs_by_day ON fulfilment.runs (starts_at);

CREATE SEQUENCE fulfilment.sscc_serials;

CREATE TABLE fulfilment.parcels (
    order_id       uuid NOT NULL,
    id             uuid NOT NULL,
    fulfilment_id  uuid NOT NULL,
    sscc           text NOT NULL CONSTRAINT sscc_has_18_digits CHECK (sscc ~ '^[0-9]{18}$'),
    number         smallint NOT NULL CONSTRAINT parcels_count_from_one CHECK (number >= 1),
    storage        text NOT NULL CONSTRAINT known_storage CHECK (storage IN ('ambient', 'chilled', 'frozen')),
    weight_g       integer NOT NULL DEFAULT 0 CHECK (weight_g >= 0),
    place_id       uuid,
    run_id         uuid REFERENCES fulfilment.runs,
    delivered_at   timestamptz,
    emptied_at     timestamptz,
    sealed_at      timestamptz NOT NULL DEFAULT now(),
    PRIMARY KEY (order_id, id),
    FOREIGN KEY (order_id, fulfilment_id) REFERENCES fulfilment.fulfilments (order_id, id),
    CONSTRAINT parcels_are_numbered UNIQUE (order_id, fulfilment_id, number),
    CONSTRAINT in_exactly_one_place CHECK (num_nonnulls(place_id, run_id, delivered_at, emptied_at) = 1)
);
COMMENT ON COLUMN fulfilment.parcels.place_id IS
    'A parcel stands in a place, or rides in a run, or was delivered, or was emptied: exactly one of them.';
CREATE INDEX parcels_by_sscc ON fulfilment.parcels (sscc);
CREATE INDEX parcels_of_fulfilment ON fulfilment.parcels (fulfilment_id);
CREATE INDEX parcels_of_run ON fulfilment.parcels (run_id) WHERE run_id IS NOT NULL;

CREATE TABLE fulfilment.contents (
    order_id   uuid NOT NULL,
    parcel_id  uuid NOT NULL,
    pick_id    uuid NOT NULL,
    quantity   integer NOT NULL CONSTRAINT something_in_it CHECK (quantity > 0),
    PRIMARY KEY (order_id, parcel_id, pick_id),
    FOREIGN KEY (order_id, parcel_id) REFERENCES fulfilment.parcels (order_id, id),
    FOREIGN KEY (order_id, pick_id) REFERENCES fulfilment.picks (order_id, id)
);

CREATE TABLE fulfilment.stops (
    order_id       uuid NOT NULL,
    id             uuid NOT NULL,
    fulfilment_id  uuid NOT NULL,
    run_id         uuid NOT NULL REFERENCES fulfilment.runs,
    position       smallint NOT NULL CONSTRAINT stops_count_from_one CHECK (position >= 1),
    state          text NOT NULL DEFAULT 'planned' CONSTRAINT known_state CHECK (state IN (
                       'planned', 'delivered', 'failed', 'dropped')),
    latitude       double precision NOT NULL CHECK (latitude BETWEEN -90 AND 90),
    longitude      double precision NOT NULL CHECK (longitude BETWEEN -180 AND 180),
    arrives_at     timestamptz NOT NULL,
    handed_to      text CONSTRAINT known_receiver CHECK (handed_to IN ('customer', 'neighbour')),
    age_checked    boolean NOT NULL DEFAULT false,
    reason         text CONSTRAINT known_reason CHECK (reason IN (
                       'not-home', 'refused', 'address', 'damaged', 'access', 'age')),
    next_step      text CONSTRAINT known_next_step CHECK (next_step IN ('again', 'back')),
    happened_at    timestamptz,
    received_at    timestamptz,
    PRIMARY KEY (order_id, id),
    FOREIGN KEY (order_id, fulfilment_id) REFERENCES fulfilment.fulfilments (order_id, id),
    CONSTRAINT one_stop_per_position UNIQUE (run_id, position) DEFERRABLE INITIALLY DEFERRED,
    CONSTRAINT delivered_to_somebody CHECK ((state = 'delivered') = (handed_to IS NOT NULL)),
    CONSTRAINT failed_for_a_reason CHECK ((state = 'failed') = (reason IS NOT NULL)),
    CONSTRAINT failed_with_a_next_step CHECK ((state = 'failed') = (next_step IS NOT NULL))
);
COMMENT ON COLUMN fulfilment.stops.happened_at IS
    'By the clock of the phone at the door; received_at is ours. Both are kept.';
CREATE INDEX stops_by_id ON fulfilment.stops (id);
CREATE UNIQUE INDEX one_living_stop ON fulfilment.stops (order_id, fulfilment_id) WHERE state = 'planned';

CREATE TABLE fulfilment.acts (
    order_id       uuid NOT NULL,
    id             uuid NOT NULL,
    fulfilment_id  uuid NOT NULL,
    action         text NOT NULL,
    person_id      uuid,
    happened_at    timestamptz NOT NULL,
    received_at    timestamptz NOT NULL DEFAULT now(),
    details        jsonb NOT NULL DEFAULT '{}',
    PRIMARY KEY (order_id, id)
);
COMMENT ON TABLE fulfilment.acts IS 'Who did what with an order, on which clock; ids and numbers only.';
CREATE INDEX acts_of_fulfilment ON fulfilment.acts (fulfilment_id, id);

CREATE VIEW checks.parcels AS
SELECT parcel.id, parcel.sscc, fulfilment.state, 'is not where its order is' AS wrong
  FROM fulfilment.parcels AS parcel
  JOIN fulfilment.fulfilments AS fulfilment
    ON fulfilment.order_id = parcel.order_id AND fulfilment.id = parcel.fulfilment_id
 WHERE NOT CASE
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

CREATE VIEW checks.deliveries AS
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
HAVING sum(pick.quantity) > line.quantity
    OR sum(pick.delivered) <> line.delivered_quantity;

CREATE VIEW checks.stops AS
SELECT fulfilment.order_id, fulfilment.id, fulfilment.state,
       count(stop.id) FILTER (WHERE stop.state = 'planned') AS planned
  FROM fulfilment.fulfilments AS fulfilment
  LEFT JOIN fulfilment.stops AS stop
    ON stop.order_id = fulfilment.order_id AND stop.fulfilment_id = fulfilment.id
 GROUP BY fulfilment.order_id, fulfilment.id, fulfilment.state
HAVING (fulfilment.state IN ('released', 'picking', 'picked', 'packed', 'loaded', 'out_for_delivery'))
       <> (count(stop.id) FILTER (WHERE stop.state = 'planned') = 1)
   AND fulfilment.state <> 'failed';
