-- A receipt says what a pack with a sticker of our own scales weighed. Lines from before do not say it.
SET LOCAL lock_timeout = '5s';
ALTER TABLE orders.lines
      ADD COLUMN measured_g integer,
      ADD CONSTRAINT weight_is_positive CHECK (measured_g > 0);
COMMENT ON COLUMN orders.lines.measured_g IS 'What one pack weighs by its own sticker; NULL for what is not weighed, or weighed by a picker.';
