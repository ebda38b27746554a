-- Loyalty: points of a customer, and every movement of them. Points are spent by turning them into a
-- gift card, which is a tender of every order already.

SET LOCAL lock_timeout = '5s';

CREATE TABLE cart.ordered_by (
    cart_id      uuid PRIMARY KEY,
    customer_id  uuid NOT NULL
);
COMMENT ON TABLE cart.ordered_by IS
    'Whose basket it was when it was ordered, on the web or at a till; of guests there is no row.';
CREATE INDEX ordered_by_customer ON cart.ordered_by (customer_id);

CREATE SCHEMA loyalty;

CREATE TABLE loyalty.accounts (
    customer_id  uuid PRIMARY KEY,
    balance      bigint NOT NULL DEFAULT 0,
    entries      bigint NOT NULL DEFAULT 0,
    moved_at     timestamptz NOT NULL DEFAULT now()
);
COMMENT ON COLUMN loyalty.accounts.balance IS
    'Below zero when points were spent that were earned with goods that came back.';
COMMENT ON COLUMN loyalty.accounts.moved_at IS
    'When the customer last earned, spent or was given some; long after it the rest expires.';
CREATE INDEX accounts_to_expire ON loyalty.accounts (moved_at) WHERE balance > 0;

CREATE TABLE loyalty.ledger (
    id           uuid PRIMARY KEY,
    customer_id  uuid NOT NULL REFERENCES loyalty.accounts ON DELETE CASCADE,
    number       bigint NOT NULL CONSTRAINT numbers_start_at_one CHECK (number >= 1),
    kind         text NOT NULL,
    points       bigint NOT NULL,
    balance      bigint NOT NULL,
    order_id     uuid,
    rate         integer,
    card_id      uuid CONSTRAINT a_card_is_paid_once UNIQUE,
    person_id    uuid,
    reason       text NOT NULL DEFAULT '',
    at           timestamptz NOT NULL DEFAULT now(),
    CONSTRAINT no_gap UNIQUE (customer_id, number),
    CONSTRAINT points_go_the_way_it_says CHECK (CASE kind
        WHEN 'earn'     THEN points > 0
        WHEN 'clawback' THEN points < 0
        WHEN 'goodwill' THEN points > 0
        WHEN 'spend'    THEN points < 0
        WHEN 'expire'   THEN points < 0
        ELSE false END),
    CONSTRAINT every_movement_has_its_cause CHECK (CASE kind
        WHEN 'spend'    THEN card_id IS NOT NULL
        WHEN 'goodwill' THEN person_id IS NOT NULL AND reason <> ''
        WHEN 'expire'   THEN true
        ELSE order_id IS NOT NULL AND rate IS NOT NULL END),
    CONSTRAINT below_zero_only_by_a_clawback CHECK (balance >= 0 OR kind = 'clawback' OR points > 0)
);
COMMENT ON TABLE loyalty.ledger IS 'Every movement of points; it only grows, until its owner is forgotten.';
COMMENT ON COLUMN loyalty.ledger.balance IS 'What there was after it.';
COMMENT ON COLUMN loyalty.ledger.rate IS 'Points for each whole unit of the currency, as it was when the order came.';
CREATE INDEX ledger_of_order ON loyalty.ledger (order_id) WHERE order_id IS NOT NULL;

CREATE FUNCTION loyalty.refuse_rewriting() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF TG_OP = 'DELETE' AND NOT EXISTS (SELECT
                                          FROM loyalty.accounts
                                         WHERE customer_id = OLD.customer_id) THEN
        RETURN OLD;
    END IF;
    RAISE EXCEPTION 'The ledger of points only grows: write another entry.';
END $$;
CREATE TRIGGER ledger_is_kept BEFORE UPDATE OR DELETE ON loyalty.ledger
    FOR EACH ROW EXECUTE FUNCTION loyalty.refuse_rewriting();

ALTER TABLE payments.gift_cards
    DROP CONSTRAINT known_reason,
    ADD CONSTRAINT known_reason CHECK (
        why IN ('sold', 'goodwill', 'empties', 'points')) NOT VALID;
ALTER TABLE payments.gift_cards VALIDATE CONSTRAINT known_reason;

-- An account is what its ledger says, entry for entry; only a clawback takes it below zero; a card that
-- points became has as much on it as they were worth.
CREATE VIEW checks.points AS
SELECT account.customer_id AS id, 'the balance is not what the ledger says' AS wrong
  FROM loyalty.accounts AS account
  LEFT JOIN loyalty.ledger AS entry ON entry.customer_id = account.customer_id
 GROUP BY account.customer_id
HAVING account.balance <> coalesce(sum(entry.points), 0)
    OR account.entries <> count(entry.id)
 UNION ALL
SELECT entry.id, 'the ledger does not add up'
  FROM (SELECT id, points, balance,
               lag(balance, 1, 0::bigint) OVER (PARTITION BY customer_id ORDER BY number) AS before
          FROM loyalty.ledger) AS entry
 WHERE entry.balance <> entry.before + entry.points
 UNION ALL
SELECT entry.id, 'below zero, and not by a clawback'
  FROM loyalty.ledger AS entry
 WHERE entry.balance < 0
   AND entry.points < 0
   AND entry.kind <> 'clawback'
 UNION ALL
SELECT entry.order_id, 'more points taken back than were earned'
  FROM loyalty.ledger AS entry
 WHERE entry.order_id IS NOT NULL
   AND entry.kind IN ('earn', 'clawback')
 GROUP BY entry.order_id
HAVING sum(entry.points) < 0
 UNION ALL
SELECT entry.id, 'the card is not what the points were worth'
  FROM loyalty.ledger AS entry
  LEFT JOIN payments.gift_ledger AS card ON card.card_id = entry.card_id AND card.kind = 'issue'
 WHERE entry.kind = 'spend'
   AND card.balance_change IS DISTINCT FROM -entry.points;
