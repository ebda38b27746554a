-- What came back and does not belong on the shelf: looked at first, sold for less, or thrown away.
-- It is stock of its own, which nobody sells; its ledger says how it got there and where it went.

SET LOCAL lock_timeout = '5s';

CREATE TABLE stock.aside (
    product_id  uuid NOT NULL,
    place_id    uuid NOT NULL,
    state       text NOT NULL
                CONSTRAINT known_state CHECK (state IN ('quarantine', 'mark-down', 'waste')),
    quantity    integer NOT NULL CONSTRAINT no_less_than_nothing CHECK (quantity >= 0),
    PRIMARY KEY (product_id, place_id, state)
);
COMMENT ON TABLE stock.aside IS
    'Beside the shelf, not on it. waste: what was thrown away in all; it never comes back.';

CREATE TABLE stock.aside_ledger (
    id          uuid PRIMARY KEY DEFAULT uuidv7(),
    product_id  uuid NOT NULL,
    place_id    uuid NOT NULL,
    state       text NOT NULL
                CONSTRAINT known_state CHECK (state IN ('quarantine', 'mark-down', 'waste')),
    kind        text NOT NULL
                CONSTRAINT known_kind CHECK (kind IN ('returned', 'moved', 'restocked')),
    change      integer NOT NULL CONSTRAINT an_entry_changes_something CHECK (change <> 0),
    reference   uuid,
    person_id   uuid,
    reason      text NOT NULL DEFAULT '',
    at          timestamptz NOT NULL DEFAULT now()
);
COMMENT ON TABLE stock.aside_ledger IS 'Every change of what is set aside, written with it. Only ever added to.';
COMMENT ON COLUMN stock.aside_ledger.reference IS 'The order it came back from, or the command that moved it.';
CREATE INDEX aside_ledger_of_goods ON stock.aside_ledger (product_id, place_id, at);

CREATE VIEW checks.stock_aside AS
SELECT coalesce(lying.product_id, written.product_id) AS product_id,
       coalesce(lying.place_id, written.place_id) AS place_id,
       coalesce(lying.state, written.state) AS state, lying.quantity, written.quantity AS written
  FROM stock.aside AS lying
  FULL JOIN (SELECT product_id, place_id, state, sum(change)::integer AS quantity
               FROM stock.aside_ledger
              GROUP BY product_id, place_id, state) AS written
    ON written.product_id = lying.product_id
   AND written.place_id = lying.place_id
   AND written.state = lying.state
 WHERE lying.quantity IS DISTINCT FROM written.quantity;

ALTER TABLE returns.returns ADD COLUMN transfer_id uuid;
COMMENT ON COLUMN returns.returns.transfer_id IS 'With which what was restocked here went on to where it belongs.';

CREATE VIEW checks.goods_of_returns AS
SELECT came.id, line.line_no, line.disposition, line.quantity
  FROM returns.returns AS came
  JOIN returns.lines AS line ON line.return_id = came.id
 WHERE came.place_id IS NOT NULL
   AND line.disposition IN ('quarantine', 'mark-down', 'waste')
   AND came.at >= (SELECT min(at) FROM stock.aside_ledger)
   AND NOT EXISTS (SELECT
                     FROM stock.aside_ledger AS entry
                    WHERE entry.reference = came.order_id
                      AND entry.product_id = line.product_id
                      AND entry.place_id = came.place_id
                      AND entry.state = line.disposition);
