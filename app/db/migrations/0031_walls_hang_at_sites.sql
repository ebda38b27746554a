-- Every wall there was becomes a design with one site: open when something hangs, down when the
-- wall is retired, else planned.

INSERT INTO walls.sites (id, wall_id, code, name, place_hint, city, time_zone, state, version,
                         opened_at, down_at, created_at)
SELECT uuidv7(), wall.id, wall.code, wall.name, wall.place_hint, wall.city, wall.time_zone,
       CASE WHEN wall.retired_at IS NOT NULL THEN 'down'
            WHEN hanging.since IS NOT NULL THEN 'open'
            ELSE 'planned'
       END,
       0, hanging.since, wall.retired_at, wall.created_at
  FROM walls.walls AS wall
  LEFT JOIN LATERAL (
        SELECT min(edition.published_at) AS since
          FROM walls.editions AS edition
         WHERE edition.wall_id = wall.id
           AND edition.state <> 'draft') AS hanging ON true;

UPDATE walls.editions AS edition
   SET site_id = site.id
  FROM walls.sites AS site
 WHERE site.wall_id = edition.wall_id;

UPDATE walls.labels AS label
   SET hung_at = edition.published_at,
       covered_at = (SELECT min(newer.published_at)
                       FROM walls.editions AS newer
                      WHERE newer.wall_id = edition.wall_id
                        AND newer.state = 'published'
                        AND newer.number > edition.number)
  FROM walls.editions AS edition
 WHERE edition.id = label.edition_id;

INSERT INTO walls.hangings (edition_id, panel, hung_at)
SELECT edition.id, panel.number, edition.published_at
  FROM walls.editions AS edition
  CROSS JOIN LATERAL jsonb_array_elements(edition.plan) WITH ORDINALITY AS panel (value, number)
 WHERE edition.state <> 'draft'
   AND jsonb_typeof(edition.plan) = 'array';

DROP VIEW checks.walls;
CREATE VIEW checks.walls AS
SELECT edition.id AS edition_id, edition.state, wrong.words AS wrong
  FROM walls.editions AS edition
  LEFT JOIN walls.sites AS site ON site.id = edition.site_id
  LEFT JOIN LATERAL (
        SELECT count(*) AS printed,
               count(*) FILTER (WHERE label.state = 'live') AS live,
               count(*) FILTER (WHERE label.state = 'waiting') AS waiting,
               count(*) FILTER (WHERE label.hung_at IS NOT NULL) AS hung
          FROM walls.labels AS label
         WHERE label.edition_id = edition.id) AS labels ON true
 CROSS JOIN LATERAL (VALUES
       (labels.printed <> CASE WHEN edition.state = 'draft' THEN 0 ELSE edition.codes END,
        'a published edition has a label for each of its codes, a draft none'),
       (edition.state = 'retired' AND labels.live + labels.waiting > 0,
        'a retired edition has no label that sells'),
       (site.state <> 'open' AND labels.live > 0,
        'nothing sells at a site that is not open'),
       (site.state IN ('open', 'down') AND labels.waiting > 0,
        'no label waits at a site that is open or down'),
       (site.state = 'planned' AND edition.state <> 'draft' AND labels.live + labels.waiting > 0,
        'a site with a published edition is not merely planned'),
       (edition.kind = 'patch' AND EXISTS (
            SELECT FROM walls.labels AS sticker
              JOIN walls.labels AS under ON under.token = sticker.replaces
             WHERE sticker.edition_id = edition.id
               AND sticker.hung_at IS NOT NULL
               AND under.covered_at IS NULL),
        'what a sticker was pasted over is covered')
       ) AS wrong (so, words)
 WHERE wrong.so;
