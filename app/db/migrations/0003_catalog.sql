-- What is sold: products with their codes, their words in each language, and every price they had.

CREATE SCHEMA catalog;

CREATE TABLE catalog.products (
    id                uuid PRIMARY KEY,
    gtin              text NOT NULL UNIQUE CONSTRAINT gtin_has_14_digits CHECK (gtin ~ '^[0-9]{14}$'),
    brand             text NOT NULL DEFAULT '',
    category          text NOT NULL,
    content_quantity  integer NOT NULL CONSTRAINT there_is_something_in_it CHECK (content_quantity > 0),
    content_unit      text NOT NULL CONSTRAINT known_unit CHECK (content_unit IN ('g', 'ml', 'piece')),
    price             bigint NOT NULL CONSTRAINT price_is_not_negative CHECK (price >= 0),
    currency          text NOT NULL CONSTRAINT currency_is_iso_4217 CHECK (currency ~ '^[A-Z]{3}$'),
    vat               text NOT NULL CONSTRAINT known_vat CHECK (vat IN ('zero', 'low', 'high')),
    deposit           bigint NOT NULL DEFAULT 0 CONSTRAINT deposit_is_not_negative CHECK (deposit >= 0),
    age_limit         smallint CONSTRAINT age_is_human CHECK (age_limit BETWEEN 1 AND 99),
    storage           text NOT NULL DEFAULT 'ambient'
                      CONSTRAINT known_storage CHECK (storage IN ('ambient', 'chilled', 'frozen')),
    weight_g          integer CONSTRAINT weight_is_positive CHECK (weight_g > 0),
    allergens         text[] NOT NULL DEFAULT '{}',
    nutrition         jsonb,
    origin            text NOT NULL DEFAULT '',
    picture           bytea REFERENCES files.files,
    on_sale           boolean NOT NULL DEFAULT true,
    popularity        integer NOT NULL DEFAULT 0,
    version           bigint NOT NULL DEFAULT 1,
    changed_at        timestamptz NOT NULL DEFAULT now()
);
CREATE INDEX products_by_category ON catalog.products (category, gtin);

CREATE TABLE catalog.codes (
    gtin        text PRIMARY KEY CONSTRAINT code_has_14_digits CHECK (gtin ~ '^[0-9]{14}$'),
    product_id  uuid NOT NULL REFERENCES catalog.products ON DELETE CASCADE
);
COMMENT ON TABLE catalog.codes IS 'Every code a product is found by, its own GTIN among them.';
CREATE INDEX codes_of_product ON catalog.codes (product_id);

CREATE TABLE catalog.texts (
    product_id   uuid NOT NULL REFERENCES catalog.products ON DELETE CASCADE,
    language     text NOT NULL CONSTRAINT known_language CHECK (language IN ('nl', 'en', 'ko')),
    name         text NOT NULL CONSTRAINT a_product_has_a_name CHECK (name <> ''),
    description  text NOT NULL DEFAULT '',
    ingredients  text NOT NULL DEFAULT '',
    PRIMARY KEY (product_id, language)
);
CREATE INDEX texts_by_name ON catalog.texts USING gin (name gin_trgm_ops);

CREATE TABLE catalog.categories (
    category  text NOT NULL,
    language  text NOT NULL CONSTRAINT known_language CHECK (language IN ('nl', 'en', 'ko')),
    name      text NOT NULL,
    PRIMARY KEY (category, language)
);

CREATE TABLE catalog.prices (
    product_id  uuid NOT NULL REFERENCES catalog.products ON DELETE CASCADE,
    amount      bigint NOT NULL CONSTRAINT amount_is_not_negative CHECK (amount >= 0),
    from_at     timestamptz NOT NULL DEFAULT now(),
    until_at    timestamptz CONSTRAINT it_ends_after_it_starts CHECK (until_at >= from_at),
    PRIMARY KEY (product_id, from_at)
);
COMMENT ON TABLE catalog.prices IS
    'Every price from the first on: a reduction must show the lowest of 30 days (98/6/EC art. 6a).';
CREATE UNIQUE INDEX one_price_holds_now ON catalog.prices (product_id) WHERE until_at IS NULL;

CREATE VIEW checks.price_history AS
SELECT product.id, product.gtin, product.price, history.amount
  FROM catalog.products AS product
  LEFT JOIN catalog.prices AS history ON history.product_id = product.id AND history.until_at IS NULL
 WHERE history.amount IS DISTINCT FROM product.price;
