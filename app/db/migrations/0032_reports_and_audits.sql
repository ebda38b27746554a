-- What shoppers say about codes, what a walk along a wall found, and the list of every morning.

CREATE TABLE scan.reports (
    id           uuid PRIMARY KEY,
    label        text NOT NULL REFERENCES walls.labels,
    kind         text NOT NULL
                 CONSTRAINT known_kind CHECK (kind IN ('damaged', 'covered', 'unreadable', 'wrong')),
    times        integer NOT NULL DEFAULT 1 CONSTRAINT said_at_least_once CHECK (times >= 1),
    first_at     timestamptz NOT NULL DEFAULT now(),
    last_at      timestamptz NOT NULL DEFAULT now(),
    resolved_at  timestamptz,
    resolved_by  uuid
);
COMMENT ON TABLE scan.reports IS
    'How often a code was said to be spoiled. Who said so is not kept.';
CREATE UNIQUE INDEX one_open_report ON scan.reports (label, kind) WHERE resolved_at IS NULL;

CREATE TABLE scan.audits (
    id          uuid PRIMARY KEY,
    site_id     uuid NOT NULL REFERENCES walls.sites,
    started_by  uuid,
    started_at  timestamptz NOT NULL DEFAULT now(),
    ended_at    timestamptz,
    expected    integer NOT NULL CONSTRAINT something_to_look_at CHECK (expected >= 1),
    version     bigint NOT NULL DEFAULT 1,
    report      jsonb,
    CONSTRAINT an_end_has_a_report CHECK ((ended_at IS NULL) = (report IS NULL))
);
COMMENT ON TABLE scan.audits IS 'One walk along a wall, code by code.';
COMMENT ON COLUMN scan.audits.report IS 'What it found, kept as it was when the walk ended.';
CREATE INDEX audits_of_site ON scan.audits (site_id, started_at DESC);

CREATE TABLE scan.audit_scans (
    audit_id  uuid NOT NULL REFERENCES scan.audits,
    number    integer NOT NULL CONSTRAINT scans_are_counted CHECK (number BETWEEN 1 AND 5000),
    outcome   text NOT NULL
              CONSTRAINT known_outcome CHECK (outcome IN (
                  'right', 'wrong-place', 'other-site', 'covered', 'retired', 'unknown', 'foreign')),
    panel     smallint NOT NULL,
    shelf     smallint NOT NULL,
    place     smallint NOT NULL,
    label     text,
    text      text CONSTRAINT what_was_read_is_short CHECK (length(text) <= 200),
    at        timestamptz NOT NULL DEFAULT now(),
    PRIMARY KEY (audit_id, number)
);
COMMENT ON COLUMN scan.audit_scans.place IS 'Where the person stood; with panel and shelf.';
COMMENT ON COLUMN scan.audit_scans.text IS 'What a foreign code says. It is shown, never opened.';

CREATE TABLE scan.mornings (
    site_id  uuid NOT NULL REFERENCES walls.sites,
    day      date NOT NULL,
    list     jsonb NOT NULL,
    made_at  timestamptz NOT NULL DEFAULT now(),
    PRIMARY KEY (site_id, day)
);
COMMENT ON TABLE scan.mornings IS
    'What had to be done at a site on a day, as it was when that day began there.';
