-- Shoppers with an account, known by their mail address alone. Nobody needs one to shop.

CREATE SCHEMA customers;

CREATE TABLE customers.people (
    id          uuid PRIMARY KEY,
    email       text NOT NULL CONSTRAINT one_account_per_address UNIQUE
                CONSTRAINT address_is_tidy CHECK (email = lower(email) AND email ~ '^[^[:space:]@]+@[^[:space:]@]+$'),
    joined_at   timestamptz NOT NULL DEFAULT now()
);

CREATE TABLE customers.links (
    email       text PRIMARY KEY,
    sha256      bytea NOT NULL CONSTRAINT one_link_per_token UNIQUE
                CONSTRAINT token_is_hashed CHECK (octet_length(sha256) = 32),
    until_at    timestamptz NOT NULL,
    used_by     uuid,
    asked       integer NOT NULL DEFAULT 1,
    asked_since timestamptz NOT NULL DEFAULT now()
);
COMMENT ON TABLE customers.links IS
    'One mailed link per address, the newest. It is used by one command, which may arrive twice.';
CREATE INDEX links_by_age ON customers.links (until_at);

CREATE TABLE customers.sessions (
    token_sha256  bytea PRIMARY KEY CONSTRAINT token_is_hashed CHECK (octet_length(token_sha256) = 32),
    customer_id   uuid NOT NULL REFERENCES customers.people ON DELETE CASCADE,
    started_at    timestamptz NOT NULL DEFAULT now()
);
CREATE INDEX sessions_by_customer ON customers.sessions (customer_id);
CREATE INDEX sessions_by_age ON customers.sessions (started_at);
