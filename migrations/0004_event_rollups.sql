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

-- They are behind what is there already, and the register makes them at its next start or write; this row says so, here and whenever a long
-- import has not stored its changes yet. Until then questions are put to the events.
INSERT INTO register_state VALUES ('rollups_behind', -1);
