-- What every feature stands on: commands done once, events told in order, steps with a due time,
-- files kept by their content, and the views that say when something is wrong.

CREATE EXTENSION IF NOT EXISTS pg_trgm;
CREATE EXTENSION IF NOT EXISTS btree_gist;

CREATE SCHEMA commands;
CREATE SCHEMA jobs;
CREATE SCHEMA files;
CREATE SCHEMA checks;

CREATE TABLE commands.done (
    scope        uuid NOT NULL,
    id           uuid NOT NULL,
    fingerprint  bytea NOT NULL CONSTRAINT fingerprint_is_sha256 CHECK (octet_length(fingerprint) = 32),
    outcome      jsonb,
    at           timestamptz NOT NULL DEFAULT now(),
    PRIMARY KEY (scope, id)
);
COMMENT ON TABLE commands.done IS
    'Every change is a command that can arrive twice; what it did is written with its effect.';
CREATE INDEX done_by_age ON commands.done (at);

CREATE TABLE jobs.events (
    aggregate       uuid NOT NULL,
    number          bigint NOT NULL CONSTRAINT numbers_start_at_one CHECK (number >= 1),
    aggregate_kind  text NOT NULL,
    kind            text NOT NULL,
    body            jsonb NOT NULL,
    at              timestamptz NOT NULL DEFAULT now(),
    PRIMARY KEY (aggregate, number)
);
COMMENT ON TABLE jobs.events IS
    'What happened, told in the transaction in which it did; ids only, never personal data.';
CREATE INDEX events_by_time ON jobs.events (at);

CREATE TABLE jobs.deliveries (
    consumer      text NOT NULL,
    aggregate     uuid NOT NULL,
    number        bigint NOT NULL,
    delivered_at  timestamptz,
    parked_at     timestamptz,
    PRIMARY KEY (consumer, aggregate, number),
    FOREIGN KEY (aggregate, number) REFERENCES jobs.events ON DELETE CASCADE
);
CREATE INDEX deliveries_waiting ON jobs.deliveries (consumer, aggregate, number)
    WHERE delivered_at IS NULL AND parked_at IS NULL;

CREATE TABLE jobs.backlogs (
    consumer      text NOT NULL,
    aggregate     uuid NOT NULL,
    due_at        timestamptz NOT NULL DEFAULT now(),
    attempts      integer NOT NULL DEFAULT 0,
    first_failed_at timestamptz,
    last_error    text,
    lease         uuid,
    leased_until  timestamptz NOT NULL DEFAULT '-infinity',
    PRIMARY KEY (consumer, aggregate)
);
COMMENT ON TABLE jobs.backlogs IS
    'Workers lease an aggregate, not an event, so that one consumer hears its events in order.';
CREATE INDEX backlogs_due ON jobs.backlogs (due_at);

CREATE TABLE jobs.tasks (
    id            uuid PRIMARY KEY,
    kind          text NOT NULL,
    body          jsonb NOT NULL,
    state         text NOT NULL DEFAULT 'waiting'
                  CONSTRAINT known_state CHECK (state IN ('waiting', 'done', 'failed')),
    due_at        timestamptz NOT NULL DEFAULT now(),
    attempts      integer NOT NULL DEFAULT 0,
    progress      integer NOT NULL DEFAULT 0 CONSTRAINT progress_is_percent CHECK (progress BETWEEN 0 AND 100),
    note          text,
    outcome       jsonb,
    lease         uuid,
    leased_until  timestamptz NOT NULL DEFAULT '-infinity',
    created_at    timestamptz NOT NULL DEFAULT now(),
    finished_at   timestamptz
);
CREATE INDEX tasks_due ON jobs.tasks (due_at) WHERE state = 'waiting';

CREATE TABLE jobs.timers (
    name    text PRIMARY KEY,
    due_at  timestamptz NOT NULL DEFAULT now()
);

CREATE TABLE files.files (
    sha256      bytea PRIMARY KEY CONSTRAINT name_is_sha256 CHECK (octet_length(sha256) = 32),
    media_type  text NOT NULL,
    body        bytea NOT NULL,
    public      boolean NOT NULL DEFAULT false,
    kept_at     timestamptz NOT NULL DEFAULT now()
);
COMMENT ON TABLE files.files IS 'Named by their content, so the same picture is kept once.';
ALTER TABLE files.files ALTER COLUMN body SET STORAGE EXTERNAL;

CREATE VIEW checks.outbox AS
SELECT event.aggregate_kind, event.aggregate, max(event.number) AS last_number, count(*) AS told
  FROM jobs.events AS event
 GROUP BY event.aggregate_kind, event.aggregate
HAVING count(*) <> max(event.number) - min(event.number) + 1
    OR min(event.number) <> 1;

CREATE VIEW checks.steps AS
SELECT task.id, task.kind, task.due_at, task.attempts
  FROM jobs.tasks AS task
 WHERE task.state = 'waiting'
   AND task.due_at < now() - interval '60 seconds'
   AND task.leased_until < now();
