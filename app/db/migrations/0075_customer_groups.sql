-- Groups of customers that prices and promotions can be for. Whoever has an account is a member.

SET LOCAL lock_timeout = '5s';

CREATE TABLE customers.memberships (
    customer_id  uuid NOT NULL REFERENCES customers.people ON DELETE CASCADE,
    name         text NOT NULL
                 CONSTRAINT a_group_has_a_short_name CHECK (name ~ '^[^[:cntrl:]]{1,40}$')
                 CONSTRAINT everybody_is_a_member CHECK (name <> 'members'),
    person_id    uuid,
    since        timestamptz NOT NULL DEFAULT now(),
    PRIMARY KEY (customer_id, name)
);
CREATE INDEX memberships_by_name ON customers.memberships (name);
