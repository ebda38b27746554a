-- A receipt is handed out once; what is printed, mailed or made a file of again says that it is a copy.
-- An address that was given for one mail is not kept beyond it.

SET LOCAL lock_timeout = '5s';

ALTER TABLE tills.receipts
    ADD COLUMN handed_out integer NOT NULL DEFAULT 0
        CONSTRAINT nobody_hands_out_less_than_none CHECK (handed_out >= 0);

CREATE TABLE tills.copies (
    id          uuid PRIMARY KEY,
    receipt_id  uuid NOT NULL REFERENCES tills.receipts,
    number      integer NOT NULL,
    how         text NOT NULL CONSTRAINT known_way CHECK (how IN ('print', 'pdf', 'mail')),
    by          uuid NOT NULL,
    at          timestamptz NOT NULL DEFAULT now(),
    CONSTRAINT copies_are_numbered UNIQUE (receipt_id, number)
);
COMMENT ON TABLE tills.copies IS
    'Each time a receipt was handed out: the first is the receipt, every further one a copy.';

CREATE INDEX receipts_by_day ON tills.receipts (till_id, sold_at) WHERE sold_at IS NOT NULL;

ALTER TABLE messaging.messages
    ADD COLUMN kept boolean NOT NULL DEFAULT true;
COMMENT ON COLUMN messaging.messages.kept IS
    'False for an address that was given for this mail alone: it is forgotten when the mail is sent, or after a week.';

CREATE INDEX messages_to_forget ON messaging.messages (written_at) WHERE NOT kept AND recipient <> '';
