-- What a supplier has announced may be sold before it is there, for a day after it; never more of it
-- than was announced.

SET LOCAL lock_timeout = '5s';

ALTER TABLE stock.expected
    ADD COLUMN promised integer NOT NULL DEFAULT 0
        CONSTRAINT no_more_promised_than_announced CHECK (promised BETWEEN 0 AND quantity),
    ADD COLUMN to_order boolean NOT NULL DEFAULT false;
COMMENT ON COLUMN stock.expected.to_order IS
    'Whether it may be ordered before it is in, for days after the one on which it comes.';

CREATE TABLE stock.awaited (
    expected_id  uuid NOT NULL REFERENCES stock.expected,
    hold_id      uuid NOT NULL,
    quantity     integer NOT NULL CONSTRAINT something_is_awaited CHECK (quantity > 0),
    PRIMARY KEY (expected_id, hold_id)
);
COMMENT ON TABLE stock.awaited IS
    'Pieces of a hold that have yet to come in; until then they are short on its line. A row ends with the arrival, or with its hold.';
CREATE INDEX awaited_by_hold ON stock.awaited (hold_id);

CREATE VIEW checks.awaited AS
SELECT coming.id, coming.product_id, coming.place_id, coming.quantity, coming.promised,
       coalesce(promise.quantity, 0) AS awaited, coalesce(promise.of_no_hold, 0) AS of_no_hold
  FROM stock.expected AS coming
  LEFT JOIN LATERAL (SELECT sum(awaited.quantity) AS quantity,
                            count(*) FILTER (WHERE line.hold_id IS NULL) AS of_no_hold
                       FROM stock.awaited AS awaited
                       LEFT JOIN stock.holds AS hold
                         ON hold.id = awaited.hold_id
                        AND hold.state IN ('held', 'confirmed')
                       LEFT JOIN stock.hold_lines AS line
                         ON line.hold_id = hold.id
                        AND line.product_id = coming.product_id
                        AND line.place_id = coming.place_id
                        AND line.short >= awaited.quantity
                      WHERE awaited.expected_id = coming.id) AS promise ON true
 WHERE NOT (0 <= coming.promised AND coming.promised <= coming.quantity)
    OR coming.promised <> coalesce(promise.quantity, 0)
    OR coalesce(promise.of_no_hold, 0) > 0;

-- A line is only ever written by the statement that writes its hold, and no hold is deleted. Proving
-- it for each line anew took a lock with its log record on each hold: a fifth of what a reservation
-- costs the database, at the counter where everybody waits. The view below watches instead.
ALTER TABLE stock.hold_lines DROP CONSTRAINT hold_lines_hold_id_fkey;

CREATE VIEW checks.lines_of_holds AS
SELECT line.hold_id, line.product_id, line.place_id, line.quantity
  FROM stock.hold_lines AS line
 WHERE NOT EXISTS (SELECT
                     FROM stock.holds AS hold
                    WHERE hold.id = line.hold_id);
