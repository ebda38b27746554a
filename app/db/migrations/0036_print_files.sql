-- What an edition is printed from besides its plain poster: the file of a print shop with bleed,
-- marks and the profile of its press, and tiles for an office printer.

CREATE TABLE walls.profiles (
    file      bytea PRIMARY KEY REFERENCES files.files,
    name      text NOT NULL CONSTRAINT name_is_a_line CHECK (name ~ '^[^[:cntrl:]]{1,80}$'),
    added_by  uuid,
    added_at  timestamptz NOT NULL DEFAULT now()
);
COMMENT ON TABLE walls.profiles IS 'ICC profiles of presses, as print shops gave them.';
COMMENT ON COLUMN walls.profiles.name IS 'What the profile calls itself.';

CREATE TABLE walls.drawings (
    edition_id  uuid PRIMARY KEY REFERENCES walls.editions,
    file        bytea NOT NULL REFERENCES files.files
);
COMMENT ON TABLE walls.drawings IS
    'What a poster was drawn from. Every other file of its edition is drawn from the same, whatever '
    'became of names and pictures in the catalogue.';

CREATE TABLE walls.print_files (
    id          uuid PRIMARY KEY,
    edition_id  uuid NOT NULL REFERENCES walls.editions,
    kind        text NOT NULL
                CONSTRAINT known_kind CHECK (kind IN ('print-shop', 'tiles-a4', 'tiles-a3')),
    wishes      jsonb NOT NULL,
    profile     bytea REFERENCES walls.profiles,
    ordered_by  uuid,
    ordered_at  timestamptz NOT NULL DEFAULT now(),
    file        bytea REFERENCES files.files,
    sheets      integer CONSTRAINT a_file_has_sheets CHECK (sheets >= 1),
    scale       smallint CONSTRAINT known_scale CHECK (scale IN (1, 10)),
    made_at     timestamptz,
    refusal     jsonb,
    CONSTRAINT made_whole CHECK (
        (made_at IS NULL) = (file IS NULL)
        AND (file IS NULL) = (sheets IS NULL)
        AND (file IS NULL) = (scale IS NULL)),
    CONSTRAINT made_or_refused CHECK (made_at IS NULL OR refusal IS NULL),
    CONSTRAINT only_a_press_has_a_profile CHECK (profile IS NULL OR kind = 'print-shop')
);
COMMENT ON TABLE walls.print_files IS
    'Files of an edition, asked for one by one. Its id is that of the step that makes it.';
COMMENT ON COLUMN walls.print_files.file IS
    'Kept only when every code on it was read: there is no file that must not be printed.';
CREATE UNIQUE INDEX one_file_in_the_making ON walls.print_files (edition_id, kind)
    WHERE made_at IS NULL AND refusal IS NULL;
CREATE INDEX files_of_edition ON walls.print_files (edition_id, kind, ordered_at DESC);

CREATE TRIGGER print_files_never_change BEFORE UPDATE ON walls.print_files
    FOR EACH ROW
    WHEN (old.made_at IS NOT NULL
          OR (old.id, old.edition_id, old.kind, old.wishes, old.profile, old.ordered_by,
              old.ordered_at)
             IS DISTINCT FROM
             (new.id, new.edition_id, new.kind, new.wishes, new.profile, new.ordered_by,
              new.ordered_at))
    EXECUTE FUNCTION walls.refuse_rewriting();

-- What is longer than a page of a PDF is drawn at 1:10.
ALTER TABLE walls.panels
    DROP CONSTRAINT width_can_be_printed,
    DROP CONSTRAINT height_can_be_printed,
    ADD CONSTRAINT width_can_be_printed CHECK (width_mm BETWEEN 140 AND 50000),
    ADD CONSTRAINT height_can_be_printed CHECK (height_mm BETWEEN 140 AND 50000);
