-- 0004 rollups of events: what dashboards ask again and again, added up at each write, so that an answer costs the same on a thousand events
-- and on millions. A timeline must not read the events it counts: one country can have hundreds of thousands, and so can a dyad.
-- A month is its first day. Goldstein values are added in ten-thousandths, so that what is taken away again leaves nothing behind.

-- The whole register by month and type, in the order in which a timeline shows it.
CREATE TABLE event_months (
  month TEXT NOT NULL, type TEXT NOT NULL, count INTEGER NOT NULL, goldstein_count INTEGER NOT NULL, goldstein_sum INTEGER NOT NULL,
  PRIMARY KEY (month, type)
) STRICT, WITHOUT ROWID;

-- The same for each country; events without one have ''.
CREATE TABLE event_country_months (
  country TEXT NOT NULL, month TEXT NOT NULL, type TEXT NOT NULL, count INTEGER NOT NULL, goldstein_count INTEGER NOT NULL,
  goldstein_sum INTEGER NOT NULL, PRIMARY KEY (country, month, type)
) STRICT, WITHOUT ROWID;

-- Two stakeholders, a before b, in the events in which both took part: each event once, whatever the number of its participants.
CREATE TABLE event_dyad_months (
  a TEXT NOT NULL, b TEXT NOT NULL, month TEXT NOT NULL, count INTEGER NOT NULL, cooperative INTEGER NOT NULL,
  conflictual INTEGER NOT NULL, goldstein_count INTEGER NOT NULL, goldstein_sum INTEGER NOT NULL, PRIMARY KEY (a, b, month)
) STRICT, WITHOUT ROWID;

-- What is there already.
INSERT INTO event_country_months
SELECT coalesce(country, ''), substr(start_date, 1, 7) || '-01', type, count(*), count(goldstein),
  coalesce(sum(CAST(round(goldstein * 10000) AS INTEGER)), 0)
FROM events GROUP BY 1, 2, 3;
INSERT INTO event_months
SELECT month, type, sum(count), sum(goldstein_count), sum(goldstein_sum) FROM event_country_months GROUP BY 1, 2;
INSERT INTO event_dyad_months
WITH others AS MATERIALIZED (SELECT event_id, stakeholder FROM event_participants)
SELECT p.stakeholder, q.stakeholder, substr(r.start_date, 1, 7) || '-01', count(*), count(*) FILTER (WHERE r.quad_class IN (1, 2)),
  count(*) FILTER (WHERE r.quad_class IN (3, 4)), count(r.goldstein), coalesce(sum(CAST(round(r.goldstein * 10000) AS INTEGER)), 0)
FROM event_participants p JOIN others q ON q.event_id = p.event_id AND q.stakeholder > p.stakeholder JOIN events r ON r.id = p.event_id
GROUP BY 1, 2, 3;
