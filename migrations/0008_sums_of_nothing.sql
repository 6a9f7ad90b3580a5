-- 0008 sums of nothing: where no event has a Goldstein value its sum is null in the views, as it is in the API, and not 0.
-- Only `sum_goldstein` is other than in 0005.

DROP VIEW v_dyads;
CREATE VIEW v_dyads AS SELECT
  a, b, CAST(month AS TEXT) AS month, count, cooperative, conflictual, goldstein_count,
  CAST(CASE WHEN goldstein_count > 0 THEN goldstein_sum / 10000.0 END AS REAL) AS sum_goldstein,
  CAST(round(goldstein_sum / 10000.0 / goldstein_count, 4) AS REAL) AS mean_goldstein
FROM event_dyad_months_now;

DROP VIEW v_timeline;
CREATE VIEW v_timeline AS SELECT
  CAST(month AS TEXT) AS month, country, type, count, goldstein_count,
  CAST(CASE WHEN goldstein_count > 0 THEN goldstein_sum / 10000.0 END AS REAL) AS sum_goldstein,
  CAST(round(goldstein_sum / 10000.0 / goldstein_count, 4) AS REAL) AS mean_goldstein
FROM event_country_months_now;
