-- 0003 changes in order: what has changed since a change number, without reading what has not.
-- The full-text index is filled behind the writer and asks for the records between two numbers. Numbers only grow, so the indexes do
-- at their end: that costs a create little.
CREATE INDEX stakeholders_seq ON stakeholders (seq);
CREATE INDEX events_seq ON events (seq);
CREATE INDEX outcomes_seq ON outcomes (seq);
CREATE INDEX assessments_seq ON assessments (seq);
CREATE INDEX strategies_seq ON strategies (seq);
CREATE INDEX recommendations_seq ON recommendations (seq);
CREATE INDEX commitments_seq ON commitments (seq);
CREATE INDEX progress_reports_seq ON progress_reports (seq);
CREATE INDEX perspectives_seq ON perspectives (seq);
CREATE INDEX sources_seq ON sources (seq);
CREATE INDEX citations_seq ON citations (seq);
-- And what has been deleted since.
CREATE INDEX stakeholders_deleted ON stakeholders_history (ended_seq) WHERE ended_by = 'delete';
CREATE INDEX events_deleted ON events_history (ended_seq) WHERE ended_by = 'delete';
CREATE INDEX outcomes_deleted ON outcomes_history (ended_seq) WHERE ended_by = 'delete';
CREATE INDEX assessments_deleted ON assessments_history (ended_seq) WHERE ended_by = 'delete';
CREATE INDEX strategies_deleted ON strategies_history (ended_seq) WHERE ended_by = 'delete';
CREATE INDEX recommendations_deleted ON recommendations_history (ended_seq) WHERE ended_by = 'delete';
CREATE INDEX commitments_deleted ON commitments_history (ended_seq) WHERE ended_by = 'delete';
CREATE INDEX progress_reports_deleted ON progress_reports_history (ended_seq) WHERE ended_by = 'delete';
CREATE INDEX perspectives_deleted ON perspectives_history (ended_seq) WHERE ended_by = 'delete';
CREATE INDEX sources_deleted ON sources_history (ended_seq) WHERE ended_by = 'delete';
CREATE INDEX citations_deleted ON citations_history (ended_seq) WHERE ended_by = 'delete';
