-- Orders as they were sold: nothing in them changes afterwards but what happens to them.
-- place_id, slot_id, product_id and edition_id name rows of other features without a foreign key:
-- an order outlives them, and can live on another machine.

CREATE SCHEMA orders;

CREATE TABLE orders.orders (
    id            uuid PRIMARY KEY,
    number        text NOT NULL CONSTRAINT numbers_are_unique UNIQUE
                  CONSTRAINT number_is_for_people CHECK (number ~ '^P-[0-9A-Z]{4}-[0-9A-Z]{2,}$'),
    token_hash    bytea NOT NULL CONSTRAINT tokens_are_unique UNIQUE
                  CONSTRAINT token_is_hashed CHECK (octet_length(token_hash) = 32),
    cart_id       uuid NOT NULL,
    state         text NOT NULL DEFAULT 'placed'
                  CONSTRAINT known_state CHECK (state IN (
                      'placed', 'confirmed', 'in_fulfilment', 'packed', 'on_the_way', 'not_home',
                      'delivered', 'part_delivered', 'cancelled')),
    why_cancelled text,
    place_id      uuid NOT NULL,
    slot_id       uuid NOT NULL,
    starts_at     timestamptz NOT NULL,
    ends_at       timestamptz NOT NULL,
    name          text NOT NULL,
    email         text NOT NULL,
    phone         text NOT NULL,
    street        text NOT NULL,
    house_number  text NOT NULL,
    postcode      text NOT NULL,
    city          text NOT NULL,
    country       text NOT NULL DEFAULT 'NL',
    note          text NOT NULL DEFAULT '',
    substitution  text NOT NULL DEFAULT 'similar'
                  CONSTRAINT known_wish CHECK (substitution IN ('similar', 'leave-out')),
    language      text NOT NULL CONSTRAINT known_language CHECK (language IN ('nl', 'en', 'ko')),
    currency      text NOT NULL CONSTRAINT currency_is_iso CHECK (currency ~ '^[A-Z]{3}$'),
    subtotal      bigint NOT NULL,
    discount      bigint NOT NULL,
    deposits      bigint NOT NULL,
    delivery      bigint NOT NULL,
    total         bigint NOT NULL CONSTRAINT total_is_not_negative CHECK (total >= 0),
    receipt       jsonb NOT NULL,
    version       bigint NOT NULL DEFAULT 1,
    placed_at     timestamptz NOT NULL DEFAULT now(),
    confirmed_at  timestamptz,
    cancelled_at  timestamptz,
    delivered_at  timestamptz,
    CONSTRAINT window_has_a_length CHECK (starts_at < ends_at)
);
COMMENT ON COLUMN orders.orders.number IS 'For people to say aloud; it opens nothing by itself.';
COMMENT ON COLUMN orders.orders.token_hash IS 'SHA-256 of the 128-bit token in the tracking link.';
COMMENT ON COLUMN orders.orders.receipt IS 'The priced receipt exactly as the shopper accepted it.';
CREATE INDEX orders_of_cart ON orders.orders (cart_id);
CREATE INDEX orders_by_place ON orders.orders (place_id, starts_at)
    WHERE state IN ('confirmed', 'in_fulfilment', 'packed', 'on_the_way', 'not_home');

CREATE TABLE orders.lines (
    order_id           uuid NOT NULL REFERENCES orders.orders,
    line_no            integer NOT NULL CONSTRAINT numbers_start_at_one CHECK (line_no >= 1),
    product_id         uuid NOT NULL,
    edition_id         uuid NOT NULL,
    gtin               text NOT NULL,
    name               text NOT NULL,
    picture            text,
    handover           text NOT NULL,
    quantity           integer NOT NULL CONSTRAINT quantity_is_positive CHECK (quantity > 0),
    unit_price         bigint NOT NULL CONSTRAINT price_is_not_negative CHECK (unit_price >= 0),
    discount           bigint NOT NULL DEFAULT 0,
    paid               bigint NOT NULL CONSTRAINT paid_is_not_negative CHECK (paid >= 0),
    vat                text NOT NULL CONSTRAINT known_vat CHECK (vat IN ('zero', 'low', 'high')),
    deposit            bigint NOT NULL DEFAULT 0,
    age_limit          integer,
    storage            text NOT NULL DEFAULT 'ambient',
    delivered_quantity integer NOT NULL DEFAULT 0,
    PRIMARY KEY (order_id, line_no),
    CONSTRAINT delivered_is_ordered CHECK (delivered_quantity BETWEEN 0 AND quantity)
);
COMMENT ON COLUMN orders.lines.unit_price IS 'For one, with VAT, before advantages, without deposit.';
COMMENT ON COLUMN orders.lines.paid IS 'The exact share of the line in what was paid, without deposit.';
COMMENT ON COLUMN orders.lines.deposit IS 'For the whole line.';

CREATE VIEW checks.order_totals AS
SELECT sold.id, sold.number, sold.total, line.paid, line.deposit, sold.delivery
  FROM orders.orders AS sold
  LEFT JOIN LATERAL (
        SELECT coalesce(sum(paid), 0) AS paid, coalesce(sum(deposit), 0) AS deposit,
               coalesce(sum(unit_price * quantity), 0) AS full_price,
               coalesce(sum(discount), 0) AS discount,
               coalesce(bool_and(paid = unit_price * quantity - discount), false) AS exact
          FROM orders.lines
         WHERE order_id = sold.id) AS line ON true
 WHERE sold.total <> line.paid + line.deposit + sold.delivery
    OR sold.total <> sold.subtotal - sold.discount + sold.deposits + sold.delivery
    OR sold.subtotal <> line.full_price
    OR sold.discount <> line.discount
    OR sold.deposits <> line.deposit
    OR sold.total < 0
    OR NOT line.exact;

CREATE VIEW checks.cart_orders AS
SELECT sold.cart_id, count(*) AS live_orders
  FROM orders.orders AS sold
 WHERE sold.state <> 'cancelled'
 GROUP BY sold.cart_id
HAVING count(*) > 1;

-- Money is never lost: what came in beyond a live order's total is on its way back.
CREATE VIEW checks.payments AS
SELECT sold.id, sold.number, sold.state, sold.total, money.captured, money.refunded
  FROM orders.orders AS sold
 CROSS JOIN LATERAL (
        SELECT coalesce(sum(tender.captured), 0) AS captured,
               coalesce(sum(tender.refunded), 0) AS refunded,
               coalesce(bool_or(tender.refunded > tender.captured), false) AS too_much_back
          FROM (SELECT (SELECT coalesce(sum(amount), 0)
                          FROM payments.captures WHERE intent_id = intent.id) AS captured,
                       (SELECT coalesce(sum(amount), 0)
                          FROM payments.refunds WHERE intent_id = intent.id) AS refunded
                  FROM payments.intents AS intent
                 WHERE intent.order_id = sold.id) AS tender) AS money
 WHERE money.too_much_back
    OR money.captured - money.refunded > sold.total
    OR (sold.state = 'cancelled' AND money.captured <> money.refunded)
    OR (sold.state = 'placed' AND money.captured > money.refunded)
    OR (sold.state IN ('confirmed', 'in_fulfilment', 'packed', 'on_the_way', 'not_home')
        AND money.captured < sold.total);
