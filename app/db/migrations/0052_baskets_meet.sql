-- Whose basket it is, what became one with what, and who else may look at it.

SET LOCAL lock_timeout = '5s';

CREATE TABLE cart.members (
    customer_id  uuid PRIMARY KEY,
    cart_id      uuid NOT NULL CONSTRAINT one_owner_per_cart UNIQUE REFERENCES cart.carts
);
COMMENT ON TABLE cart.members IS
    'The basket a customer goes on with on every phone. Its row is locked first when baskets meet.';

CREATE INDEX carts_that_follow ON cart.carts (alias_of) WHERE alias_of IS NOT NULL;

CREATE TABLE cart.merges (
    id           uuid PRIMARY KEY,
    survivor     uuid NOT NULL REFERENCES cart.carts ON DELETE CASCADE,
    guest        uuid NOT NULL REFERENCES cart.carts ON DELETE CASCADE,
    customer_id  uuid,
    brought      jsonb NOT NULL,
    parked       jsonb NOT NULL,
    left_out     integer NOT NULL DEFAULT 0,
    at           timestamptz NOT NULL DEFAULT now(),
    undone_at    timestamptz
);
COMMENT ON TABLE cart.merges IS
    'What a guest''s basket brought into another (line by line), so that it can be taken out again.';
CREATE UNIQUE INDEX a_guest_is_in_one_basket ON cart.merges (guest) WHERE undone_at IS NULL;
CREATE INDEX merges_of_survivor ON cart.merges (survivor, at);

CREATE TABLE cart.saved (
    cart_id         uuid NOT NULL REFERENCES cart.carts ON DELETE CASCADE,
    product_id      uuid NOT NULL,
    handover        text NOT NULL
                    CONSTRAINT known_handover CHECK (handover IN ('delivery', 'collect', 'carry-out')),
    edition_id      uuid NOT NULL,
    quantity        integer NOT NULL CONSTRAINT at_most_99_of_one CHECK (quantity BETWEEN 1 AND 99),
    printed_price   bigint,
    honoured_until  timestamptz,
    added_from      text NOT NULL,
    label           text,
    measured_g      integer,
    measured_price  bigint,
    saved_at        timestamptz NOT NULL DEFAULT now(),
    PRIMARY KEY (cart_id, product_id, handover, edition_id)
);
COMMENT ON TABLE cart.saved IS
    'Lines laid aside: in no sum and in no order, until somebody puts them back.';

CREATE TABLE cart.pairings (
    sha256      bytea PRIMARY KEY CONSTRAINT code_is_hashed CHECK (octet_length(sha256) = 32),
    cart_id     uuid REFERENCES cart.carts ON DELETE CASCADE,
    view_id     uuid,
    role        text NOT NULL CONSTRAINT known_role CHECK (role IN ('look', 'help', 'own')),
    until_at    timestamptz NOT NULL,
    CONSTRAINT either_offers_or_asks CHECK ((cart_id IS NULL) <> (view_id IS NULL))
);
COMMENT ON TABLE cart.pairings IS
    'Codes that work once and for minutes: a basket that is offered, or a till that asks for one.';
CREATE INDEX pairings_by_age ON cart.pairings (until_at);

CREATE TABLE cart.views (
    id          uuid PRIMARY KEY,
    sha256      bytea NOT NULL CONSTRAINT one_view_per_token UNIQUE
                CONSTRAINT token_is_hashed CHECK (octet_length(sha256) = 32),
    cart_id     uuid REFERENCES cart.carts ON DELETE CASCADE,
    role        text NOT NULL CONSTRAINT known_role CHECK (role IN ('look', 'help')),
    until_at    timestamptz NOT NULL,
    opened_at   timestamptz NOT NULL DEFAULT now()
);
COMMENT ON TABLE cart.views IS
    'Somebody else''s look at a basket, for hours at most; deleting the row ends it at once.';
CREATE INDEX views_of_cart ON cart.views (cart_id);
CREATE INDEX views_by_age ON cart.views (until_at);

CREATE TABLE cart.shares (
    sha256      bytea PRIMARY KEY CONSTRAINT token_is_hashed CHECK (octet_length(sha256) = 32),
    lines       jsonb NOT NULL,
    currency    text NOT NULL,
    until_at    timestamptz NOT NULL
);
COMMENT ON TABLE cart.shares IS
    'Copies of baskets behind links: products and quantities, nothing of whose they were.';
CREATE INDEX shares_by_age ON cart.shares (until_at);
