-- A sticker has to have the size of the label it goes over. So an edition keeps all that decides
-- where things stand on its posters: the address of the wall's list, whose sign makes room for
-- itself on a shelf, and the distance from which the wall was to be read. With what its proof found
-- of every code it also keeps how large each was drawn.

ALTER TABLE walls.editions
    ADD COLUMN phone text NOT NULL DEFAULT ''
        CONSTRAINT phone_is_a_line CHECK (phone ~ '^[^[:cntrl:]]{0,30}$'),
    ADD COLUMN list_url text NOT NULL DEFAULT ''
        CONSTRAINT list_url_is_a_line CHECK (list_url ~ '^[^[:cntrl:]]*$' AND length(list_url) <= 400),
    ADD COLUMN reading_distance_mm integer
        CONSTRAINT people_stand_before_it CHECK (reading_distance_mm BETWEEN 100 AND 10000),
    ADD COLUMN lights jsonb NOT NULL DEFAULT '[]';
COMMENT ON COLUMN walls.editions.phone IS
    'As it is printed: orders are taken there by product number. Empty where the shop has none.';
COMMENT ON COLUMN walls.editions.list_url IS
    'What the sign opens that shows the wall as a list. Empty: drawn without one.';
COMMENT ON COLUMN walls.editions.reading_distance_mm IS
    'NULL before it was kept: the one its wall has now.';
COMMENT ON COLUMN walls.editions.lights IS
    'What the proof found of every code, in walking order; beside it, for lists do without.';

CREATE OR REPLACE TRIGGER editions_never_change BEFORE UPDATE ON walls.editions
    FOR EACH ROW
    WHEN ((old.wall_id, old.number, old.kind, old.plan, old.codes, old.base_url, old.phone,
           old.list_url, old.reading_distance_mm, old.currency, old.valid_from, old.valid_until,
           old.ordered_by, old.created_at)
          IS DISTINCT FROM
          (new.wall_id, new.number, new.kind, new.plan, new.codes, new.base_url, new.phone,
           new.list_url, new.reading_distance_mm, new.currency, new.valid_from, new.valid_until,
           new.ordered_by, new.created_at)
          OR (old.printed_at IS NOT NULL
              AND (old.pdf, old.png, old.printed_at, old.lights)
                  IS DISTINCT FROM (new.pdf, new.png, new.printed_at, new.lights)))
    EXECUTE FUNCTION walls.refuse_rewriting();
