-- Events for other people's servers: who wants to hear what, and what each has heard.

SET LOCAL lock_timeout = '5s';

CREATE SCHEMA webhooks;

CREATE TABLE webhooks.endpoints (
    id          uuid PRIMARY KEY,
    url         text NOT NULL CONSTRAINT urls_differ UNIQUE
                CONSTRAINT url_is_https CHECK (url ~ '^https://'),
    kinds       text[] NOT NULL CONSTRAINT something_is_told CHECK (cardinality(kinds) > 0),
    secret      bytea NOT NULL CONSTRAINT secret_is_long CHECK (octet_length(secret) >= 24),
    old_secret  bytea,
    made_at     timestamptz NOT NULL DEFAULT now(),
    ended_at    timestamptz
);
COMMENT ON TABLE webhooks.endpoints IS 'An empty kind list never occurs; ''*'' is every kind.';
COMMENT ON COLUMN webhooks.endpoints.secret IS
    'Sealed with the shop''s secret (AES-GCM) and shown once, when it is made.';
COMMENT ON COLUMN webhooks.endpoints.old_secret IS 'Signs as well, until the receiver knows the new one.';

CREATE TABLE webhooks.messages (
    endpoint_id      uuid NOT NULL REFERENCES webhooks.endpoints,
    aggregate        uuid NOT NULL,
    number           bigint NOT NULL,
    kind             text NOT NULL,
    happened_at      timestamptz NOT NULL,
    body             jsonb NOT NULL,
    state            text NOT NULL DEFAULT 'waiting'
                     CONSTRAINT known_state CHECK (state IN ('waiting', 'delivered', 'parked')),
    due_at           timestamptz NOT NULL DEFAULT now(),
    attempts         integer NOT NULL DEFAULT 0,
    first_failed_at  timestamptz,
    answer           text,
    delivered_at     timestamptz,
    PRIMARY KEY (endpoint_id, aggregate, number)
);
COMMENT ON TABLE webhooks.messages IS
    'In order per aggregate: the next one goes when the one before was taken, or parked after 72 hours.';
CREATE INDEX messages_due ON webhooks.messages (due_at) WHERE state = 'waiting';
CREATE INDEX messages_in_order ON webhooks.messages (endpoint_id, aggregate, number)
    WHERE state = 'waiting';
CREATE INDEX messages_parked ON webhooks.messages (endpoint_id) WHERE state = 'parked';
