-- Baskets: what somebody wants, how much of it and how it is handed over. No money stands here but
-- the price printed on a poster, which is a promise.

CREATE SCHEMA cart;

CREATE TABLE cart.carts (
    id          uuid PRIMARY KEY,
    version     bigint NOT NULL DEFAULT 0,
    items       integer NOT NULL DEFAULT 0
                CONSTRAINT a_cart_has_a_bottom CHECK (items BETWEEN 0 AND 999),
    state       text NOT NULL DEFAULT 'open'
                CONSTRAINT known_state CHECK (state IN ('open', 'frozen', 'ordered', 'merged')),
    currency    text NOT NULL CONSTRAINT currency_is_iso CHECK (currency ~ '^[A-Z]{3}$'),
    alias_of    uuid,
    order_id    uuid,
    created_at  timestamptz NOT NULL DEFAULT now(),
    CONSTRAINT merged_into_another CHECK ((state = 'merged') = (alias_of IS NOT NULL)),
    CONSTRAINT ordered_as_an_order CHECK ((state = 'ordered') = (order_id IS NOT NULL))
) WITH (fillfactor = 70, autovacuum_vacuum_scale_factor = 0.02);
COMMENT ON TABLE cart.carts IS
    'Every change locks this row first and gives it the next version. No index stands on what moves.';
COMMENT ON COLUMN cart.carts.order_id IS
    'One cart becomes one order at most: it is set by a conditional write on this row.';

CREATE TABLE cart.tokens (
    sha256      bytea PRIMARY KEY CONSTRAINT token_is_hashed CHECK (octet_length(sha256) = 32),
    cart_id     uuid NOT NULL REFERENCES cart.carts ON DELETE CASCADE,
    created_at  timestamptz NOT NULL DEFAULT now()
);
COMMENT ON TABLE cart.tokens IS
    'Who has the token has the cart. After an order the token moves on to the next, empty cart.';
CREATE INDEX tokens_of_cart ON cart.tokens (cart_id);

CREATE TABLE cart.lines (
    cart_id         uuid NOT NULL REFERENCES cart.carts ON DELETE CASCADE,
    product_id      uuid NOT NULL,
    handover        text NOT NULL
                    CONSTRAINT known_handover CHECK (handover IN ('delivery', 'collect', 'carry-out')),
    edition_id      uuid NOT NULL,
    quantity        integer NOT NULL CONSTRAINT at_most_99_of_one CHECK (quantity BETWEEN 1 AND 99),
    printed_price   bigint CONSTRAINT printed_price_is_not_negative CHECK (printed_price >= 0),
    honoured_until  timestamptz,
    added_from      text NOT NULL
                    CONSTRAINT known_origin CHECK (added_from IN ('wall', 'web', 'till', 'agent')),
    label           text,
    version         bigint NOT NULL,
    added_at        timestamptz NOT NULL DEFAULT now(),
    PRIMARY KEY (cart_id, product_id, handover, edition_id),
    CONSTRAINT a_promise_has_an_end CHECK ((printed_price IS NULL) = (honoured_until IS NULL)),
    CONSTRAINT only_a_poster_promises
        CHECK (printed_price IS NULL OR edition_id <> '00000000-0000-0000-0000-000000000000')
) WITH (fillfactor = 70, autovacuum_vacuum_scale_factor = 0.02);
COMMENT ON COLUMN cart.lines.edition_id IS
    'The poster whose price is promised, or zeros: two of one product at different prices are two lines.';
COMMENT ON COLUMN cart.lines.label IS 'The printed label it was scanned from, for going on with it.';
COMMENT ON COLUMN cart.lines.version IS 'The version of the cart at which this line last changed.';

CREATE TABLE cart.changes (
    cart_id     uuid NOT NULL,
    version     bigint NOT NULL,
    command_id  uuid NOT NULL,
    body        jsonb NOT NULL,
    at          timestamptz NOT NULL DEFAULT now(),
    PRIMARY KEY (cart_id, version)
);
COMMENT ON TABLE cart.changes IS
    'What a watcher missed; kept for a day. Without a foreign key: its cart is locked when it is written.';
CREATE INDEX changes_by_age ON cart.changes USING brin (at);

CREATE VIEW checks.carts AS
SELECT cart.id AS cart_id, 'items are not the sum of the lines' AS wrong
  FROM cart.carts AS cart
  LEFT JOIN LATERAL (
        SELECT coalesce(sum(line.quantity), 0) AS quantity, coalesce(max(line.version), 0) AS version
          FROM cart.lines AS line
         WHERE line.cart_id = cart.id) AS together ON true
 WHERE cart.items <> together.quantity
    OR cart.version < together.version
 UNION ALL
SELECT change.cart_id, 'versions have a gap'
  FROM cart.changes AS change
  JOIN cart.carts AS cart ON cart.id = change.cart_id
 WHERE change.at > now() - interval '23 hours'
 GROUP BY change.cart_id, cart.version
HAVING count(*) <> max(change.version) - min(change.version) + 1
    OR max(change.version) <> cart.version;

CREATE VIEW checks.cart_commands AS
SELECT change.cart_id, change.command_id, 'a command acted twice' AS wrong
  FROM cart.changes AS change
 GROUP BY change.cart_id, change.command_id
HAVING count(*) > 1
 UNION ALL
-- The newest change of a line that is still known says how much of it there is.
SELECT newest.cart_id, newest.command_id, 'the line is not what its last change made it'
  FROM (SELECT DISTINCT ON (change.cart_id, change.body ->> 'line')
               change.cart_id, change.command_id,
               (change.body ->> 'product_id')::uuid AS product_id,
               change.body ->> 'handover' AS handover,
               (change.body ->> 'edition_id')::uuid AS edition_id,
               (change.body ->> 'quantity')::integer AS quantity
          FROM cart.changes AS change
         WHERE change.body ? 'product_id'
         ORDER BY change.cart_id, change.body ->> 'line', change.version DESC) AS newest
  LEFT JOIN cart.lines AS line USING (cart_id, product_id, handover, edition_id)
 WHERE coalesce(line.quantity, 0) <> newest.quantity;
