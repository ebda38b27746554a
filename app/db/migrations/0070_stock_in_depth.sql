-- Counts, corrections with a reason, transfers, goods that are coming in, pieces kept back from a
-- channel, and products that must not be sold any more.

SET LOCAL lock_timeout = '5s';

ALTER TABLE stock.levels ADD COLUMN changed_at timestamptz NOT NULL DEFAULT clock_timestamp();
COMMENT ON COLUMN stock.levels.changed_at IS
    'By the clock, not by the transaction: whoever waited for the row comes later. Watchers go by it.';

ALTER TABLE stock.hold_lines
    ADD COLUMN short integer NOT NULL DEFAULT 0
        CONSTRAINT no_more_short_than_held CHECK (short BETWEEN 0 AND quantity);
COMMENT ON COLUMN stock.hold_lines.short IS
    'Promised, but a count has found that it is not there. Still to be looked for when picking.';
CREATE INDEX hold_lines_to_pick ON stock.hold_lines (product_id, place_id) WHERE picked IS NULL;

ALTER TABLE stock.ledger
    ADD COLUMN reason text,
    DROP CONSTRAINT known_kind_of_entry,
    ADD CONSTRAINT known_kind_of_entry
        CHECK (kind IN ('received', 'returned', 'counted', 'written_off', 'adjusted', 'sent', 'short',
                        'held', 'released', 'expired', 'taken')),
    ADD CONSTRAINT an_adjustment_has_a_reason CHECK (kind <> 'adjusted' OR reason IS NOT NULL);

CREATE TABLE stock.safety (
    product_id  uuid NOT NULL,
    place_id    uuid NOT NULL REFERENCES stock.places,
    channel     text NOT NULL
                CONSTRAINT known_channel CHECK (channel IN ('wall', 'web', 'till', 'agent')),
    quantity    integer NOT NULL CONSTRAINT something_is_kept_back CHECK (quantity > 0),
    PRIMARY KEY (product_id, place_id, channel)
);
COMMENT ON TABLE stock.safety IS
    'Pieces a channel never sells: what stands in a shop may already be in somebody''s hands.';

CREATE TABLE stock.expected (
    id          uuid PRIMARY KEY,
    product_id  uuid NOT NULL,
    place_id    uuid NOT NULL REFERENCES stock.places,
    quantity    integer NOT NULL CONSTRAINT something_is_expected CHECK (quantity > 0),
    due_on      date NOT NULL,
    arrived_at  timestamptz
);
CREATE INDEX expected_by_product ON stock.expected (product_id, due_on) WHERE arrived_at IS NULL;

CREATE TABLE stock.transfers (
    id           uuid PRIMARY KEY,
    from_place   uuid NOT NULL REFERENCES stock.places,
    to_place     uuid NOT NULL REFERENCES stock.places,
    sent_at      timestamptz NOT NULL DEFAULT now(),
    arrived_at   timestamptz,
    CONSTRAINT a_transfer_goes_elsewhere CHECK (from_place <> to_place)
);
CREATE INDEX transfers_under_way ON stock.transfers (to_place, sent_at) WHERE arrived_at IS NULL;

CREATE TABLE stock.transfer_lines (
    transfer_id  uuid NOT NULL REFERENCES stock.transfers,
    product_id   uuid NOT NULL,
    quantity     integer NOT NULL CONSTRAINT something_is_sent CHECK (quantity > 0),
    arrived      integer CONSTRAINT no_more_arrives_than_was_sent CHECK (arrived BETWEEN 0 AND quantity),
    PRIMARY KEY (transfer_id, product_id)
);

CREATE TABLE stock.counts (
    id          uuid PRIMARY KEY,
    place_id    uuid NOT NULL REFERENCES stock.places,
    file_name   text NOT NULL,
    made_by     uuid,
    made_at     timestamptz NOT NULL DEFAULT now(),
    counted_at  timestamptz
);
COMMENT ON TABLE stock.counts IS 'A list of counted shelves: looked at first, taken over when somebody says so.';

CREATE TABLE stock.count_lines (
    count_id    uuid NOT NULL REFERENCES stock.counts,
    product_id  uuid NOT NULL,
    counted     integer NOT NULL CONSTRAINT counted_is_not_negative CHECK (counted >= 0),
    PRIMARY KEY (count_id, product_id)
);

CREATE TABLE stock.stops (
    id          uuid PRIMARY KEY,
    product_id  uuid NOT NULL,
    reason      text NOT NULL,
    message     text NOT NULL,
    version     bigint NOT NULL DEFAULT 1,
    stopped_at  timestamptz NOT NULL DEFAULT now(),
    ended_at    timestamptz
);
COMMENT ON TABLE stock.stops IS 'Products nobody sells, picks or hands over at the moment, e.g. recalled ones.';
COMMENT ON COLUMN stock.stops.message IS 'What those who bought it are told.';
CREATE UNIQUE INDEX stops_running ON stock.stops (product_id) WHERE ended_at IS NULL;

ALTER TABLE catalog.products ADD COLUMN stopped boolean NOT NULL DEFAULT false;
COMMENT ON COLUMN catalog.products.stopped IS
    'Beside on_sale, which a file may set: a recalled product stays off the walls whatever is imported.';

CREATE OR REPLACE VIEW checks.stock_ledger AS
WITH written AS (
    SELECT entry.product_id, entry.place_id,
           sum(entry.on_hand_change) AS on_hand, sum(entry.reserved_change) AS reserved
      FROM stock.ledger AS entry
     GROUP BY entry.product_id, entry.place_id
), promised AS (
    SELECT line.product_id, line.place_id, sum(line.quantity - line.short) AS reserved
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
