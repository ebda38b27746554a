-- What was printed cannot be taken back from the paper, so it cannot be changed in the books either.
-- What a label sells, and whether it does, may change; what stands on it may not.

CREATE FUNCTION walls.refuse_rewriting() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION 'What was printed stays as it was printed.';
END $$;

CREATE TRIGGER editions_never_change BEFORE UPDATE ON walls.editions
    FOR EACH ROW
    WHEN ((old.wall_id, old.number, old.kind, old.plan, old.codes, old.base_url, old.currency,
           old.valid_from, old.valid_until, old.ordered_by, old.created_at)
          IS DISTINCT FROM
          (new.wall_id, new.number, new.kind, new.plan, new.codes, new.base_url, new.currency,
           new.valid_from, new.valid_until, new.ordered_by, new.created_at)
          OR (old.printed_at IS NOT NULL
              AND (old.pdf, old.png, old.printed_at)
                  IS DISTINCT FROM (new.pdf, new.png, new.printed_at)))
    EXECUTE FUNCTION walls.refuse_rewriting();

CREATE TRIGGER labels_never_change BEFORE UPDATE ON walls.labels
    FOR EACH ROW
    WHEN ((old.token, old.position_id, old.edition_id, old.gtin, old.printed_price, old.currency,
           old.panel, old.shelf, old.place, old.replaces)
          IS DISTINCT FROM
          (new.token, new.position_id, new.edition_id, new.gtin, new.printed_price, new.currency,
           new.panel, new.shelf, new.place, new.replaces))
    EXECUTE FUNCTION walls.refuse_rewriting();
