-- Tills: a drawer with a float, receipts one after the other, and a closing that counts. What was
-- sold stands in orders; here stands what went through the hands of a clerk.

CREATE SCHEMA tills;

CREATE TABLE tills.tills (
    id             uuid PRIMARY KEY,
    place_id       uuid NOT NULL REFERENCES stock.places,
    number         smallint NOT NULL CONSTRAINT tills_count_from_one CHECK (number BETWEEN 1 AND 999),
    device_sha256  bytea CONSTRAINT one_till_per_device UNIQUE
                   CONSTRAINT device_is_hashed CHECK (octet_length(device_sha256) = 32),
    last_receipt   integer NOT NULL DEFAULT 0,
    last_z         integer NOT NULL DEFAULT 0,
    CONSTRAINT numbers_differ_in_a_store UNIQUE (place_id, number)
);
COMMENT ON COLUMN tills.tills.device_sha256 IS
    'Of the token in the cookie of the one device this till stands on; another device takes it over.';

CREATE TABLE tills.shifts (
    id         uuid PRIMARY KEY,
    till_id    uuid NOT NULL REFERENCES tills.tills,
    opened_by  uuid NOT NULL,
    opened_at  timestamptz NOT NULL DEFAULT now(),
    currency   text NOT NULL CONSTRAINT currency_is_iso CHECK (currency ~ '^[A-Z]{3}$'),
    closed_by  uuid,
    closed_at  timestamptz,
    expected   bigint,
    counted    bigint CONSTRAINT nobody_counts_below_zero CHECK (counted >= 0),
    z_number   integer,
    CONSTRAINT closed_whole_or_not CHECK (num_nulls(closed_by, closed_at, expected, counted, z_number) IN (0, 5)),
    CONSTRAINT closings_are_numbered UNIQUE (till_id, z_number)
);
CREATE UNIQUE INDEX one_open_drawer_a_till ON tills.shifts (till_id) WHERE closed_at IS NULL;

CREATE TABLE tills.receipts (
    id           uuid PRIMARY KEY,
    till_id      uuid NOT NULL REFERENCES tills.tills,
    shift_id     uuid NOT NULL REFERENCES tills.shifts,
    cart_id      uuid NOT NULL,
    state        text NOT NULL DEFAULT 'open'
                 CONSTRAINT known_state CHECK (state IN ('open', 'parked', 'paying', 'paid', 'void')),
    view_id      uuid,
    order_id     uuid,
    number       integer,
    tender       text CONSTRAINT known_tender CHECK (tender IN ('cash', 'card')),
    total        bigint,
    given        bigint,
    rounding     bigint NOT NULL DEFAULT 0,
    sold_at      timestamptz,
    offline      boolean NOT NULL DEFAULT false,
    void_reason  text,
    opened_at    timestamptz NOT NULL DEFAULT now(),
    CONSTRAINT receipts_are_numbered UNIQUE (till_id, number),
    CONSTRAINT one_receipt_an_order UNIQUE (order_id),
    CONSTRAINT sold_as_an_order
        CHECK (state NOT IN ('paying', 'paid') OR num_nulls(order_id, number, tender, total) = 0),
    CONSTRAINT void_for_a_reason CHECK ((state = 'void') = (void_reason IS NOT NULL))
);
COMMENT ON COLUMN tills.receipts.view_id IS
    'The look into the basket of the customer who stands here, by a code they gave; it ends with the receipt.';
CREATE UNIQUE INDEX one_open_receipt_a_till ON tills.receipts (till_id) WHERE state = 'open';
CREATE INDEX receipts_of_shift ON tills.receipts (shift_id);

CREATE TABLE tills.drawer (
    id          uuid PRIMARY KEY,
    shift_id    uuid NOT NULL REFERENCES tills.shifts,
    kind        text NOT NULL CONSTRAINT known_kind CHECK (kind IN (
                    'float', 'sale', 'refund', 'paid-in', 'paid-out')),
    amount      bigint NOT NULL,
    rounding    bigint NOT NULL DEFAULT 0,
    receipt_id  uuid REFERENCES tills.receipts,
    person_id   uuid NOT NULL,
    reason      text NOT NULL DEFAULT '',
    at          timestamptz NOT NULL DEFAULT now(),
    CONSTRAINT money_goes_the_way_it_says CHECK (
        CASE WHEN kind IN ('refund', 'paid-out') THEN amount <= 0 ELSE amount >= 0 END)
);
COMMENT ON TABLE tills.drawer IS
    'Every coin in and out. amount is what moved; amount − rounding is what the books say of it.';
CREATE INDEX drawer_of_shift ON tills.drawer (shift_id);
CREATE UNIQUE INDEX a_receipt_is_cashed_once ON tills.drawer (receipt_id, kind) WHERE receipt_id IS NOT NULL;

CREATE TABLE tills.overrides (
    cart_id      uuid NOT NULL,
    line         text NOT NULL,
    price        bigint NOT NULL CONSTRAINT price_is_not_negative CHECK (price >= 0),
    reason       text NOT NULL CONSTRAINT for_a_reason CHECK (reason <> ''),
    person_id    uuid NOT NULL,
    at           timestamptz NOT NULL DEFAULT now(),
    PRIMARY KEY (cart_id, line)
);
COMMENT ON TABLE tills.overrides IS 'What a clerk asks for one instead: a dented tin, the last of a kind.';

-- The drawer is what its movements say, a closed one what was written when it closed; cash receipts
-- stand in the drawer exactly once; numbers have no gaps.
CREATE VIEW checks.tills AS
SELECT shift.id, 'the drawer is not what moved in and out of it' AS wrong
  FROM tills.shifts AS shift
 WHERE shift.closed_at IS NOT NULL
   AND shift.expected <> (SELECT coalesce(sum(amount), 0) FROM tills.drawer WHERE shift_id = shift.id)
 UNION ALL
SELECT receipt.id, 'cash was taken, but not for this'
  FROM tills.receipts AS receipt
  LEFT JOIN tills.drawer AS entry ON entry.receipt_id = receipt.id AND entry.kind = 'sale'
 WHERE (receipt.tender = 'cash' AND receipt.state = 'paid'
        AND (entry.id IS NULL OR entry.amount - entry.rounding <> receipt.total))
    OR (entry.id IS NOT NULL AND receipt.tender IS DISTINCT FROM 'cash')
 UNION ALL
SELECT till.id, 'receipts have a gap'
  FROM tills.tills AS till
  LEFT JOIN tills.receipts AS receipt ON receipt.till_id = till.id AND receipt.number IS NOT NULL
 GROUP BY till.id
HAVING count(receipt.id) <> till.last_receipt
 UNION ALL
SELECT receipt.id, 'is not what its order was'
  FROM tills.receipts AS receipt
  LEFT JOIN orders.orders AS sold ON sold.id = receipt.order_id
 WHERE receipt.state IN ('paying', 'paid')
   AND (sold.id IS NULL OR sold.total <> receipt.total);
