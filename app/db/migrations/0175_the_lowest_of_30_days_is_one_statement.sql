-- What everybody was asked: in the currency of the product, and no list that was taken back before it began.
SET LOCAL lock_timeout = '5s';

CREATE OR REPLACE VIEW pricing.price_periods AS
SELECT price.product_id, price.amount, tstzrange(price.from_at, price.until_at) AS held
  FROM catalog.prices AS price
 WHERE price.from_at < price.until_at OR price.until_at IS NULL
 UNION ALL
SELECT listed.product_id, listed.amount, list.runs
  FROM pricing.list_prices AS listed
  JOIN pricing.lists AS list ON list.id = listed.list_id
  JOIN catalog.products AS product ON product.id = listed.product_id
 WHERE list.channel IS NULL AND list.place_id IS NULL AND list.customer_group IS NULL
   AND list.currency = product.currency
   AND (list.ended_at IS NULL OR list.ended_at > lower(list.runs));

CREATE VIEW pricing.present_prices AS
SELECT price.product_id, price.amount, price.from_at,
       pricing.lowest_of_30_days(price.product_id, price.from_at) AS lowest_before
  FROM catalog.prices AS price
 WHERE price.until_at IS NULL;
COMMENT ON VIEW pricing.present_prices IS
    'What the catalogue asks now, and the lowest everybody was asked in the 30 days before (98/6/EC art. 6a).';
