-- Empties: deposits paid out for what is brought back empty, in books of their own. An order knows
-- nothing of them, because nobody asks where a bottle was bought.

SET LOCAL lock_timeout = '5s';

CREATE TABLE returns.empties (
    id        uuid PRIMARY KEY,
    place_id  uuid NOT NULL,
    shift_id  uuid NOT NULL,
    by        uuid NOT NULL,
    amount    bigint NOT NULL CONSTRAINT something_is_paid_out CHECK (amount > 0),
    currency  text NOT NULL CONSTRAINT currency_is_iso CHECK (currency ~ '^[A-Z]{3}$'),
    at        timestamptz NOT NULL DEFAULT now()
);
COMMENT ON COLUMN returns.empties.shift_id IS 'Of the till out of whose drawer it was paid.';
CREATE INDEX empties_by_time ON returns.empties (at);

CREATE TABLE returns.empties_counted (
    empties_id  uuid NOT NULL REFERENCES returns.empties,
    deposit     bigint NOT NULL CONSTRAINT deposit_is_positive CHECK (deposit > 0),
    quantity    integer NOT NULL CONSTRAINT quantity_is_positive CHECK (quantity > 0),
    PRIMARY KEY (empties_id, deposit)
);

CREATE VIEW checks.empties AS
SELECT paid.id, paid.amount, coalesce(sum(counted.deposit * counted.quantity), 0) AS counted,
       (SELECT moved.rounding - moved.amount
          FROM tills.drawer AS moved
         WHERE moved.id = paid.id) AS paid_out
  FROM returns.empties AS paid
  LEFT JOIN returns.empties_counted AS counted ON counted.empties_id = paid.id
 GROUP BY paid.id, paid.amount
HAVING paid.amount <> coalesce(sum(counted.deposit * counted.quantity), 0)
    OR paid.amount IS DISTINCT FROM (SELECT moved.rounding - moved.amount
                                       FROM tills.drawer AS moved
                                      WHERE moved.id = paid.id);
