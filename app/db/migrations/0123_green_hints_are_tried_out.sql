-- Half of the carts see a leaf at times a van is near anyway; the other half is what that is compared with.

SET LOCAL lock_timeout = '5s';

ALTER TABLE slots.holds
    ADD COLUMN arm text CONSTRAINT known_arm CHECK (arm IN ('leaf', 'plain')),
    ADD COLUMN detour_m integer CONSTRAINT detours_are_not_negative CHECK (detour_m >= 0);
COMMENT ON COLUMN slots.holds.arm IS 'Of the experiment with the green hint: whether this cart is shown leaves. Without a cart there is none.';
COMMENT ON COLUMN slots.holds.detour_m IS 'How much farther the plan of the day became with this door.';
