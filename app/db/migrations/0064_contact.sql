-- Calls: somebody asks for help, and an agent looks, for a reason that is kept.

CREATE SCHEMA contact;

CREATE TABLE contact.calls (
    id           uuid PRIMARY KEY,
    agent_id     uuid NOT NULL,
    order_id     uuid,
    cart_id      uuid,
    view_id      uuid,
    reason       text NOT NULL CONSTRAINT for_a_reason CHECK (reason <> ''),
    found_by     text NOT NULL DEFAULT '',
    verified_at  timestamptz,
    tries        smallint NOT NULL DEFAULT 0 CONSTRAINT a_few_tries CHECK (tries BETWEEN 0 AND 5),
    opened_at    timestamptz NOT NULL DEFAULT now(),
    ended_at     timestamptz,
    CONSTRAINT about_one_thing CHECK (num_nonnulls(order_id, cart_id) = 1)
);
COMMENT ON COLUMN contact.calls.view_id IS 'The look the caller gave into a basket of their own; they can end it.';
COMMENT ON COLUMN contact.calls.found_by IS 'What the caller said to be found proves nothing any more.';
COMMENT ON COLUMN contact.calls.verified_at IS
    'The caller knew what only the customer knows; until then nothing personal is shown.';
CREATE INDEX calls_of_agent ON contact.calls (agent_id, opened_at);
CREATE INDEX calls_of_order ON contact.calls (order_id);

CREATE TABLE contact.notes (
    id       uuid PRIMARY KEY,
    call_id  uuid NOT NULL REFERENCES contact.calls,
    text     text NOT NULL CONSTRAINT something_is_noted CHECK (text <> ''),
    at       timestamptz NOT NULL DEFAULT now()
);
CREATE INDEX notes_of_call ON contact.notes (call_id);
