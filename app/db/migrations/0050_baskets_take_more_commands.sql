-- What a basket can be told beside its lines: a note, coupons; how much one person may have of a
-- product; and packs that are weighed or priced in the store, each with a sticker of its own.

SET LOCAL lock_timeout = '5s';

ALTER TABLE cart.carts
    ADD COLUMN note text NOT NULL DEFAULT ''
        CONSTRAINT a_note_is_short CHECK (length(note) <= 500);

CREATE TABLE cart.coupons (
    cart_id      uuid NOT NULL REFERENCES cart.carts ON DELETE CASCADE,
    code         text NOT NULL CONSTRAINT coupon_has_one_spelling CHECK (code ~ '^[A-Z0-9-]{3,32}$'),
    attached_at  timestamptz NOT NULL DEFAULT now(),
    PRIMARY KEY (cart_id, code)
);
COMMENT ON TABLE cart.coupons IS 'What the shopper has shown; whether and how it counts, the prices say.';

ALTER TABLE cart.lines
    ADD COLUMN measured_g integer CONSTRAINT weight_is_positive CHECK (measured_g > 0),
    ADD COLUMN measured_price bigint CONSTRAINT measured_price_is_not_negative CHECK (measured_price >= 0),
    ADD CONSTRAINT measured_one_way CHECK (measured_g IS NULL OR measured_price IS NULL);
COMMENT ON COLUMN cart.lines.measured_g IS
    'What the sticker of a weighed pack says; then edition_id is made from it: another weight is another line.';
COMMENT ON COLUMN cart.lines.measured_price IS 'The same where the sticker says a price.';

ALTER TABLE catalog.products
    ADD COLUMN most_per_basket smallint
        CONSTRAINT at_least_one_at_most_99 CHECK (most_per_basket BETWEEN 1 AND 99);
COMMENT ON COLUMN catalog.products.most_per_basket IS
    'How many one customer may have, over all lines of the product; NULL for as many as fit.';

-- A step may change several lines now: each is in `lines`.
CREATE OR REPLACE VIEW checks.cart_commands AS
SELECT change.cart_id, change.command_id, 'a command acted twice' AS wrong
  FROM cart.changes AS change
 GROUP BY change.cart_id, change.command_id
HAVING count(*) > 1
 UNION ALL
-- The newest change of a line that is still known says how much of it there is.
SELECT newest.cart_id, newest.command_id, 'the line is not what its last change made it'
  FROM (SELECT DISTINCT ON (change.cart_id, step.body ->> 'line')
               change.cart_id, change.command_id,
               (step.body ->> 'product_id')::uuid AS product_id,
               step.body ->> 'handover' AS handover,
               (step.body ->> 'edition_id')::uuid AS edition_id,
               (step.body ->> 'quantity')::integer AS quantity
          FROM cart.changes AS change
         CROSS JOIN LATERAL jsonb_array_elements(
               CASE WHEN change.body ? 'lines' THEN change.body -> 'lines'
                    WHEN change.body ? 'product_id' THEN jsonb_build_array(change.body)
                    ELSE '[]' END) AS step (body)
         ORDER BY change.cart_id, step.body ->> 'line', change.version DESC) AS newest
  LEFT JOIN cart.lines AS line USING (cart_id, product_id, handover, edition_id)
 WHERE coalesce(line.quantity, 0) <> newest.quantity;
