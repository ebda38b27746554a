-- A dispatcher's own choice outlives every better plan, and runs that nobody has published yet follow
-- the plan their promises were made by.

SET LOCAL lock_timeout = '5s';

ALTER TABLE fulfilment.stops ADD COLUMN pinned boolean NOT NULL DEFAULT false;
COMMENT ON COLUMN fulfilment.stops.pinned IS 'Somebody put it there: no plan moves it.';

CREATE TABLE fulfilment.plans_followed (
    place_id  uuid NOT NULL REFERENCES stock.places,
    day       date NOT NULL,
    version   bigint NOT NULL,
    PRIMARY KEY (place_id, day)
);
COMMENT ON TABLE fulfilment.plans_followed IS 'The version of a day''s plan (slots.plans) its runs were last arranged by.';
