-- A supervisor agrees on the clerk's screen, by a badge or a PIN; a till shows a code of its own, and
-- waits for the phone that scans it.

SET LOCAL lock_timeout = '5s';

ALTER TABLE staff.people
    ADD COLUMN pin_hash text CONSTRAINT pin_is_hashed CHECK (pin_hash LIKE '$argon2id$%'),
    ADD COLUMN badge_sha256 bytea CONSTRAINT one_person_a_badge UNIQUE
        CONSTRAINT badge_is_hashed CHECK (octet_length(badge_sha256) = 32);
COMMENT ON COLUMN staff.people.pin_hash IS 'Agrees to an act at somebody else''s screen; signs nobody in.';
COMMENT ON COLUMN staff.people.badge_sha256 IS 'Of the 130 random bits on a card; a new card ends the old one.';

ALTER TABLE tills.receipts
    ADD COLUMN invited_view uuid CONSTRAINT one_receipt_an_invitation UNIQUE;
COMMENT ON COLUMN tills.receipts.invited_view IS
    'The look that waits for whoever scans the code on the till''s screen.';
