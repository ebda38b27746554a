-- Clerks sell at a till; a supervisor undoes what was paid; agents help on the phone.
SET LOCAL lock_timeout = '5s';
ALTER TABLE staff.people DROP CONSTRAINT known_roles;
ALTER TABLE staff.people ADD CONSTRAINT known_roles CHECK (roles <@ ARRAY[
    'merchandiser', 'picker', 'packer', 'driver', 'dispatcher', 'operator', 'clerk', 'supervisor', 'agent']);
