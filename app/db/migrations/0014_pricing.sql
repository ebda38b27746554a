-- Offers: what they are called, what they do, for which products and when.

CREATE SCHEMA pricing;

CREATE TABLE pricing.promotions (
    id           uuid PRIMARY KEY,
    name         jsonb NOT NULL CONSTRAINT named_per_language CHECK (jsonb_typeof(name) = 'object'),
    rule         jsonb NOT NULL CONSTRAINT a_rule_is_an_object CHECK (jsonb_typeof(rule) = 'object'),
    product_ids  uuid[] NOT NULL CONSTRAINT for_some_product CHECK (cardinality(product_ids) > 0),
    runs         tstzrange NOT NULL CONSTRAINT runs_some_time CHECK (NOT isempty(runs)),
    made_at      timestamptz NOT NULL DEFAULT now()
);
COMMENT ON COLUMN pricing.promotions.rule IS
    'A tagged union in JSON, e.g. {"type": "n-for-m", "take": 3, "pay": 2}; app/pricing/models.py knows the kinds.';
CREATE INDEX promotions_by_time ON pricing.promotions USING gist (runs);
CREATE INDEX promotions_by_product ON pricing.promotions USING gin (product_ids);
