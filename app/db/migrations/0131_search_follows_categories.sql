-- The names of categories as the search index has them, so that it notices when one is renamed.

SET LOCAL lock_timeout = '5s';

CREATE TABLE search.categories (
    category  text PRIMARY KEY,
    names     text NOT NULL
);
COMMENT ON TABLE search.categories IS
    'In all languages, as they stand in the documents; what differs from the catalogue is written anew.';
