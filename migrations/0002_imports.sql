-- 0002 imports at full strength: what a file did can be read row by row, and undone.

-- Two more things are known of an import. The tables' history has the same columns.
ALTER TABLE imports ADD COLUMN sha256 TEXT;
ALTER TABLE imports ADD COLUMN options TEXT NOT NULL DEFAULT '{}';
ALTER TABLE imports ADD COLUMN warnings INTEGER NOT NULL DEFAULT 0;
ALTER TABLE imports ADD COLUMN undo TEXT NOT NULL DEFAULT '{}';
ALTER TABLE imports_history ADD COLUMN sha256 TEXT;
ALTER TABLE imports_history ADD COLUMN options TEXT NOT NULL DEFAULT '{}';
ALTER TABLE imports_history ADD COLUMN warnings INTEGER NOT NULL DEFAULT 0;
ALTER TABLE imports_history ADD COLUMN undo TEXT NOT NULL DEFAULT '{}';

-- Everything that was wrong or odd, row by row: /v1/imports/{id}/errors.
CREATE TABLE import_errors (
  import_id INTEGER NOT NULL REFERENCES imports (id), number INTEGER NOT NULL, line INTEGER NOT NULL, at_column TEXT NOT NULL,
  severity TEXT NOT NULL, code TEXT NOT NULL, found TEXT, expected TEXT, detail TEXT NOT NULL, PRIMARY KEY (import_id, number)
) STRICT, WITHOUT ROWID;

-- Refused rows as they were in the file, byte for byte, with the reason; number 0 is the file's header.
CREATE TABLE import_rejects (
  import_id INTEGER NOT NULL REFERENCES imports (id), number INTEGER NOT NULL, line INTEGER NOT NULL, reason TEXT NOT NULL,
  written TEXT NOT NULL, PRIMARY KEY (import_id, number)
) STRICT;

-- Reports that tell of the same thing are one event: the key that they share, and the names of those that are no events themselves.
CREATE TABLE event_groups (
  source TEXT NOT NULL, key TEXT NOT NULL, event_id INTEGER NOT NULL REFERENCES events (id) ON DELETE CASCADE, PRIMARY KEY (source, key)
) STRICT, WITHOUT ROWID;
CREATE INDEX event_groups_event ON event_groups (event_id);  -- deletes
CREATE TABLE event_reports (
  source TEXT NOT NULL, external_id TEXT NOT NULL, event_id INTEGER NOT NULL REFERENCES events (id) ON DELETE CASCADE,
  import_id INTEGER, PRIMARY KEY (source, external_id)
) STRICT, WITHOUT ROWID;
CREATE INDEX event_reports_event ON event_reports (event_id);  -- deletes, undo

-- Indexes that a large first import leaves out while it goes on; made again at its end, or at the next start.
CREATE TABLE deferred_indexes (name TEXT PRIMARY KEY, sql TEXT NOT NULL) STRICT, WITHOUT ROWID;

-- An answer that is given again has its status too.
ALTER TABLE idempotency_keys ADD COLUMN status INTEGER NOT NULL DEFAULT 201;

-- What an import wrote (import_id=imp_…, undo), and what it wrote that has changed since.
CREATE INDEX stakeholders_import ON stakeholders (import_id) WHERE import_id IS NOT NULL;
CREATE INDEX events_import ON events (import_id) WHERE import_id IS NOT NULL;
CREATE INDEX outcomes_import ON outcomes (import_id) WHERE import_id IS NOT NULL;
CREATE INDEX assessments_import ON assessments (import_id) WHERE import_id IS NOT NULL;
CREATE INDEX strategies_import ON strategies (import_id) WHERE import_id IS NOT NULL;
CREATE INDEX recommendations_import ON recommendations (import_id) WHERE import_id IS NOT NULL;
CREATE INDEX commitments_import ON commitments (import_id) WHERE import_id IS NOT NULL;
CREATE INDEX progress_reports_import ON progress_reports (import_id) WHERE import_id IS NOT NULL;
CREATE INDEX perspectives_import ON perspectives (import_id) WHERE import_id IS NOT NULL;
CREATE INDEX sources_import ON sources (import_id) WHERE import_id IS NOT NULL;
CREATE INDEX citations_import ON citations (import_id) WHERE import_id IS NOT NULL;
CREATE INDEX stakeholders_history_import ON stakeholders_history (import_id) WHERE import_id IS NOT NULL;
CREATE INDEX events_history_import ON events_history (import_id) WHERE import_id IS NOT NULL;
CREATE INDEX outcomes_history_import ON outcomes_history (import_id) WHERE import_id IS NOT NULL;
CREATE INDEX assessments_history_import ON assessments_history (import_id) WHERE import_id IS NOT NULL;
CREATE INDEX strategies_history_import ON strategies_history (import_id) WHERE import_id IS NOT NULL;
CREATE INDEX recommendations_history_import ON recommendations_history (import_id) WHERE import_id IS NOT NULL;
CREATE INDEX commitments_history_import ON commitments_history (import_id) WHERE import_id IS NOT NULL;
CREATE INDEX progress_reports_history_import ON progress_reports_history (import_id) WHERE import_id IS NOT NULL;
CREATE INDEX perspectives_history_import ON perspectives_history (import_id) WHERE import_id IS NOT NULL;
CREATE INDEX sources_history_import ON sources_history (import_id) WHERE import_id IS NOT NULL;
CREATE INDEX citations_history_import ON citations_history (import_id) WHERE import_id IS NOT NULL;
