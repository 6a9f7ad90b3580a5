-- 0007 what is overdue: a recommendation that its addressee rejected or its proposer withdrew waits for nobody.
-- The view says what the API says; only `overdue` is other than in 0005.

DROP VIEW v_recommendations;
CREATE VIEW v_recommendations AS SELECT
  CAST('rec_' || substr(z, 1 + (id >> 60 & 31), 1) || substr(z, 1 + (id >> 55 & 31), 1) || substr(z, 1 + (id >> 50 & 31), 1) ||
    substr(z, 1 + (id >> 45 & 31), 1) || substr(z, 1 + (id >> 40 & 31), 1) || substr(z, 1 + (id >> 35 & 31), 1) ||
    substr(z, 1 + (id >> 30 & 31), 1) || substr(z, 1 + (id >> 25 & 31), 1) || substr(z, 1 + (id >> 20 & 31), 1) ||
    substr(z, 1 + (id >> 15 & 31), 1) || substr(z, 1 + (id >> 10 & 31), 1) || substr(z, 1 + (id >> 5 & 31), 1) ||
    substr(z, 1 + (id & 31), 1) AS TEXT) AS id,
  reference, title, description, strategy, addressed_to, proposed_by, responds_to, priority, position, implementation, due_on,
  success_indicator, progress,
  CAST(due_on IS NOT NULL AND due_on < strftime('%Y-%m-%d', 'now')
    AND implementation NOT IN ('implemented', 'cancelled', 'closed_unmet')
    AND position NOT IN ('rejected', 'withdrawn') AS INTEGER) AS overdue,
  tags, extra, source, external_id,
  CAST('imp_' || substr(z, 1 + (import_id >> 60 & 31), 1) || substr(z, 1 + (import_id >> 55 & 31), 1) ||
    substr(z, 1 + (import_id >> 50 & 31), 1) || substr(z, 1 + (import_id >> 45 & 31), 1) || substr(z, 1 + (import_id >> 40 & 31), 1) ||
    substr(z, 1 + (import_id >> 35 & 31), 1) || substr(z, 1 + (import_id >> 30 & 31), 1) || substr(z, 1 + (import_id >> 25 & 31), 1) ||
    substr(z, 1 + (import_id >> 20 & 31), 1) || substr(z, 1 + (import_id >> 15 & 31), 1) || substr(z, 1 + (import_id >> 10 & 31), 1) ||
    substr(z, 1 + (import_id >> 5 & 31), 1) || substr(z, 1 + (import_id & 31), 1) AS TEXT) AS import_id,
  version, seq,
  CAST(strftime('%Y-%m-%dT%H:%M:%fZ', created_at / 1000.0, 'unixepoch') AS TEXT) AS created_at,
  CAST(strftime('%Y-%m-%dT%H:%M:%fZ', updated_at / 1000.0, 'unixepoch') AS TEXT) AS updated_at,
  id AS id_key, import_id AS import_id_key
FROM (SELECT '0123456789abcdefghjkmnpqrstvwxyz' AS z, * FROM recommendations);
