-- Goods and where they lie: what is there, what of it is promised, and every change of either.

CREATE SCHEMA stock;

CREATE TABLE stock.places (
    id         uuid PRIMARY KEY,
    code       text NOT NULL CONSTRAINT place_codes_differ UNIQUE,
    name       text NOT NULL,
    kind       text NOT NULL CONSTRAINT known_kind_of_place CHECK (kind IN ('store', 'dark-store')),
    street     text NOT NULL,
    postcode   text NOT NULL,
    city       text NOT NULL,
    country    text NOT NULL CONSTRAINT country_is_iso_3166 CHECK (country ~ '^[A-Z]{2}$'),
    time_zone  text NOT NULL,
    latitude   double precision NOT NULL CONSTRAINT latitude_on_earth CHECK (latitude BETWEEN -90 AND 90),
    longitude  double precision NOT NULL CONSTRAINT longitude_on_earth CHECK (longitude BETWEEN -180 AND 180),
    open       boolean NOT NULL DEFAULT true
);
COMMENT ON TABLE stock.places IS 'Stores and dark stores. A closed one sells nothing; what it holds still counts.';

CREATE TABLE stock.levels (
    product_id  uuid NOT NULL,
    place_id    uuid NOT NULL REFERENCES stock.places,
    on_hand     integer NOT NULL DEFAULT 0,
    reserved    integer NOT NULL DEFAULT 0,
    PRIMARY KEY (product_id, place_id),
    CONSTRAINT nothing_is_promised_twice CHECK (0 <= reserved AND reserved <= on_hand)
) WITH (fillfactor = 50);
COMMENT ON TABLE stock.levels IS
    'Half-empty pages: a hot product is updated in place. Locked in the order (product, place), always.';

CREATE TABLE stock.holds (
    id          uuid PRIMARY KEY,
    holder      uuid NOT NULL,
    state       text NOT NULL DEFAULT 'held'
                CONSTRAINT known_state_of_hold
                CHECK (state IN ('held', 'confirmed', 'released', 'expired', 'taken')),
    expires_at  timestamptz NOT NULL,
    made_at     timestamptz NOT NULL DEFAULT now(),
    version     bigint NOT NULL DEFAULT 1
) WITH (fillfactor = 70);
COMMENT ON TABLE stock.holds IS
    'A promise of goods to a checkout. held ends by itself at expires_at; confirmed stays until the goods are taken.';
CREATE INDEX holds_by_holder ON stock.holds (holder);
CREATE INDEX holds_running_out ON stock.holds (expires_at) WHERE state = 'held';

CREATE TABLE stock.hold_lines (
    hold_id     uuid NOT NULL REFERENCES stock.holds,
    product_id  uuid NOT NULL,
    place_id    uuid NOT NULL,
    quantity    integer NOT NULL CONSTRAINT something_is_held CHECK (quantity > 0),
    picked      integer CONSTRAINT no_more_picked_than_held CHECK (picked BETWEEN 0 AND quantity),
    PRIMARY KEY (hold_id, product_id, place_id)
);
COMMENT ON COLUMN stock.hold_lines.picked IS
    'Empty while the goods are still to be picked; then what was found. The rest was not there.';

CREATE TABLE stock.ledger (
    id               uuid NOT NULL DEFAULT uuidv7(),
    product_id       uuid NOT NULL,
    place_id         uuid NOT NULL,
    kind             text NOT NULL
                     CONSTRAINT known_kind_of_entry
                     CHECK (kind IN ('received', 'returned', 'counted', 'written_off',
                                     'held', 'released', 'expired', 'taken')),
    on_hand_change   integer NOT NULL DEFAULT 0,
    reserved_change  integer NOT NULL DEFAULT 0,
    hold_id          uuid,
    reference        uuid,
    at               timestamptz NOT NULL DEFAULT now(),
    PRIMARY KEY (product_id, place_id, id),
    CONSTRAINT an_entry_changes_something CHECK (on_hand_change <> 0 OR reserved_change <> 0)
);
COMMENT ON TABLE stock.ledger IS 'Every change of a level, written with it. Only ever added to.';

CREATE VIEW checks.stock_bounds AS
SELECT level.product_id, level.place_id, level.on_hand, level.reserved
  FROM stock.levels AS level
 WHERE NOT (0 <= level.reserved AND level.reserved <= level.on_hand);

-- What is reserved also equals what the living holds still promise.
CREATE VIEW checks.stock_ledger AS
WITH written AS (
    SELECT entry.product_id, entry.place_id,
           sum(entry.on_hand_change) AS on_hand, sum(entry.reserved_change) AS reserved
      FROM stock.ledger AS entry
     GROUP BY entry.product_id, entry.place_id
), promised AS (
    SELECT line.product_id, line.place_id, sum(line.quantity) AS reserved
      FROM stock.hold_lines AS line
      JOIN stock.holds AS hold ON hold.id = line.hold_id
     WHERE hold.state IN ('held', 'confirmed')
       AND line.picked IS NULL
     GROUP BY line.product_id, line.place_id
)
SELECT product_id, place_id,
       coalesce(level.on_hand, 0) AS on_hand, coalesce(written.on_hand, 0) AS on_hand_written,
       coalesce(level.reserved, 0) AS reserved, coalesce(written.reserved, 0) AS reserved_written,
       coalesce(promised.reserved, 0) AS reserved_promised
  FROM stock.levels AS level
  FULL JOIN written USING (product_id, place_id)
  FULL JOIN promised USING (product_id, place_id)
 WHERE coalesce(level.on_hand, 0) <> coalesce(written.on_hand, 0)
    OR coalesce(level.reserved, 0) <> coalesce(written.reserved, 0)
    OR coalesce(level.reserved, 0) <> coalesce(promised.reserved, 0);
