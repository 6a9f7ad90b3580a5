-- 0006 what dashboards ask of the whole register, added up at each write as the rollups by month are.

-- Events by each field of few values, whatever their date: `field` is its name, `value` its text, '' where an event has none.
CREATE TABLE event_totals (
  field TEXT NOT NULL, value TEXT NOT NULL, count INTEGER NOT NULL, goldstein_count INTEGER NOT NULL, goldstein_sum INTEGER NOT NULL,
  PRIMARY KEY (field, value)
) STRICT, WITHOUT ROWID;

-- Events by first day.
CREATE TABLE event_days (
  day TEXT PRIMARY KEY, count INTEGER NOT NULL, cooperative INTEGER NOT NULL, conflictual INTEGER NOT NULL,
  goldstein_count INTEGER NOT NULL, goldstein_sum INTEGER NOT NULL
) STRICT, WITHOUT ROWID;

-- Events that go on for days: those that began before a period and reach into it are found without reading all that began before.
CREATE INDEX events_end ON events (end_date, start_date) WHERE end_date > start_date;

-- Dyads over all time: the sums of their months. In order of strength, and from the other side.
CREATE TABLE event_dyads (
  a TEXT NOT NULL, b TEXT NOT NULL, count INTEGER NOT NULL, cooperative INTEGER NOT NULL, conflictual INTEGER NOT NULL,
  goldstein_count INTEGER NOT NULL, goldstein_sum INTEGER NOT NULL, PRIMARY KEY (a, b)
) STRICT, WITHOUT ROWID;
CREATE INDEX event_dyads_strength ON event_dyads (count DESC, a, b);  -- the strongest first
CREATE INDEX event_dyads_other ON event_dyads (b, a);  -- the network around one

-- Made at the next start or write, with the rest.
INSERT INTO register_state VALUES ('rollups_behind', -1) ON CONFLICT DO UPDATE SET value = -1;
