-- 0001 the register: one table a resource, one history table beside it, and the few indexes that questions need.
-- Every table ends with the same nine columns (domain: what every record has). Dates are ISO text, moments are Unix milliseconds,
-- arrays and objects are JSON text that goes out as it lies.

-- The register's own numbers: the last change number, the last id, and a secret that signs cursors.
CREATE TABLE register_state (name TEXT PRIMARY KEY, value ANY NOT NULL) STRICT, WITHOUT ROWID;
INSERT INTO register_state VALUES ('seq', 0), ('last_id', 0), ('cursor_key', lower(hex(randomblob(32))));

-- Answers of POSTs with an Idempotency-Key, kept for a day and written with their effect: a request sent again has no second one.
CREATE TABLE idempotency_keys (
  key TEXT PRIMARY KEY, fingerprint TEXT NOT NULL, record_id INTEGER NOT NULL, version INTEGER NOT NULL, body TEXT NOT NULL,
  created_at INTEGER NOT NULL
) STRICT, WITHOUT ROWID;
CREATE INDEX idempotency_keys_age ON idempotency_keys (created_at);  -- forgetting the old ones

CREATE TABLE imports (
  id INTEGER PRIMARY KEY, profile TEXT NOT NULL, resource TEXT, file_name TEXT, content_type TEXT, bytes INTEGER, mode TEXT NOT NULL,
  on_error TEXT NOT NULL, state TEXT NOT NULL, counts TEXT NOT NULL, errors TEXT NOT NULL DEFAULT '[]', started_at INTEGER NOT NULL,
  finished_at INTEGER, rows_per_second REAL,
  tags TEXT NOT NULL DEFAULT '[]', extra TEXT NOT NULL DEFAULT '{}', source TEXT, external_id TEXT, import_id INTEGER,
  version INTEGER NOT NULL, seq INTEGER NOT NULL, created_at INTEGER NOT NULL, updated_at INTEGER NOT NULL
) STRICT;

CREATE TABLE stakeholders (
  id INTEGER PRIMARY KEY, code TEXT NOT NULL UNIQUE, type TEXT NOT NULL, name TEXT NOT NULL, aliases TEXT NOT NULL DEFAULT '[]',
  country TEXT, region TEXT, office TEXT, parent_id INTEGER REFERENCES stakeholders (id), member_of TEXT NOT NULL DEFAULT '[]',
  valid_from TEXT, valid_to TEXT, external_ids TEXT NOT NULL DEFAULT '{}',
  tags TEXT NOT NULL DEFAULT '[]', extra TEXT NOT NULL DEFAULT '{}', source TEXT, external_id TEXT, import_id INTEGER,
  version INTEGER NOT NULL, seq INTEGER NOT NULL, created_at INTEGER NOT NULL, updated_at INTEGER NOT NULL
) STRICT;
CREATE INDEX stakeholders_name ON stakeholders (name);  -- sort=name
CREATE INDEX stakeholders_type ON stakeholders (type, name);  -- type=state&sort=name
CREATE INDEX stakeholders_parent ON stakeholders (parent_id) WHERE parent_id IS NOT NULL;  -- bodies of a state; deletes

CREATE TABLE events (
  id INTEGER PRIMARY KEY, title TEXT NOT NULL, summary TEXT, type TEXT NOT NULL, mode TEXT, status TEXT NOT NULL,
  start_date TEXT NOT NULL, end_date TEXT, date_precision TEXT NOT NULL, date_approximate INTEGER NOT NULL,
  place TEXT, country TEXT, region TEXT, admin1 TEXT, city TEXT, latitude REAL, longitude REAL, geo_precision TEXT,
  parent_id INTEGER REFERENCES events (id), process TEXT, cameo_code TEXT, plover_type TEXT, quad_class INTEGER, goldstein REAL, tone REAL,
  importance INTEGER, verification TEXT NOT NULL, report_count INTEGER NOT NULL, duplicate_of INTEGER REFERENCES events (id), url TEXT,
  participants TEXT NOT NULL DEFAULT '[]',
  tags TEXT NOT NULL DEFAULT '[]', extra TEXT NOT NULL DEFAULT '{}', source TEXT, external_id TEXT, import_id INTEGER,
  version INTEGER NOT NULL, seq INTEGER NOT NULL, created_at INTEGER NOT NULL, updated_at INTEGER NOT NULL
) STRICT;
CREATE INDEX events_date ON events (start_date);  -- sort=start_date, from/to
CREATE INDEX events_type ON events (type, start_date);  -- type=visit&sort=-start_date
CREATE INDEX events_country ON events (country, start_date);  -- country=USA&sort=-start_date
CREATE INDEX events_country_type ON events (country, type, start_date);  -- both, as dashboards ask
CREATE INDEX events_parent ON events (parent_id) WHERE parent_id IS NOT NULL;  -- days of a visit; deletes
CREATE INDEX events_duplicate ON events (duplicate_of) WHERE duplicate_of IS NOT NULL;  -- deletes

-- participant=FRA in order of date, and dyads, without reading events: one row per event and stakeholder, whatever its roles.
CREATE TABLE event_participants (
  stakeholder TEXT NOT NULL REFERENCES stakeholders (code), start_date TEXT NOT NULL, event_id INTEGER NOT NULL,
  PRIMARY KEY (stakeholder, start_date, event_id)
) STRICT, WITHOUT ROWID;

CREATE TABLE outcomes (
  id INTEGER PRIMARY KEY, event INTEGER REFERENCES events (id), title TEXT NOT NULL, description TEXT, kind TEXT NOT NULL,
  theme TEXT, direction TEXT, regional_impacts TEXT NOT NULL DEFAULT '[]', horizon TEXT, resolution_criteria TEXT, status TEXT NOT NULL,
  resolved_on TEXT, resolution_note TEXT, evidence TEXT NOT NULL DEFAULT '[]', probability REAL, likelihood TEXT, confidence TEXT,
  assessment_count INTEGER NOT NULL,
  tags TEXT NOT NULL DEFAULT '[]', extra TEXT NOT NULL DEFAULT '{}', source TEXT, external_id TEXT, import_id INTEGER,
  version INTEGER NOT NULL, seq INTEGER NOT NULL, created_at INTEGER NOT NULL, updated_at INTEGER NOT NULL
) STRICT;
CREATE INDEX outcomes_event ON outcomes (event);  -- /v1/events/{id}/outcomes
CREATE INDEX outcomes_status ON outcomes (status, horizon);  -- status=open&sort=horizon

CREATE TABLE assessments (
  id INTEGER PRIMARY KEY, outcome INTEGER NOT NULL REFERENCES outcomes (id), assessed_at INTEGER NOT NULL, assessor TEXT NOT NULL,
  probability REAL NOT NULL, probability_basis TEXT NOT NULL, likelihood TEXT NOT NULL, low REAL, high REAL, confidence TEXT, rationale TEXT,
  tags TEXT NOT NULL DEFAULT '[]', extra TEXT NOT NULL DEFAULT '{}', source TEXT, external_id TEXT, import_id INTEGER,
  version INTEGER NOT NULL, seq INTEGER NOT NULL, created_at INTEGER NOT NULL, updated_at INTEGER NOT NULL
) STRICT;
CREATE INDEX assessments_outcome ON assessments (outcome, assessed_at);  -- the track of one outcome

CREATE TABLE strategies (
  id INTEGER PRIMARY KEY, code TEXT NOT NULL UNIQUE, name TEXT NOT NULL, description TEXT,
  tags TEXT NOT NULL DEFAULT '[]', extra TEXT NOT NULL DEFAULT '{}', source TEXT, external_id TEXT, import_id INTEGER,
  version INTEGER NOT NULL, seq INTEGER NOT NULL, created_at INTEGER NOT NULL, updated_at INTEGER NOT NULL
) STRICT;

CREATE TABLE recommendations (
  id INTEGER PRIMARY KEY, reference TEXT NOT NULL UNIQUE, title TEXT NOT NULL, description TEXT,
  strategy TEXT NOT NULL REFERENCES strategies (code), addressed_to TEXT NOT NULL DEFAULT '[]', proposed_by TEXT NOT NULL DEFAULT '[]',
  responds_to TEXT NOT NULL DEFAULT '[]', priority INTEGER, position TEXT NOT NULL, implementation TEXT NOT NULL, due_on TEXT,
  success_indicator TEXT, progress REAL NOT NULL,
  tags TEXT NOT NULL DEFAULT '[]', extra TEXT NOT NULL DEFAULT '{}', source TEXT, external_id TEXT, import_id INTEGER,
  version INTEGER NOT NULL, seq INTEGER NOT NULL, created_at INTEGER NOT NULL, updated_at INTEGER NOT NULL
) STRICT;
CREATE INDEX recommendations_strategy ON recommendations (strategy);  -- strategy=transparency; deletes
CREATE INDEX recommendations_due ON recommendations (due_on);  -- sort=due_on, overdue

CREATE TABLE commitments (
  id INTEGER PRIMARY KEY, recommendation INTEGER NOT NULL REFERENCES recommendations (id), title TEXT NOT NULL,
  owner TEXT REFERENCES stakeholders (code), due_on TEXT, status TEXT NOT NULL, weight REAL NOT NULL, done_on TEXT,
  evidence INTEGER REFERENCES events (id),
  tags TEXT NOT NULL DEFAULT '[]', extra TEXT NOT NULL DEFAULT '{}', source TEXT, external_id TEXT, import_id INTEGER,
  version INTEGER NOT NULL, seq INTEGER NOT NULL, created_at INTEGER NOT NULL, updated_at INTEGER NOT NULL
) STRICT;
CREATE INDEX commitments_recommendation ON commitments (recommendation);  -- /v1/recommendations/{id}/commitments
CREATE INDEX commitments_due ON commitments (status, due_on);  -- overdue ones
CREATE INDEX commitments_owner ON commitments (owner);  -- owner=KOR; deletes
CREATE INDEX commitments_evidence ON commitments (evidence) WHERE evidence IS NOT NULL;  -- deletes

CREATE TABLE progress_reports (
  id INTEGER PRIMARY KEY, recommendation INTEGER NOT NULL REFERENCES recommendations (id), reported_on TEXT NOT NULL,
  reported_by TEXT, percent REAL NOT NULL, note TEXT, evidence INTEGER REFERENCES events (id),
  tags TEXT NOT NULL DEFAULT '[]', extra TEXT NOT NULL DEFAULT '{}', source TEXT, external_id TEXT, import_id INTEGER,
  version INTEGER NOT NULL, seq INTEGER NOT NULL, created_at INTEGER NOT NULL, updated_at INTEGER NOT NULL
) STRICT;
CREATE INDEX progress_reports_recommendation ON progress_reports (recommendation, reported_on);  -- the track of one recommendation
CREATE INDEX progress_reports_evidence ON progress_reports (evidence) WHERE evidence IS NOT NULL;  -- deletes

CREATE TABLE perspectives (
  id INTEGER PRIMARY KEY, stakeholder TEXT NOT NULL REFERENCES stakeholders (code), target TEXT, issue TEXT, kind TEXT NOT NULL,
  stance INTEGER, statement TEXT NOT NULL, since TEXT, until TEXT, confidence TEXT, statement_kind TEXT,
  tags TEXT NOT NULL DEFAULT '[]', extra TEXT NOT NULL DEFAULT '{}', source TEXT, external_id TEXT, import_id INTEGER,
  version INTEGER NOT NULL, seq INTEGER NOT NULL, created_at INTEGER NOT NULL, updated_at INTEGER NOT NULL
) STRICT;
CREATE INDEX perspectives_target ON perspectives (target);  -- views on one thing side by side
CREATE INDEX perspectives_stakeholder ON perspectives (stakeholder);  -- what one stakeholder wants; deletes

CREATE TABLE sources (
  id INTEGER PRIMARY KEY, kind TEXT NOT NULL, title TEXT NOT NULL, publisher TEXT, url TEXT, archive_url TEXT, published_on TEXT,
  language TEXT, reliability TEXT,
  tags TEXT NOT NULL DEFAULT '[]', extra TEXT NOT NULL DEFAULT '{}', source TEXT, external_id TEXT, import_id INTEGER,
  version INTEGER NOT NULL, seq INTEGER NOT NULL, created_at INTEGER NOT NULL, updated_at INTEGER NOT NULL
) STRICT;

CREATE TABLE citations (
  id INTEGER PRIMARY KEY, source_id INTEGER NOT NULL REFERENCES sources (id), record TEXT NOT NULL, field TEXT, quote TEXT, locator TEXT,
  credibility INTEGER, stance TEXT NOT NULL,
  tags TEXT NOT NULL DEFAULT '[]', extra TEXT NOT NULL DEFAULT '{}', source TEXT, external_id TEXT, import_id INTEGER,
  version INTEGER NOT NULL, seq INTEGER NOT NULL, created_at INTEGER NOT NULL, updated_at INTEGER NOT NULL
) STRICT;
CREATE INDEX citations_source ON citations (source_id);  -- /v1/sources/{id}/citations
CREATE INDEX citations_record ON citations (record);  -- what supports a record

-- What lists and nested records refer to (addressed_to, responds_to, evidence …), found from the other end.
CREATE TABLE links (
  target TEXT NOT NULL, resource TEXT NOT NULL, field TEXT NOT NULL, id INTEGER NOT NULL, PRIMARY KEY (target, resource, field, id)
) STRICT, WITHOUT ROWID;

-- source + external_id is the key of an upsert: unique where both are there.
CREATE UNIQUE INDEX imports_external ON imports (source, external_id) WHERE external_id IS NOT NULL;
CREATE UNIQUE INDEX stakeholders_external ON stakeholders (source, external_id) WHERE external_id IS NOT NULL;
CREATE UNIQUE INDEX events_external ON events (source, external_id) WHERE external_id IS NOT NULL;
CREATE UNIQUE INDEX outcomes_external ON outcomes (source, external_id) WHERE external_id IS NOT NULL;
CREATE UNIQUE INDEX assessments_external ON assessments (source, external_id) WHERE external_id IS NOT NULL;
CREATE UNIQUE INDEX strategies_external ON strategies (source, external_id) WHERE external_id IS NOT NULL;
CREATE UNIQUE INDEX recommendations_external ON recommendations (source, external_id) WHERE external_id IS NOT NULL;
CREATE UNIQUE INDEX commitments_external ON commitments (source, external_id) WHERE external_id IS NOT NULL;
CREATE UNIQUE INDEX progress_reports_external ON progress_reports (source, external_id) WHERE external_id IS NOT NULL;
CREATE UNIQUE INDEX perspectives_external ON perspectives (source, external_id) WHERE external_id IS NOT NULL;
CREATE UNIQUE INDEX sources_external ON sources (source, external_id) WHERE external_id IS NOT NULL;
CREATE UNIQUE INDEX citations_external ON citations (source, external_id) WHERE external_id IS NOT NULL;

-- History (SQL:2011 system versioning): a state that was superseded moves here with the end of its interval; `updated_at` is
-- the start. A row whose end is a delete is the tombstone. Made from the tables, so that the columns are stated once.
CREATE TABLE imports_history AS SELECT *, 0 AS ended_at, 0 AS ended_seq, '' AS ended_by FROM imports WHERE 0;
CREATE TABLE stakeholders_history AS SELECT *, 0 AS ended_at, 0 AS ended_seq, '' AS ended_by FROM stakeholders WHERE 0;
CREATE TABLE events_history AS SELECT *, 0 AS ended_at, 0 AS ended_seq, '' AS ended_by FROM events WHERE 0;
CREATE TABLE outcomes_history AS SELECT *, 0 AS ended_at, 0 AS ended_seq, '' AS ended_by FROM outcomes WHERE 0;
CREATE TABLE assessments_history AS SELECT *, 0 AS ended_at, 0 AS ended_seq, '' AS ended_by FROM assessments WHERE 0;
CREATE TABLE strategies_history AS SELECT *, 0 AS ended_at, 0 AS ended_seq, '' AS ended_by FROM strategies WHERE 0;
CREATE TABLE recommendations_history AS SELECT *, 0 AS ended_at, 0 AS ended_seq, '' AS ended_by FROM recommendations WHERE 0;
CREATE TABLE commitments_history AS SELECT *, 0 AS ended_at, 0 AS ended_seq, '' AS ended_by FROM commitments WHERE 0;
CREATE TABLE progress_reports_history AS SELECT *, 0 AS ended_at, 0 AS ended_seq, '' AS ended_by FROM progress_reports WHERE 0;
CREATE TABLE perspectives_history AS SELECT *, 0 AS ended_at, 0 AS ended_seq, '' AS ended_by FROM perspectives WHERE 0;
CREATE TABLE sources_history AS SELECT *, 0 AS ended_at, 0 AS ended_seq, '' AS ended_by FROM sources WHERE 0;
CREATE TABLE citations_history AS SELECT *, 0 AS ended_at, 0 AS ended_seq, '' AS ended_by FROM citations WHERE 0;
CREATE UNIQUE INDEX imports_versions ON imports_history (id, version);
CREATE UNIQUE INDEX stakeholders_versions ON stakeholders_history (id, version);
CREATE UNIQUE INDEX events_versions ON events_history (id, version);
CREATE UNIQUE INDEX outcomes_versions ON outcomes_history (id, version);
CREATE UNIQUE INDEX assessments_versions ON assessments_history (id, version);
CREATE UNIQUE INDEX strategies_versions ON strategies_history (id, version);
CREATE UNIQUE INDEX recommendations_versions ON recommendations_history (id, version);
CREATE UNIQUE INDEX commitments_versions ON commitments_history (id, version);
CREATE UNIQUE INDEX progress_reports_versions ON progress_reports_history (id, version);
CREATE UNIQUE INDEX perspectives_versions ON perspectives_history (id, version);
CREATE UNIQUE INDEX sources_versions ON sources_history (id, version);
CREATE UNIQUE INDEX citations_versions ON citations_history (id, version);
