-- What the shop wants paid, what providers told us, and the built-in test provider, which is an
-- outside party: its tables stand here only because it has no database of its own.

CREATE SCHEMA payments;

CREATE TABLE payments.intents (
    id          uuid PRIMARY KEY,
    order_id    uuid NOT NULL,
    provider    text NOT NULL,
    reference   text,
    address     text,
    amount      bigint NOT NULL CONSTRAINT amount_is_positive CHECK (amount > 0),
    currency    text NOT NULL CONSTRAINT currency_is_iso CHECK (currency ~ '^[A-Z]{3}$'),
    state       text NOT NULL DEFAULT 'open'
                CONSTRAINT known_state CHECK (state IN ('open', 'captured', 'failed')),
    version     bigint NOT NULL DEFAULT 1,
    created_at  timestamptz NOT NULL DEFAULT now(),
    expires_at  timestamptz NOT NULL,
    ask_at      timestamptz,
    asked       integer NOT NULL DEFAULT 0,
    settled_at  timestamptz,
    CONSTRAINT open_is_watched CHECK (state <> 'open' OR ask_at IS NOT NULL)
);
COMMENT ON TABLE payments.intents IS
    'What an order wants paid. Its id is our reference at the provider, so asking twice starts once.';
CREATE INDEX intents_of_order ON payments.intents (order_id);
CREATE UNIQUE INDEX intents_by_reference ON payments.intents (provider, reference);
CREATE INDEX intents_to_ask ON payments.intents (ask_at) WHERE ask_at IS NOT NULL;

CREATE TABLE payments.events (
    provider   text NOT NULL,
    event_id   text NOT NULL,
    intent_id  uuid NOT NULL REFERENCES payments.intents,
    kind       text NOT NULL CONSTRAINT known_kind CHECK (kind IN ('pending', 'captured', 'failed')),
    capture    text,
    amount     bigint NOT NULL CONSTRAINT amount_is_not_negative CHECK (amount >= 0),
    currency   text NOT NULL,
    told_by    text NOT NULL CONSTRAINT known_teller CHECK (told_by IN ('notification', 'answer')),
    heard_at   timestamptz NOT NULL DEFAULT now(),
    PRIMARY KEY (provider, event_id)
);
COMMENT ON TABLE payments.events IS
    'Facts as providers told them: they come late, twice, out of order, or never; each acts once.';
CREATE INDEX events_of_intent ON payments.events (intent_id);

CREATE TABLE payments.captures (
    intent_id  uuid NOT NULL REFERENCES payments.intents,
    reference  text NOT NULL,
    amount     bigint NOT NULL CONSTRAINT amount_is_positive CHECK (amount > 0),
    at         timestamptz NOT NULL DEFAULT now(),
    PRIMARY KEY (intent_id, reference)
);
COMMENT ON TABLE payments.captures IS 'Money that really came in, once per charge.';

CREATE TABLE payments.refunds (
    id         uuid PRIMARY KEY,
    intent_id  uuid NOT NULL REFERENCES payments.intents,
    amount     bigint NOT NULL CONSTRAINT amount_is_positive CHECK (amount > 0),
    reason     text NOT NULL,
    state      text NOT NULL DEFAULT 'wanted'
               CONSTRAINT known_state CHECK (state IN ('wanted', 'made')),
    reference  text,
    due_at     timestamptz NOT NULL DEFAULT now(),
    attempts   integer NOT NULL DEFAULT 0,
    wanted_at  timestamptz NOT NULL DEFAULT now(),
    made_at    timestamptz
);
COMMENT ON TABLE payments.refunds IS
    'Wanted in the transaction that decides it, made afterwards; its id is the provider''s key.';
CREATE INDEX refunds_of_intent ON payments.refunds (intent_id);
CREATE INDEX refunds_to_make ON payments.refunds (due_at) WHERE state = 'wanted';

CREATE TABLE payments.oddities (
    id          uuid PRIMARY KEY,
    intent_id   uuid NOT NULL REFERENCES payments.intents,
    what        text NOT NULL,
    told        jsonb NOT NULL,
    found_at    timestamptz NOT NULL DEFAULT now(),
    settled_at  timestamptz
);
COMMENT ON TABLE payments.oddities IS 'What a person must look at: a wrong amount, another currency.';

CREATE TABLE payments.test_payments (
    id          text PRIMARY KEY,
    reference   uuid NOT NULL UNIQUE,
    amount      bigint NOT NULL,
    currency    text NOT NULL,
    title       text NOT NULL,
    language    text NOT NULL,
    state       text NOT NULL DEFAULT 'open'
                CONSTRAINT known_state CHECK (state IN ('open', 'charged', 'cancelled')),
    declined    integer NOT NULL DEFAULT 0,
    return_to   text NOT NULL,
    notify      text NOT NULL,
    created_at  timestamptz NOT NULL DEFAULT now(),
    expires_at  timestamptz NOT NULL
);
COMMENT ON TABLE payments.test_payments IS 'The test provider''s own books; the shop never reads them.';

CREATE TABLE payments.test_events (
    id          uuid PRIMARY KEY,
    payment_id  text NOT NULL REFERENCES payments.test_payments,
    number      integer NOT NULL,
    kind        text NOT NULL,
    amount      bigint NOT NULL,
    currency    text NOT NULL,
    at          timestamptz NOT NULL DEFAULT now(),
    UNIQUE (payment_id, number)
);

CREATE TABLE payments.test_refunds (
    key         uuid PRIMARY KEY,
    payment_id  text NOT NULL REFERENCES payments.test_payments,
    amount      bigint NOT NULL,
    at          timestamptz NOT NULL DEFAULT now()
);
