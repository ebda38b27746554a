-- Promotions with conditions, lanes and limits, their versions, coupons, and what was redeemed.

SET LOCAL lock_timeout = '5s';

ALTER TABLE pricing.promotions
    DROP CONSTRAINT for_some_product,
    ADD COLUMN conditions        jsonb NOT NULL DEFAULT '{}'
               CONSTRAINT conditions_are_an_object CHECK (jsonb_typeof(conditions) = 'object'),
    ADD COLUMN lane              smallint NOT NULL DEFAULT 0
               CONSTRAINT known_lane CHECK (lane BETWEEN 0 AND 9),
    ADD COLUMN alone             boolean NOT NULL DEFAULT false,
    ADD COLUMN excludes          uuid[] NOT NULL DEFAULT '{}',
    ADD COLUMN most_per_order    integer CONSTRAINT some_per_order CHECK (most_per_order > 0),
    ADD COLUMN most_per_customer integer CONSTRAINT some_per_customer CHECK (most_per_customer > 0),
    ADD COLUMN most_in_total     integer CONSTRAINT some_in_total CHECK (most_in_total > 0),
    ADD COLUMN used              integer NOT NULL DEFAULT 0
               CONSTRAINT never_used_less_than_not CHECK (used >= 0),
    ADD COLUMN currency          text NOT NULL DEFAULT ''
               CONSTRAINT currency_is_iso_or_none CHECK (currency ~ '^([A-Z]{3})?$'),
    ADD COLUMN state             text NOT NULL DEFAULT 'published'
               CONSTRAINT known_state CHECK (state IN ('draft', 'published', 'stopped')),
    ADD COLUMN version           integer NOT NULL DEFAULT 1
               CONSTRAINT versions_start_at_one CHECK (version >= 1),
    ADD CONSTRAINT used_within_the_limit CHECK (most_in_total IS NULL OR used <= most_in_total);
COMMENT ON COLUMN pricing.promotions.product_ids IS 'What it is for; empty is whatever its conditions leave.';
COMMENT ON COLUMN pricing.promotions.used IS
    'Orders that have it, as long as they are on. Counted where there is a limit, so that no other promotion has a row everybody waits for.';

CREATE TABLE pricing.versions (
    promotion_id  uuid NOT NULL,
    version       integer NOT NULL,
    state         text NOT NULL,
    body          jsonb NOT NULL,
    person_id     uuid,
    at            timestamptz NOT NULL DEFAULT now(),
    PRIMARY KEY (promotion_id, version)
);
COMMENT ON TABLE pricing.versions IS 'Every state a promotion was in, and who brought it there.';

CREATE TABLE pricing.batches (
    id            uuid PRIMARY KEY,
    promotion_id  uuid NOT NULL REFERENCES pricing.promotions,
    name          text NOT NULL CONSTRAINT a_batch_has_a_name CHECK (name <> ''),
    codes         integer NOT NULL CONSTRAINT some_codes CHECK (codes > 0),
    person_id     uuid,
    made_at       timestamptz NOT NULL DEFAULT now()
);
CREATE INDEX batches_of_promotion ON pricing.batches (promotion_id);

CREATE TABLE pricing.coupons (
    code          text PRIMARY KEY
                  CONSTRAINT code_is_for_people CHECK (code ~ '^[0-9A-Z]{4,40}$'),
    promotion_id  uuid NOT NULL REFERENCES pricing.promotions,
    batch_id      uuid NOT NULL REFERENCES pricing.batches,
    most          integer CONSTRAINT may_be_used CHECK (most > 0),
    used          integer NOT NULL DEFAULT 0
                  CONSTRAINT never_used_less_than_not CHECK (used >= 0),
    CONSTRAINT used_within_the_limit CHECK (most IS NULL OR used <= most)
) WITH (fillfactor = 80);
CREATE INDEX coupons_of_batch ON pricing.coupons (batch_id, code);
COMMENT ON TABLE pricing.coupons IS 'Without dashes and spaces; `most` is how many orders may have it.';

CREATE TABLE pricing.customer_uses (
    promotion_id  uuid NOT NULL,
    customer      bytea NOT NULL CONSTRAINT customer_is_hashed CHECK (octet_length(customer) = 32),
    used          integer NOT NULL CONSTRAINT never_used_less_than_not CHECK (used >= 0),
    PRIMARY KEY (promotion_id, customer)
);
COMMENT ON TABLE pricing.customer_uses IS
    'How many orders of one customer have a promotion that is limited per customer.';

CREATE TABLE pricing.redemptions (
    order_id      uuid NOT NULL,
    promotion_id  uuid NOT NULL,
    version       integer NOT NULL,
    code          text,
    customer      bytea,
    in_total      boolean NOT NULL,
    state         text NOT NULL DEFAULT 'held'
                  CONSTRAINT known_state CHECK (state IN ('held', 'freed')),
    at            timestamptz NOT NULL DEFAULT now(),
    PRIMARY KEY (order_id, promotion_id)
);
COMMENT ON TABLE pricing.redemptions IS
    'What an order uses of limited promotions and coupons; freed when it is off. `customer` and `in_total` say which limits it counts for.';
CREATE INDEX redemptions_of_promotion ON pricing.redemptions (promotion_id);
CREATE INDEX redemptions_of_code ON pricing.redemptions (code) WHERE code IS NOT NULL;

CREATE VIEW checks.coupons AS
SELECT promotion.id::text AS what, 'promotion' AS kind, promotion.used, held.orders,
       promotion.most_in_total AS most
  FROM pricing.promotions AS promotion
 CROSS JOIN LATERAL (
        SELECT count(*) AS orders
          FROM pricing.redemptions AS redemption
         WHERE redemption.promotion_id = promotion.id
           AND redemption.state = 'held' AND redemption.in_total) AS held
 WHERE promotion.used <> held.orders
    OR promotion.used > promotion.most_in_total
 UNION ALL
SELECT coupon.code, 'coupon', coupon.used, held.orders, coupon.most
  FROM pricing.coupons AS coupon
 CROSS JOIN LATERAL (
        SELECT count(*) AS orders
          FROM pricing.redemptions AS redemption
         WHERE redemption.code = coupon.code AND redemption.state = 'held') AS held
 WHERE coupon.used <> held.orders
    OR coupon.used > coupon.most
 UNION ALL
SELECT one.promotion_id::text, 'customer', one.used, held.orders, promotion.most_per_customer
  FROM pricing.customer_uses AS one
  JOIN pricing.promotions AS promotion ON promotion.id = one.promotion_id
 CROSS JOIN LATERAL (
        SELECT count(*) AS orders
          FROM pricing.redemptions AS redemption
         WHERE redemption.promotion_id = one.promotion_id
           AND redemption.customer = one.customer AND redemption.state = 'held') AS held
 WHERE one.used <> held.orders;
