-- 0009 Goldstein sums in billionths: in ten-thousandths a value with more decimals was rounded before it was added, and thirty of 1.00004
-- were 30. Sums are rounded where they are shown, to six decimals as in the API. The rollups are behind until the next start makes them
-- anew in the new unit; until then these views read the events.

INSERT INTO register_state VALUES ('rollups_behind', -1) ON CONFLICT (name) DO UPDATE SET value = excluded.value;

DROP VIEW v_dyads;
DROP VIEW v_timeline;
DROP VIEW event_dyad_months_now;
DROP VIEW event_country_months_now;

CREATE VIEW event_dyad_months_now AS
  SELECT a, b, month, count, cooperative, conflictual, goldstein_count, goldstein_sum
  FROM (SELECT count(*) AS is_behind FROM register_state WHERE name = 'rollups_behind') CROSS JOIN event_dyad_months
  WHERE NOT is_behind
  UNION ALL
  SELECT a, b, month, count(*), count(*) FILTER (WHERE quad_class IN (1, 2)), count(*) FILTER (WHERE quad_class IN (3, 4)),
    count(goldstein), coalesce(sum(CAST(round(goldstein * 1000000000) AS INTEGER)), 0)
  FROM (
    SELECT DISTINCT e.id, json_extract(x.value, '$.stakeholder') AS a, json_extract(y.value, '$.stakeholder') AS b,
      strftime('%Y-%m-%d', e.start_date, 'start of month') AS month, e.quad_class, e.goldstein
    FROM register_state CROSS JOIN events e CROSS JOIN json_each(e.participants) x CROSS JOIN json_each(e.participants) y
    WHERE register_state.name = 'rollups_behind' AND json_extract(x.value, '$.stakeholder') < json_extract(y.value, '$.stakeholder'))
  GROUP BY a, b, month;

CREATE VIEW event_country_months_now AS
  SELECT nullif(country, '') AS country, month, type, count, goldstein_count, goldstein_sum
  FROM (SELECT count(*) AS is_behind FROM register_state WHERE name = 'rollups_behind') CROSS JOIN event_country_months
  WHERE NOT is_behind
  UNION ALL
  SELECT country, strftime('%Y-%m-%d', start_date, 'start of month'), type, count(*), count(goldstein),
    coalesce(sum(CAST(round(goldstein * 1000000000) AS INTEGER)), 0)
  FROM register_state CROSS JOIN events
  WHERE register_state.name = 'rollups_behind'
  GROUP BY 1, 2, 3;

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
