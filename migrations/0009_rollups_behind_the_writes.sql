-- 0009 rollups behind the writes: they hold every change up to `rollups_seq`, and a figure adds the later ones, which are in the events and
-- their history. A write stores nothing for them, and a crash leaves nothing to repair.
-- Goldstein sums are in billionths: in ten-thousandths a value with more decimals was rounded before it was added, and thirty of 1.00004 were
-- 30. They are rounded where they are shown, to six decimals as in the API.
-- The program rebuilds the rollups at its next start, in small steps beside the answers.

-- What has ended since a change number, whatever ended it; `seq` tells whether it had begun by another.
DROP INDEX events_deleted;
CREATE INDEX events_ended ON events_history (ended_seq, seq);

DROP VIEW v_dyads;
DROP VIEW v_timeline;
DROP VIEW event_dyad_months_now;
DROP VIEW event_country_months_now;

DELETE FROM register_state WHERE name IN ('rollups_behind', 'rollups_fingerprint');
INSERT INTO register_state VALUES ('rollups_seq', 0);
DELETE FROM event_months;
DELETE FROM event_country_months;
DELETE FROM event_dyad_months;
DELETE FROM event_dyads;
DELETE FROM event_totals;
DELETE FROM event_days;

-- The events that came (1) and went (-1) since the rollups were moved on.
CREATE VIEW events_tail AS
  SELECT 1 AS sign, id, start_date, country, type, quad_class, goldstein, participants
  FROM events INDEXED BY events_seq WHERE seq > (SELECT value FROM register_state WHERE name = 'rollups_seq')
  UNION ALL
  SELECT -1, id, start_date, country, type, quad_class, goldstein, participants
  FROM events_history INDEXED BY events_ended
  WHERE ended_seq > (SELECT value FROM register_state WHERE name = 'rollups_seq')
    AND seq <= (SELECT value FROM register_state WHERE name = 'rollups_seq');

-- Whether there may be any: one row, 0 or 1.
CREATE VIEW rollups_lag AS
  SELECT (SELECT value FROM register_state WHERE name = 'rollups_seq') <> (SELECT value FROM register_state WHERE name = 'seq') AS is_behind;

CREATE VIEW event_dyad_months_now AS
  SELECT a, b, month, count, cooperative, conflictual, goldstein_count, goldstein_sum
  FROM rollups_lag CROSS JOIN event_dyad_months
  WHERE NOT is_behind
  UNION ALL
  SELECT a, b, month, sum(count), sum(cooperative), sum(conflictual), sum(goldstein_count), sum(goldstein_sum)
  FROM (
    SELECT a, b, month, count, cooperative, conflictual, goldstein_count, goldstein_sum
    FROM rollups_lag CROSS JOIN event_dyad_months WHERE is_behind
    UNION ALL
    SELECT a, b, month, sign, sign * coalesce(quad_class IN (1, 2), 0), sign * coalesce(quad_class IN (3, 4), 0),
      sign * (goldstein IS NOT NULL), sign * coalesce(CAST(round(goldstein * 1000000000) AS INTEGER), 0)
    FROM (
      SELECT DISTINCT e.sign, e.id, json_extract(x.value, '$.stakeholder') AS a, json_extract(y.value, '$.stakeholder') AS b,
        strftime('%Y-%m-%d', e.start_date, 'start of month') AS month, e.quad_class, e.goldstein
      FROM rollups_lag CROSS JOIN events_tail e CROSS JOIN json_each(e.participants) x CROSS JOIN json_each(e.participants) y
      WHERE is_behind AND json_extract(x.value, '$.stakeholder') < json_extract(y.value, '$.stakeholder')))
  GROUP BY a, b, month HAVING sum(count) <> 0;

CREATE VIEW event_country_months_now AS
  SELECT nullif(country, '') AS country, month, type, count, goldstein_count, goldstein_sum
  FROM rollups_lag CROSS JOIN event_country_months
  WHERE NOT is_behind
  UNION ALL
  SELECT country, month, type, sum(count), sum(goldstein_count), sum(goldstein_sum)
  FROM (
    SELECT nullif(country, '') AS country, month, type, count, goldstein_count, goldstein_sum
    FROM rollups_lag CROSS JOIN event_country_months WHERE is_behind
    UNION ALL
    SELECT country, strftime('%Y-%m-%d', start_date, 'start of month'), type, sign, sign * (goldstein IS NOT NULL),
      sign * coalesce(CAST(round(goldstein * 1000000000) AS INTEGER), 0)
    FROM rollups_lag CROSS JOIN events_tail WHERE is_behind)
  GROUP BY 1, 2, 3 HAVING sum(count) <> 0;

CREATE VIEW v_dyads AS SELECT
  a, b, CAST(month AS TEXT) AS month, count, cooperative, conflictual, goldstein_count,
  CAST(CASE WHEN goldstein_count > 0 THEN round(goldstein_sum / 1000000000.0, 6) END AS REAL) AS sum_goldstein,
  CAST(round(goldstein_sum / 1000000000.0 / goldstein_count, 4) AS REAL) AS mean_goldstein
FROM event_dyad_months_now;

CREATE VIEW v_timeline AS SELECT
  CAST(month AS TEXT) AS month, country, type, count, goldstein_count,
  CAST(CASE WHEN goldstein_count > 0 THEN round(goldstein_sum / 1000000000.0, 6) END AS REAL) AS sum_goldstein,
  CAST(round(goldstein_sum / 1000000000.0 / goldstein_count, 4) AS REAL) AS mean_goldstein
FROM event_country_months_now;
