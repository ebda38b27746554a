-- How goods are handled stands in catalog.products; nobody reads or writes what was kept beside it.
SET LOCAL lock_timeout = '5s';
DROP TABLE fulfilment.handling;
