-- A parcel that comes back is told to its carrier like one that goes out, and followed until it is here.

SET LOCAL lock_timeout = '5s';

ALTER TABLE returns.labels ADD COLUMN state text NOT NULL DEFAULT 'wanted';
ALTER TABLE returns.labels ADD CONSTRAINT known_state CHECK (
    state IN ('wanted', 'announced', 'accepted', 'in_transit', 'failed', 'delivered', 'returned')) NOT VALID;
ALTER TABLE returns.labels VALIDATE CONSTRAINT known_state;
ALTER TABLE returns.labels ADD COLUMN track_at text;
ALTER TABLE returns.labels ADD COLUMN heard_at timestamptz;
COMMENT ON COLUMN returns.labels.heard_at IS 'When the carrier said last where it is, by the carrier''s clock.';
ALTER TABLE returns.labels ADD COLUMN attempts integer NOT NULL DEFAULT 0;
ALTER TABLE returns.labels ADD COLUMN due_at timestamptz DEFAULT now();
COMMENT ON COLUMN returns.labels.due_at IS 'When the carrier is told of it, again if it did not answer; never once it was.';
CREATE INDEX labels_to_announce ON returns.labels (due_at) WHERE state = 'wanted';
CREATE INDEX labels_on_their_way ON returns.labels (heard_at) WHERE state IN ('accepted', 'in_transit', 'failed');
