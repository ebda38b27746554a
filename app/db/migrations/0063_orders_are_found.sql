-- Somebody calls and says a mail address, a phone number, or where they live.
CREATE INDEX orders_by_email ON orders.orders (lower(email));
CREATE INDEX orders_by_phone ON orders.orders (right(regexp_replace(phone, '[^0-9]', '', 'g'), 9));
CREATE INDEX orders_by_postcode ON orders.orders (upper(replace(postcode, ' ', '')));
