-- Taking two baskets apart gives back all of it: what was said and shown, and who followed the guest.
SET LOCAL lock_timeout = '5s';

ALTER TABLE cart.merges
      ADD COLUMN followers uuid[] NOT NULL DEFAULT '{}',
      ADD COLUMN coupons text[] NOT NULL DEFAULT '{}',
      ADD COLUMN noted boolean NOT NULL DEFAULT false,
      ADD COLUMN line_notes uuid[] NOT NULL DEFAULT '{}';

COMMENT ON COLUMN cart.merges.followers IS 'Baskets that had become one with the guest''s before: they go with it.';
COMMENT ON COLUMN cart.merges.line_notes IS 'Products about which the guest had said something, and the other basket nothing.';
