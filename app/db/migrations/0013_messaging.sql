-- Mail to people: written once per event (the id is made from it), sent afterwards.

CREATE SCHEMA messaging;

CREATE TABLE messaging.messages (
    id          uuid PRIMARY KEY,
    about       uuid NOT NULL,
    kind        text NOT NULL,
    language    text NOT NULL,
    recipient   text NOT NULL,
    subject     text NOT NULL,
    body_text   text NOT NULL,
    body_html   text NOT NULL,
    state       text NOT NULL DEFAULT 'waiting'
                CONSTRAINT known_state CHECK (state IN ('waiting', 'sent')),
    written_at  timestamptz NOT NULL DEFAULT now(),
    sent_at     timestamptz
);
COMMENT ON COLUMN messaging.messages.about IS 'The order it is about.';
CREATE INDEX messages_about ON messaging.messages (about);
CREATE INDEX messages_by_time ON messaging.messages (written_at DESC);
