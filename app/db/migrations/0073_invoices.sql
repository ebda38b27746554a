-- Invoices and credit notes with numbers that have no gaps, per legal entity; notes about an order.

SET LOCAL lock_timeout = '5s';

CREATE TABLE orders.entities (
    code        text PRIMARY KEY CONSTRAINT code_is_short CHECK (code ~ '^[A-Z0-9]{1,8}$'),
    name        text NOT NULL,
    address     text NOT NULL DEFAULT '',
    vat_number  text NOT NULL DEFAULT ''
);
COMMENT ON TABLE orders.entities IS 'Who sells, in the eyes of the tax office; each has numbers of its own.';

CREATE TABLE orders.entity_places (
    place_id  uuid PRIMARY KEY,
    entity    text NOT NULL REFERENCES orders.entities
);
COMMENT ON TABLE orders.entity_places IS 'Whose place it is; places that are not here belong to the entity P.';

CREATE TABLE orders.series (
    entity  text NOT NULL REFERENCES orders.entities,
    kind    text NOT NULL CONSTRAINT known_kind CHECK (kind IN ('invoice', 'credit')),
    year    integer NOT NULL,
    last    integer NOT NULL,
    PRIMARY KEY (entity, kind, year)
);
COMMENT ON TABLE orders.series IS
    'Counted up in the transaction that writes the document: whoever comes next waits, so no number is lost.';

CREATE TABLE orders.documents (
    id         uuid PRIMARY KEY,
    order_id   uuid NOT NULL REFERENCES orders.orders,
    entity     text NOT NULL REFERENCES orders.entities,
    kind       text NOT NULL CONSTRAINT known_kind CHECK (kind IN ('invoice', 'credit')),
    year       integer NOT NULL,
    number     integer NOT NULL CONSTRAINT numbers_start_at_one CHECK (number >= 1),
    credits    uuid REFERENCES orders.documents,
    seller     jsonb NOT NULL,
    lines      jsonb NOT NULL,
    vat        jsonb NOT NULL,
    total      bigint NOT NULL CONSTRAINT total_is_not_negative CHECK (total >= 0),
    issued_at  timestamptz NOT NULL DEFAULT now(),
    CONSTRAINT numbers_differ UNIQUE (entity, kind, year, number),
    CONSTRAINT a_credit_note_credits_an_invoice CHECK ((kind = 'credit') = (credits IS NOT NULL))
);
COMMENT ON TABLE orders.documents IS 'As they were issued; nothing in them ever changes.';
CREATE INDEX documents_of_order ON orders.documents (order_id);
CREATE UNIQUE INDEX one_invoice_per_order ON orders.documents (order_id) WHERE kind = 'invoice';

CREATE TABLE orders.notes (
    id        uuid PRIMARY KEY,
    order_id  uuid NOT NULL REFERENCES orders.orders,
    by        uuid,
    text      text NOT NULL CONSTRAINT note_says_something CHECK (text <> ''),
    at        timestamptz NOT NULL DEFAULT now()
);
CREATE INDEX notes_of_order ON orders.notes (order_id, at);

CREATE VIEW checks.documents AS
SELECT document.entity, document.kind, document.year, count(*) AS documents,
       max(document.number) AS last_number
  FROM orders.documents AS document
 GROUP BY document.entity, document.kind, document.year
HAVING count(*) <> max(document.number)
    OR max(document.number) <> (SELECT series.last
                                  FROM orders.series AS series
                                 WHERE series.entity = document.entity
                                   AND series.kind = document.kind
                                   AND series.year = document.year);
