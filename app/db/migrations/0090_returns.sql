-- What comes back, what was wrong, and the cases people look after until they are settled.
-- order_id, place_id and product_id name rows of other features without a foreign key.

SET LOCAL lock_timeout = '5s';

CREATE SCHEMA returns;

CREATE TABLE returns.units (
    order_id   uuid NOT NULL,
    line_no    integer NOT NULL,
    delivered  integer NOT NULL,
    returned   integer NOT NULL,
    PRIMARY KEY (order_id, line_no),
    CONSTRAINT no_more_comes_back_than_was_handed_over CHECK (returned BETWEEN 1 AND delivered)
);
COMMENT ON TABLE returns.units IS
    'Counted up by a conditional write, so that two desks at once are one return.';

CREATE TABLE returns.requests (
    id          uuid PRIMARY KEY,
    order_id    uuid NOT NULL,
    cause       text NOT NULL
                CONSTRAINT known_cause CHECK (cause IN (
                    'changed-mind', 'withdrawal', 'missing', 'damaged', 'warm', 'wrong')),
    lines       jsonb NOT NULL,
    note        text NOT NULL DEFAULT '',
    photo       text,
    kept        boolean NOT NULL,
    state       text NOT NULL DEFAULT 'open'
                CONSTRAINT known_state CHECK (state IN ('open', 'done', 'refused', 'withdrawn')),
    why_refused text,
    asked_at    timestamptz NOT NULL DEFAULT now(),
    settled_at  timestamptz
);
COMMENT ON TABLE returns.requests IS
    'Asked for and not settled yet: goods that will be brought to a shop, or a complaint a person looks at.';
COMMENT ON COLUMN returns.requests.kept IS 'The goods stay with the shopper.';
CREATE INDEX requests_of_order ON returns.requests (order_id, asked_at);

CREATE TABLE returns.returns (
    id          uuid PRIMARY KEY,
    order_id    uuid NOT NULL,
    request_id  uuid REFERENCES returns.requests,
    cause       text NOT NULL
                CONSTRAINT known_cause CHECK (cause IN (
                    'changed-mind', 'withdrawal', 'missing', 'damaged', 'warm', 'wrong')),
    channel     text NOT NULL
                CONSTRAINT known_channel CHECK (channel IN ('web', 'till', 'phone', 'door')),
    amount      bigint NOT NULL CONSTRAINT amount_is_not_negative CHECK (amount >= 0),
    currency    text NOT NULL CONSTRAINT currency_is_iso CHECK (currency ~ '^[A-Z]{3}$'),
    place_id    uuid,
    by          uuid,
    note        text NOT NULL DEFAULT '',
    photo       text,
    at          timestamptz NOT NULL DEFAULT now()
);
COMMENT ON COLUMN returns.returns.place_id IS 'Where the goods are now; none when they stay with the shopper.';
CREATE INDEX returns_of_order ON returns.returns (order_id, at);
CREATE INDEX returns_by_time ON returns.returns (at);
CREATE UNIQUE INDEX one_return_per_request ON returns.returns (request_id);

CREATE TABLE returns.lines (
    return_id    uuid NOT NULL REFERENCES returns.returns,
    line_no      integer NOT NULL,
    product_id   uuid NOT NULL,
    quantity     integer NOT NULL CONSTRAINT something_comes_back CHECK (quantity > 0),
    disposition  text NOT NULL
                 CONSTRAINT known_disposition CHECK (disposition IN (
                     'kept', 'restock', 'mark-down', 'quarantine', 'waste')),
    PRIMARY KEY (return_id, line_no)
);
CREATE INDEX lines_by_product ON returns.lines (product_id);

CREATE TABLE returns.refunds (
    return_id  uuid NOT NULL REFERENCES returns.returns,
    refund_id  uuid NOT NULL,
    provider   text NOT NULL,
    amount     bigint NOT NULL CONSTRAINT something_goes_back CHECK (amount > 0),
    PRIMARY KEY (return_id, refund_id)
);
COMMENT ON TABLE returns.refunds IS 'By which tenders it was promised back; payments.refunds says when it was made.';

CREATE TABLE returns.goodwill (
    id        uuid PRIMARY KEY,
    order_id  uuid NOT NULL,
    amount    bigint NOT NULL CONSTRAINT something_is_given CHECK (amount > 0),
    reason    text NOT NULL,
    by        uuid,
    at        timestamptz NOT NULL DEFAULT now()
);
COMMENT ON TABLE returns.goodwill IS 'Given without anything coming back, within the limit of a role.';
CREATE INDEX goodwill_of_order ON returns.goodwill (order_id);

CREATE TABLE returns.windows (
    category  text PRIMARY KEY,
    days      integer NOT NULL CONSTRAINT days_are_few CHECK (days BETWEEN 0 AND 3650),
    reason    text NOT NULL DEFAULT ''
              CONSTRAINT known_exception CHECK (reason IN ('', 'hygiene', 'made-to-order'))
);
COMMENT ON TABLE returns.windows IS
    'How long a class of product may come back for the shopper''s own reasons; 30 days where nothing is said.';

CREATE SCHEMA cases;

CREATE TABLE cases.cases (
    id         uuid PRIMARY KEY,
    order_id   uuid NOT NULL,
    about      uuid,
    kind       text NOT NULL
               CONSTRAINT known_kind CHECK (kind IN (
                   'missing', 'damaged', 'warm', 'wrong', 'late', 'other')),
    state      text NOT NULL CONSTRAINT known_state CHECK (state IN ('open', 'answered', 'closed')),
    owner      uuid,
    words      text NOT NULL DEFAULT '',
    learned    text NOT NULL DEFAULT '',
    version    bigint NOT NULL DEFAULT 1,
    opened_at  timestamptz NOT NULL DEFAULT now(),
    due_at     timestamptz NOT NULL,
    closed_at  timestamptz,
    CONSTRAINT a_closed_case_has_taught_something CHECK (state <> 'closed' OR learned <> '')
);
COMMENT ON COLUMN cases.cases.about IS 'The return, or the request for one, that it came with.';
COMMENT ON COLUMN cases.cases.state IS 'answered: the money is back already, somebody still looks at why.';
CREATE INDEX cases_of_order ON cases.cases (order_id);
CREATE INDEX cases_to_do ON cases.cases (due_at) WHERE state <> 'closed';

CREATE TABLE cases.entries (
    id       uuid PRIMARY KEY,
    case_id  uuid NOT NULL REFERENCES cases.cases,
    at       timestamptz NOT NULL DEFAULT now(),
    by       uuid,
    channel  text NOT NULL
             CONSTRAINT known_channel CHECK (channel IN ('web', 'mail', 'phone', 'chat', 'counter', 'note')),
    text     text NOT NULL CONSTRAINT entry_says_something CHECK (text <> '')
);
CREATE INDEX entries_of_case ON cases.entries (case_id, at);

CREATE TABLE cases.board (
    one      boolean PRIMARY KEY DEFAULT true CONSTRAINT there_is_one_board CHECK (one),
    version  bigint NOT NULL
);
COMMENT ON TABLE cases.board IS 'Counted up with every change, so that whoever watches the list hears of it.';

CREATE VIEW checks.returns AS
SELECT line.order_id, line.line_no, line.quantity AS ordered, line.delivered_quantity AS delivered,
       coalesce(counted.returned, 0) AS counted, coalesce(written.returned, 0) AS returned
  FROM orders.lines AS line
  LEFT JOIN returns.units AS counted
    ON counted.order_id = line.order_id
   AND counted.line_no = line.line_no
  LEFT JOIN (SELECT came.order_id, part.line_no, sum(part.quantity) AS returned
               FROM returns.returns AS came
               JOIN returns.lines AS part ON part.return_id = came.id
              GROUP BY came.order_id, part.line_no) AS written
    ON written.order_id = line.order_id
   AND written.line_no = line.line_no
 WHERE coalesce(counted.returned, 0) <> coalesce(written.returned, 0)
    OR coalesce(written.returned, 0) > line.delivered_quantity
    OR line.delivered_quantity > line.quantity;

CREATE VIEW checks.refunds_of_returns AS
SELECT came.id, came.order_id, came.amount, coalesce(sum(refund.amount), 0) AS promised
  FROM returns.returns AS came
  LEFT JOIN returns.refunds AS part ON part.return_id = came.id
  LEFT JOIN payments.refunds AS refund ON refund.id = part.refund_id
 GROUP BY came.id, came.order_id, came.amount
HAVING came.amount <> coalesce(sum(refund.amount), 0);
