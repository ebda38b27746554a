-- A word about one product of a basket, for whoever picks it; it goes along into the order.

SET LOCAL lock_timeout = '5s';

CREATE TABLE cart.line_notes (
    cart_id     uuid NOT NULL REFERENCES cart.carts ON DELETE CASCADE,
    product_id  uuid NOT NULL,
    text        text NOT NULL CONSTRAINT a_note_is_some_words CHECK (char_length(text) BETWEEN 1 AND 200),
    PRIMARY KEY (cart_id, product_id)
);
COMMENT ON TABLE cart.line_notes IS
    'Of all lines of that product, however they are handed over; also while it is taken out, since who puts it back means the same.';

CREATE TABLE orders.line_notes (
    order_id    uuid NOT NULL REFERENCES orders.orders ON DELETE CASCADE,
    product_id  uuid NOT NULL,
    text        text NOT NULL CONSTRAINT a_note_is_some_words CHECK (char_length(text) BETWEEN 1 AND 200),
    PRIMARY KEY (order_id, product_id)
);
COMMENT ON TABLE orders.line_notes IS
    'What the shopper said about a product when ordering it; it stays when the order is changed.';
