-- Prices that hold for a channel, a place, a group of customers or a time only.

CREATE TABLE pricing.lists (
    id              uuid PRIMARY KEY,
    name            text NOT NULL CONSTRAINT a_list_has_a_name CHECK (name <> ''),
    channel         text CONSTRAINT known_channel CHECK (channel IN ('wall', 'web', 'till', 'agent')),
    place_id        uuid,
    customer_group  text,
    currency        text NOT NULL CONSTRAINT currency_is_iso CHECK (currency ~ '^[A-Z]{3}$'),
    runs            tstzrange NOT NULL CONSTRAINT runs_some_time CHECK (NOT isempty(runs)),
    person_id       uuid,
    made_at         timestamptz NOT NULL DEFAULT now()
);
COMMENT ON TABLE pricing.lists IS
    'The list that says the most about the sale wins, then the one that began last. One that says nothing but a period is a scheduled price.';

CREATE TABLE pricing.list_prices (
    product_id  uuid NOT NULL,
    list_id     uuid NOT NULL REFERENCES pricing.lists,
    amount      bigint NOT NULL CONSTRAINT amount_is_not_negative CHECK (amount >= 0),
    PRIMARY KEY (product_id, list_id)
);
COMMENT ON TABLE pricing.list_prices IS
    'Never changed: a list that was wrong is ended and another one made, so that what was asked stays known.';

CREATE FUNCTION pricing.refuse_rewriting() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION 'What was asked stays known: end this list and make another one.';
END $$;
CREATE TRIGGER list_prices_are_kept BEFORE UPDATE OR DELETE ON pricing.list_prices
    FOR EACH ROW EXECUTE FUNCTION pricing.refuse_rewriting();

CREATE VIEW pricing.price_periods AS
SELECT price.product_id, price.amount, tstzrange(price.from_at, price.until_at) AS held
  FROM catalog.prices AS price
 WHERE price.from_at < price.until_at OR price.until_at IS NULL
 UNION ALL
SELECT listed.product_id, listed.amount, list.runs
  FROM pricing.list_prices AS listed
  JOIN pricing.lists AS list ON list.id = listed.list_id
 WHERE list.channel IS NULL AND list.place_id IS NULL AND list.customer_group IS NULL;
COMMENT ON VIEW pricing.price_periods IS 'What everybody was asked for a product, and when.';

CREATE FUNCTION pricing.lowest_of_30_days(product uuid, before timestamptz) RETURNS bigint
LANGUAGE sql STABLE
RETURN (SELECT min(period.amount)
          FROM pricing.price_periods AS period
         WHERE period.product_id = product
           AND period.held && tstzrange(before - interval '30 days', before));
COMMENT ON FUNCTION pricing.lowest_of_30_days IS
    'The lowest price asked of everybody in the 30 days before a reduction began (98/6/EC art. 6a).';

CREATE INDEX orders_by_customer ON orders.orders (lower(email));
