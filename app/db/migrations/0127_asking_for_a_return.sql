-- How what is asked for comes back: brought to a shop, fetched by the van, or sent as a parcel; each with
-- a code that any desk can scan. Classes of products that spoil without being cold. Photos end.

SET LOCAL lock_timeout = '5s';

ALTER TABLE returns.windows DROP CONSTRAINT known_exception;
ALTER TABLE returns.windows ADD CONSTRAINT known_exception CHECK (
    reason IN ('', 'hygiene', 'made-to-order', 'perishable')) NOT VALID;
ALTER TABLE returns.windows VALIDATE CONSTRAINT known_exception;

ALTER TABLE returns.returns DROP CONSTRAINT known_channel;
ALTER TABLE returns.returns ADD CONSTRAINT known_channel CHECK (
    channel IN ('web', 'till', 'phone', 'door', 'parcel')) NOT VALID;
ALTER TABLE returns.returns VALIDATE CONSTRAINT known_channel;

ALTER TABLE returns.requests ADD COLUMN way text NOT NULL DEFAULT 'shop';
ALTER TABLE returns.requests ADD CONSTRAINT known_way CHECK (way IN ('shop', 'van', 'parcel')) NOT VALID;
ALTER TABLE returns.requests VALIDATE CONSTRAINT known_way;
ALTER TABLE returns.requests ADD COLUMN code text;
ALTER TABLE returns.requests ADD CONSTRAINT code_is_for_people CHECK (code ~ '^[0-9A-Z]{8}$') NOT VALID;
ALTER TABLE returns.requests VALIDATE CONSTRAINT code_is_for_people;
COMMENT ON COLUMN returns.requests.code IS 'What a desk scans or types: R- and these letters.';
CREATE UNIQUE INDEX requests_by_code ON returns.requests (code);

ALTER TABLE returns.requests ADD COLUMN instead uuid;
COMMENT ON COLUMN returns.requests.instead IS 'The product they would like for it; the difference is paid where it is exchanged.';

CREATE TABLE returns.collections (
    request_id  uuid PRIMARY KEY REFERENCES returns.requests,
    place_id    uuid NOT NULL,
    slot_id     uuid NOT NULL,
    starts_at   timestamptz NOT NULL,
    ends_at     timestamptz NOT NULL,
    run_id      uuid,
    state       text NOT NULL DEFAULT 'planned'
                CONSTRAINT known_state CHECK (state IN ('planned', 'collected', 'failed', 'off')),
    reason      text NOT NULL DEFAULT '',
    happened_at timestamptz
);
COMMENT ON TABLE returns.collections IS
    'A stop of the van that fetches something: the room in its slot is held under the id of the request.';
COMMENT ON COLUMN returns.collections.run_id IS 'The van that took it over.';
CREATE INDEX collections_of_window ON returns.collections (place_id, starts_at);

CREATE TABLE returns.labels (
    request_id  uuid PRIMARY KEY REFERENCES returns.requests,
    sscc        text NOT NULL UNIQUE CONSTRAINT sscc_has_18_digits CHECK (sscc ~ '^[0-9]{18}$'),
    place_id    uuid NOT NULL,
    made_at     timestamptz NOT NULL DEFAULT now()
);
COMMENT ON TABLE returns.labels IS 'Of a parcel that comes back to this place; its label is drawn anew whenever it is asked for.';

CREATE SEQUENCE returns.sscc_serials AS bigint START WITH 9000000000;
COMMENT ON SEQUENCE returns.sscc_serials IS 'Their extension digit is 9, so that no parcel that goes out has the same number.';

CREATE TABLE returns.photos (
    about  uuid NOT NULL,
    file   text NOT NULL CONSTRAINT file_is_a_name CHECK (file ~ '^[0-9a-f]{64}$'),
    until  timestamptz NOT NULL,
    PRIMARY KEY (about, file)
);
COMMENT ON TABLE returns.photos IS 'Of what was wrong, with the return or the request; each is deleted at its end.';
CREATE INDEX photos_by_end ON returns.photos (until);
CREATE INDEX photos_by_file ON returns.photos (file);

ALTER TABLE returns.empties ALTER COLUMN shift_id DROP NOT NULL;
ALTER TABLE returns.empties ADD COLUMN card_id uuid;
ALTER TABLE returns.empties ADD CONSTRAINT paid_out_or_credited CHECK (
    (shift_id IS NULL) <> (card_id IS NULL)) NOT VALID;
ALTER TABLE returns.empties VALIDATE CONSTRAINT paid_out_or_credited;
ALTER TABLE returns.empties ADD COLUMN order_id uuid;
COMMENT ON COLUMN returns.empties.card_id IS 'The gift card that was made for them, where nothing was paid out.';
COMMENT ON COLUMN returns.empties.order_id IS 'Handed to the driver who was at the door of this order.';
CREATE INDEX empties_of_order ON returns.empties (order_id) WHERE order_id IS NOT NULL;

ALTER TABLE payments.gift_cards DROP CONSTRAINT known_reason;
ALTER TABLE payments.gift_cards ADD CONSTRAINT known_reason CHECK (
    why IN ('sold', 'goodwill', 'empties')) NOT VALID;
ALTER TABLE payments.gift_cards VALIDATE CONSTRAINT known_reason;

CREATE OR REPLACE VIEW checks.empties AS
SELECT paid.id, paid.amount, coalesce(sum(counted.deposit * counted.quantity), 0) AS counted,
       coalesce((SELECT moved.rounding - moved.amount
                   FROM tills.drawer AS moved
                  WHERE moved.id = paid.id),
                (SELECT entry.balance_change
                   FROM payments.gift_ledger AS entry
                  WHERE entry.card_id = paid.card_id
                    AND entry.kind = 'issue')) AS paid_out
  FROM returns.empties AS paid
  LEFT JOIN returns.empties_counted AS counted ON counted.empties_id = paid.id
 GROUP BY paid.id, paid.amount, paid.card_id
HAVING paid.amount <> coalesce(sum(counted.deposit * counted.quantity), 0)
    OR paid.amount IS DISTINCT FROM
       coalesce((SELECT moved.rounding - moved.amount
                   FROM tills.drawer AS moved
                  WHERE moved.id = paid.id),
                (SELECT entry.balance_change
                   FROM payments.gift_ledger AS entry
                  WHERE entry.card_id = paid.card_id
                    AND entry.kind = 'issue'));

CREATE VIEW checks.collections AS
SELECT stop.request_id, stop.state, asked.state AS request, hold.state AS room
  FROM returns.collections AS stop
  JOIN returns.requests AS asked ON asked.id = stop.request_id
  LEFT JOIN slots.holds AS hold
    ON hold.holder = stop.request_id
   AND hold.state IN ('held', 'confirmed')
 WHERE (stop.state = 'planned') <> (hold.state IS NOT NULL AND hold.state = 'confirmed')
    OR (stop.state = 'planned' AND asked.state <> 'open')
    OR (stop.state = 'collected' AND asked.state <> 'done');
