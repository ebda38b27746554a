-- How many of a product one customer may have stands in the files of the catalogue as well.

SET LOCAL lock_timeout = '5s';

ALTER TABLE catalog.staged ADD COLUMN most_per_basket smallint;
ALTER TABLE catalog.replaced ADD COLUMN most_per_basket smallint;

CREATE OR REPLACE VIEW catalog.sheet AS
SELECT product.id AS product_id, product.version, product.gtin,
       coalesce(further.codes, '{}') AS codes,
       product.brand, product.category,
       coalesce(category_nl.name, '') AS category_nl, coalesce(category_en.name, '') AS category_en,
       coalesce(category_ko.name, '') AS category_ko,
       coalesce(nl.name, '') AS name_nl, coalesce(en.name, '') AS name_en, coalesce(ko.name, '') AS name_ko,
       coalesce(nl.description, '') AS description_nl, coalesce(en.description, '') AS description_en,
       coalesce(ko.description, '') AS description_ko,
       coalesce(nl.ingredients, '') AS ingredients_nl, coalesce(en.ingredients, '') AS ingredients_en,
       coalesce(ko.ingredients, '') AS ingredients_ko,
       product.content_quantity, product.content_unit, product.price, product.currency, product.vat,
       product.deposit, coalesce(product.age_limit, 0::smallint) AS age_limit, product.storage,
       coalesce(product.weight_g, 0) AS weight_g, product.allergens,
       coalesce(product.nutrition, '{}')::text AS nutrition, product.origin,
       coalesce(product.picture, '') AS picture, product.on_sale, product.popularity,
       coalesce(product.most_per_basket, 0::smallint) AS most_per_basket
  FROM catalog.products AS product
  LEFT JOIN catalog.texts AS nl ON nl.product_id = product.id AND nl.language = 'nl'
  LEFT JOIN catalog.texts AS en ON en.product_id = product.id AND en.language = 'en'
  LEFT JOIN catalog.texts AS ko ON ko.product_id = product.id AND ko.language = 'ko'
  LEFT JOIN catalog.categories AS category_nl
    ON category_nl.category = product.category AND category_nl.language = 'nl'
  LEFT JOIN catalog.categories AS category_en
    ON category_en.category = product.category AND category_en.language = 'en'
  LEFT JOIN catalog.categories AS category_ko
    ON category_ko.category = product.category AND category_ko.language = 'ko'
  LEFT JOIN LATERAL (SELECT array_agg(code.gtin ORDER BY code.gtin) AS codes
                       FROM catalog.codes AS code
                      WHERE code.product_id = product.id
                        AND code.gtin <> product.gtin) AS further ON true;
