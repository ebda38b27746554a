-- Which places send an order, why, and under which rules that was decided.

SET LOCAL lock_timeout = '5s';

CREATE SCHEMA sourcing;

CREATE TABLE sourcing.rules (
    version   integer PRIMARY KEY CONSTRAINT versions_count_from_one CHECK (version >= 1),
    weights   jsonb NOT NULL,
    made_by   uuid,
    made_at   timestamptz NOT NULL DEFAULT now()
);
COMMENT ON TABLE sourcing.rules IS 'Every version there ever was; the highest counts. Without one, the rules the shop comes with.';

CREATE TABLE sourcing.decisions (
    order_id       uuid NOT NULL,
    attempt        integer NOT NULL DEFAULT 1 CONSTRAINT attempts_count_from_one CHECK (attempt >= 1),
    rules_version  integer NOT NULL,
    asked          jsonb NOT NULL,
    decided        jsonb NOT NULL,
    refused_by     uuid[] NOT NULL DEFAULT '{}',
    made_at        timestamptz NOT NULL DEFAULT now(),
    PRIMARY KEY (order_id, attempt)
);
COMMENT ON COLUMN sourcing.decisions.asked IS
    'What was wanted and what each place had then: the same question can be put again under other rules. Products and places only.';
CREATE INDEX decisions_by_time ON sourcing.decisions (made_at);

CREATE TABLE sourcing.unfilled (
    order_id    uuid PRIMARY KEY,
    missing     jsonb NOT NULL,
    opened_at   timestamptz NOT NULL DEFAULT now(),
    settled_at  timestamptz,
    settled_by  uuid
);
COMMENT ON TABLE sourcing.unfilled IS 'Work for a person: goods of an order that no place can send. Nothing tries again by itself.';
CREATE INDEX unfilled_open ON sourcing.unfilled (opened_at) WHERE settled_at IS NULL;
