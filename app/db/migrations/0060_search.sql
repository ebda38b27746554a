-- One row per product with every word it may be asked for by, in a form that forgives accents and
-- capitals. Hangul falls apart into its letters, so that two syllables inside a longer word are
-- found by the same trigrams as a part of a Dutch compound.

CREATE SCHEMA search;

CREATE FUNCTION search.folded(words text) RETURNS text
    LANGUAGE sql IMMUTABLE STRICT PARALLEL SAFE
    RETURN regexp_replace(normalize(lower(words), NFKD), '[\u0300-\u036f]', '', 'g');

CREATE TABLE search.documents (
    product_id  uuid PRIMARY KEY REFERENCES catalog.products ON DELETE CASCADE,
    version     bigint NOT NULL,
    names       text NOT NULL,
    words       text NOT NULL
);
COMMENT ON TABLE search.documents IS
    'names: in all languages, a blank before each. words: those, brand, category and every code.';
COMMENT ON COLUMN search.documents.version IS 'Of the product it was made from; another one is stale.';
CREATE INDEX documents_by_words ON search.documents USING gin (words gin_trgm_ops);
CREATE INDEX documents_by_names ON search.documents USING gin (names gin_trgm_ops);
