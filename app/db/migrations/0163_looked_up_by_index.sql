-- What is looked up while somebody waits is found by an index, also among a million orders.
SET LOCAL lock_timeout = '5s';

-- Every page of an order asks whether something comes back for it.
CREATE INDEX requests_for_exchange ON returns.requests (exchange_id) WHERE exchange_id IS NOT NULL;

-- The number on a slip, at the packing table and at the collect desk.
CREATE INDEX fulfilments_by_number ON fulfilment.fulfilments (order_number);

-- The code somebody shows at the desk; what is over is asked for once more, so it is in it too.
DROP INDEX fulfilment.collections_by_code;
CREATE INDEX collections_by_code ON fulfilment.collections (code_hash);

-- A basket on the phone that becomes an order, and what was said about it.
CREATE INDEX calls_of_basket ON contact.calls (cart_id) WHERE cart_id IS NOT NULL;

-- What is kept about a person, told and forgotten.
CREATE INDEX messages_to_somebody ON messaging.messages (lower(recipient));
CREATE INDEX redemptions_of_customer ON pricing.redemptions (customer) WHERE customer IS NOT NULL;
CREATE INDEX merges_of_customer ON cart.merges (customer_id);
CREATE INDEX merges_of_guest ON cart.merges (guest);
CREATE INDEX pairings_of_basket ON cart.pairings (cart_id);
CREATE INDEX proofs_by_file ON fulfilment.proofs (file) WHERE file IS NOT NULL;
CREATE INDEX requests_by_photo ON returns.requests (photo) WHERE photo IS NOT NULL;
CREATE INDEX returns_by_photo ON returns.returns (photo) WHERE photo IS NOT NULL;

-- What a carrier has, in the order in which its page shows it.
CREATE INDEX consignments_to_see ON fulfilment.consignments
       ((problem IS NULL), (state IN ('delivered', 'returned')), booked_at DESC, parcel_id);

-- What a collect desk still has to do: neither what was handed over long ago, nor what a van has.
CREATE INDEX fulfilments_at_desk ON fulfilment.fulfilments (place_id)
 WHERE way = 'collect' AND state IN ('packed', 'returned');

-- Every order wrote this twice: orders_by_email is the same.
DROP INDEX orders.orders_by_customer;
