-- People who work in the shop, their sessions, and the trail of what they did.

CREATE SCHEMA staff;

CREATE TABLE staff.people (
    id             uuid PRIMARY KEY,
    name           text NOT NULL CONSTRAINT name_is_a_line CHECK (name ~ '^[^[:cntrl:]]{1,100}$'),
    login          text NOT NULL CONSTRAINT one_person_per_login UNIQUE
                   CONSTRAINT login_is_lower_case CHECK (login ~ '^[a-z0-9._@-]{1,60}$'),
    password_hash  text NOT NULL CONSTRAINT password_is_hashed CHECK (password_hash LIKE '$argon2id$%'),
    roles          text[] NOT NULL
                   CONSTRAINT known_roles CHECK (roles <@ ARRAY['merchandiser', 'picker', 'packer', 'driver', 'dispatcher', 'operator']),
    joined_at      timestamptz NOT NULL DEFAULT now(),
    left_at        timestamptz
);

CREATE TABLE staff.sessions (
    token_sha256  bytea PRIMARY KEY CONSTRAINT token_is_hashed CHECK (octet_length(token_sha256) = 32),
    person_id     uuid NOT NULL REFERENCES staff.people ON DELETE CASCADE,
    started_at    timestamptz NOT NULL DEFAULT now(),
    seen_at       timestamptz NOT NULL DEFAULT now()
);
CREATE INDEX sessions_by_person ON staff.sessions (person_id);
CREATE INDEX sessions_by_age ON staff.sessions (started_at);

CREATE TABLE staff.attempts (
    who_sha256  bytea PRIMARY KEY,
    since       timestamptz NOT NULL DEFAULT now(),
    failures    integer NOT NULL DEFAULT 1 CONSTRAINT failures_are_counted CHECK (failures >= 0)
);
COMMENT ON TABLE staff.attempts IS
    'Sign-ins that failed, by account and by address, both hashed. A limit is a conditional write.';

CREATE TABLE staff.audit (
    id         uuid PRIMARY KEY,
    at         timestamptz NOT NULL DEFAULT now(),
    person_id  uuid REFERENCES staff.people,
    act        text NOT NULL,
    subject    text NOT NULL,
    reason     text NOT NULL DEFAULT ''
);
COMMENT ON TABLE staff.audit IS
    'Append only. Who (nobody: the operator at the shell) did what, on what, when and why; subjects are ids.';
CREATE INDEX audit_by_time ON staff.audit (at);
CREATE INDEX audit_by_subject ON staff.audit (subject);

CREATE TABLE staff.seals (
    number    bigint PRIMARY KEY CONSTRAINT seals_start_at_one CHECK (number >= 1),
    audit_id  uuid NOT NULL CONSTRAINT sealed_once UNIQUE REFERENCES staff.audit,
    sha256    bytea NOT NULL CONSTRAINT seal_is_sha256 CHECK (octet_length(sha256) = 32)
);
COMMENT ON TABLE staff.seals IS
    'Each seal covers its entry and the seal before it. A sweeper adds them, so that no act waits for another.';

CREATE FUNCTION staff.refuse_rewriting() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION 'What staff did is kept as it was.';
END $$;
CREATE TRIGGER audit_is_append_only BEFORE UPDATE OR DELETE ON staff.audit
    FOR EACH ROW EXECUTE FUNCTION staff.refuse_rewriting();
CREATE TRIGGER audit_is_never_emptied BEFORE TRUNCATE ON staff.audit
    EXECUTE FUNCTION staff.refuse_rewriting();
CREATE TRIGGER seals_are_append_only BEFORE UPDATE OR DELETE ON staff.seals
    FOR EACH ROW EXECUTE FUNCTION staff.refuse_rewriting();
CREATE TRIGGER seals_are_never_emptied BEFORE TRUNCATE ON staff.seals
    EXECUTE FUNCTION staff.refuse_rewriting();

CREATE FUNCTION staff.seal_of(before bytea, entry staff.audit) RETURNS bytea LANGUAGE sql STABLE
RETURN sha256(before || convert_to(
    jsonb_build_array(entry.id, extract(epoch FROM entry.at), entry.person_id, entry.act,
                      entry.subject, entry.reason)::text, 'UTF8'));

CREATE VIEW checks.audit AS
SELECT seal.number, seal.audit_id, 'broken seal' AS wrong
  FROM staff.seals AS seal
  LEFT JOIN staff.seals AS before ON before.number = seal.number - 1
  LEFT JOIN staff.audit AS entry ON entry.id = seal.audit_id
 WHERE (before.number IS NULL AND seal.number <> 1)
    OR entry.id IS NULL
    OR seal.sha256 <> staff.seal_of(coalesce(before.sha256, ''::bytea), entry)
UNION ALL
SELECT NULL, entry.id, 'not sealed'
  FROM staff.audit AS entry
 WHERE entry.at < now() - interval '10 minutes'
   AND NOT EXISTS (SELECT FROM staff.seals AS seal WHERE seal.audit_id = entry.id);
