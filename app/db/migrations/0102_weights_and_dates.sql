-- Goods that are weighed when they are picked, and goods whose date has to be looked at.

SET LOCAL lock_timeout = '5s';

CREATE TABLE fulfilment.handling (
    product_id   uuid PRIMARY KEY,
    weighed      boolean NOT NULL DEFAULT false,
    item_number  text CONSTRAINT item_numbers_are_unique UNIQUE
                 CONSTRAINT item_number_is_of_the_shop CHECK (item_number ~ '^2[0-9]{6}$'),
    dated        boolean NOT NULL DEFAULT false,
    CONSTRAINT only_weighed_goods_have_a_label_of_the_scale CHECK (weighed OR item_number IS NULL)
);
COMMENT ON TABLE fulfilment.handling IS 'What a picker has to do with a product beside scanning it.';
COMMENT ON COLUMN fulfilment.handling.weighed IS
    'Sold as about its content in grams; what is lighter costs less, what is up to 10 % heavier not more.';
COMMENT ON COLUMN fulfilment.handling.item_number IS
    'The first seven digits of what the scale prints: 2, then the shop''s own number; five digits of grams follow.';
COMMENT ON COLUMN fulfilment.handling.dated IS 'Its date is asked for, and must not be over at the door.';

ALTER TABLE fulfilment.picks
    ADD COLUMN nominal_g integer CONSTRAINT weighed_goods_weigh_something CHECK (nominal_g > 0),
    ADD COLUMN weighed_g integer NOT NULL DEFAULT 0 CONSTRAINT weight_is_not_negative CHECK (weighed_g >= 0),
    ADD COLUMN dated boolean NOT NULL DEFAULT false,
    ADD COLUMN best_before date,
    ADD CONSTRAINT at_most_a_tenth_heavier CHECK (weighed_g * 10 <= coalesce(nominal_g, 0)::bigint * picked * 11);
COMMENT ON COLUMN fulfilment.picks.nominal_g IS 'What one weighs as it was sold; NULL for what is not weighed.';
COMMENT ON COLUMN fulfilment.picks.weighed_g IS 'What all that are picked weigh together.';
COMMENT ON COLUMN fulfilment.picks.best_before IS 'The earliest date among what was picked.';
