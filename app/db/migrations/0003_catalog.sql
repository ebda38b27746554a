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

-- Files of products are staged beside the catalogue and checked there; importing takes over all
-- rows at once or none.

CREATE TABLE catalog.imports (
    id           uuid PRIMARY KEY,
    file_name    text NOT NULL,
    kind         text NOT NULL CONSTRAINT known_kind CHECK (kind IN ('file', 'edit', 'undo')),
    undoes       uuid REFERENCES catalog.imports,
    state        text NOT NULL CONSTRAINT known_state CHECK (state IN ('waiting', 'checked', 'imported')),
    person_id    uuid,
    rows         integer NOT NULL DEFAULT 0,
    errors       integer NOT NULL DEFAULT 0,
    notices      integer NOT NULL DEFAULT 0,
    new          integer NOT NULL DEFAULT 0,
    changed      integer NOT NULL DEFAULT 0,
    same         integer NOT NULL DEFAULT 0,
    "left"       integer NOT NULL DEFAULT 0,
    taken        boolean NOT NULL DEFAULT false,
    created_at   timestamptz NOT NULL DEFAULT now(),
    imported_at  timestamptz,
    CONSTRAINT nothing_wrong_is_imported CHECK (state <> 'imported' OR (errors = 0 AND imported_at IS NOT NULL))
);
CREATE UNIQUE INDEX an_import_is_undone_once ON catalog.imports (undoes) WHERE state = 'imported';
CREATE INDEX imports_newest ON catalog.imports (imported_at DESC) WHERE state = 'imported';

CREATE TABLE catalog.uploaded (
    import_id  uuid NOT NULL REFERENCES catalog.imports ON DELETE CASCADE,
    part       integer NOT NULL,
    body       bytea NOT NULL,
    PRIMARY KEY (import_id, part)
);
COMMENT ON TABLE catalog.uploaded IS 'A file as it came, in parts, until a worker has checked it.';
ALTER TABLE catalog.uploaded ALTER COLUMN body SET STORAGE EXTERNAL;

CREATE UNLOGGED TABLE catalog.staged (
    import_id         uuid NOT NULL,
    row               integer NOT NULL,
    gtin              text NOT NULL,
    product_id        uuid,
    seen_version      bigint,
    fate              text CONSTRAINT known_fate CHECK (fate IN ('new', 'changed', 'same')),
    changes           text[],
    codes             text[],
    brand             text,
    category          text,
    category_nl       text,
    category_en       text,
    category_ko       text,
    name_nl           text,
    name_en           text,
    name_ko           text,
    description_nl    text,
    description_en    text,
    description_ko    text,
    ingredients_nl    text,
    ingredients_en    text,
    ingredients_ko    text,
    content_quantity  integer,
    content_unit      text,
    price             bigint,
    currency          text,
    vat               text,
    deposit           bigint,
    age_limit         smallint,
    storage           text,
    weight_g          integer,
    allergens         text[],
    nutrition         text,
    origin            text,
    picture           bytea,
    on_sale           boolean,
    popularity        integer,
    PRIMARY KEY (import_id, row)
);
COMMENT ON TABLE catalog.staged IS
    'Rows of files that are being checked. NULL means the file says nothing of it; '''', 0 and {} clear it.';
CREATE INDEX staged_by_gtin ON catalog.staged (import_id, gtin);

CREATE UNLOGGED TABLE catalog.complaints (
    import_id  uuid NOT NULL,
    row        integer NOT NULL,
    "column"   text NOT NULL,
    sentence   text NOT NULL,
    values     jsonb NOT NULL,
    level      text NOT NULL CONSTRAINT known_level CHECK (level IN ('error', 'notice'))
);
CREATE INDEX complaints_of_import ON catalog.complaints (import_id, row);

CREATE TABLE catalog.replaced (LIKE catalog.staged);
ALTER TABLE catalog.replaced
    ADD COLUMN version_after bigint NOT NULL,
    ADD PRIMARY KEY (import_id, row),
    ADD FOREIGN KEY (import_id) REFERENCES catalog.imports ON DELETE CASCADE;
COMMENT ON TABLE catalog.replaced IS 'What the last import replaced, so that it can be undone.';

CREATE VIEW catalog.sheet AS
SELECT product.id AS product_id, product.version, product.gtin,
       coalesce(further.codes, '{}') AS codes,
       product.brand, product.category,
       coalesce(category_nl.name, '') AS category_nl, coalesce(category_en.name, '') AS category_en,
       coalesce(category_ko.name, '') AS category_ko,
       coalesce(nl.name, '') AS name_nl, coalesce(en.name, '') AS name_en, coalesce(ko.name, '') AS name_ko,
       coalesce(nl.description, '') AS description_nl, coalesce(en.description, '') AS description_en,
       coalesce(ko.description, '') AS description_ko,
       coalesce(nl.ingredients, '') AS ingredients_nl, coalesce(en.ingredients, '') AS ingredients_en,
       coalesce(ko.ingredients, '') AS ingredients_ko,
       product.content_quantity, product.content_unit, product.price, product.currency, product.vat,
       product.deposit, coalesce(product.age_limit, 0::smallint) AS age_limit, product.storage,
       coalesce(product.weight_g, 0) AS weight_g, product.allergens,
       coalesce(product.nutrition, '{}')::text AS nutrition, product.origin,
       coalesce(product.picture, '') AS picture, product.on_sale, product.popularity
  FROM catalog.products AS product
  LEFT JOIN catalog.texts AS nl ON nl.product_id = product.id AND nl.language = 'nl'
  LEFT JOIN catalog.texts AS en ON en.product_id = product.id AND en.language = 'en'
  LEFT JOIN catalog.texts AS ko ON ko.product_id = product.id AND ko.language = 'ko'
  LEFT JOIN catalog.categories AS category_nl
    ON category_nl.category = product.category AND category_nl.language = 'nl'
  LEFT JOIN catalog.categories AS category_en
    ON category_en.category = product.category AND category_en.language = 'en'
  LEFT JOIN catalog.categories AS category_ko
    ON category_ko.category = product.category AND category_ko.language = 'ko'
  LEFT JOIN LATERAL (SELECT array_agg(code.gtin ORDER BY code.gtin) AS codes
                       FROM catalog.codes AS code
                      WHERE code.product_id = product.id
                        AND code.gtin <> product.gtin) AS further ON true;
COMMENT ON VIEW catalog.sheet IS 'The catalogue as one wide row per product, as files hold it.';

CREATE VIEW checks.catalogue_codes AS
SELECT product.id, product.gtin
  FROM catalog.products AS product
  LEFT JOIN catalog.codes AS code ON code.gtin = product.gtin AND code.product_id = product.id
 WHERE code.gtin IS NULL;
