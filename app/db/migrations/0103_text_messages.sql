-- What cannot wait for somebody to read their mail is sent to their phone as well.

SET LOCAL lock_timeout = '5s';

ALTER TABLE messaging.messages
    ADD COLUMN channel text NOT NULL DEFAULT 'mail'
        CONSTRAINT known_channel CHECK (channel IN ('mail', 'sms'));
