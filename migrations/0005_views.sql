-- 0005 views: the register as its users know it, for SQL tools on the file itself (docs/sql.md). The tables hold what is quick to write and
-- to find; a view says it as the API does: the same names, ids as text, moments as RFC 3339, computed fields too. Views only gain columns.
-- They use nothing but what every SQLite has. What is computed is cast: some tools take a column's type from that. DuckDB takes over a view
-- whose SQL it understands, with arithmetic and JSON of its own, and has SQLite answer the others: moments and months, which it does not
-- know in this form, see to that in each view. What SQLite then gets is written anew by DuckDB: `date('now')` as a cast and a UNION in
-- parentheses, which SQLite takes otherwise or not at all, so neither stands in a view of these.
--
-- An id is a prefix and 13 digits of Crockford's base32, highest first; `z` are the digits. Each id has its number in a column with `_key`
-- behind its name: a condition or a join on that finds the row, one on the text reads them all.

-- What happened.
CREATE VIEW v_events AS SELECT
  CAST('evt_' || substr(z, 1 + (id >> 60 & 31), 1) || substr(z, 1 + (id >> 55 & 31), 1) || substr(z, 1 + (id >> 50 & 31), 1) ||
    substr(z, 1 + (id >> 45 & 31), 1) || substr(z, 1 + (id >> 40 & 31), 1) || substr(z, 1 + (id >> 35 & 31), 1) ||
    substr(z, 1 + (id >> 30 & 31), 1) || substr(z, 1 + (id >> 25 & 31), 1) || substr(z, 1 + (id >> 20 & 31), 1) ||
    substr(z, 1 + (id >> 15 & 31), 1) || substr(z, 1 + (id >> 10 & 31), 1) || substr(z, 1 + (id >> 5 & 31), 1) ||
    substr(z, 1 + (id & 31), 1) AS TEXT) AS id,
  title, summary, type, mode, status, start_date, end_date, date_precision, date_approximate, place, country, region, admin1, city,
  latitude, longitude, geo_precision,
  CAST('evt_' || substr(z, 1 + (parent_id >> 60 & 31), 1) || substr(z, 1 + (parent_id >> 55 & 31), 1) ||
    substr(z, 1 + (parent_id >> 50 & 31), 1) || substr(z, 1 + (parent_id >> 45 & 31), 1) || substr(z, 1 + (parent_id >> 40 & 31), 1) ||
    substr(z, 1 + (parent_id >> 35 & 31), 1) || substr(z, 1 + (parent_id >> 30 & 31), 1) || substr(z, 1 + (parent_id >> 25 & 31), 1) ||
    substr(z, 1 + (parent_id >> 20 & 31), 1) || substr(z, 1 + (parent_id >> 15 & 31), 1) || substr(z, 1 + (parent_id >> 10 & 31), 1) ||
    substr(z, 1 + (parent_id >> 5 & 31), 1) || substr(z, 1 + (parent_id & 31), 1) AS TEXT) AS parent_id,
  process, cameo_code, plover_type, quad_class, goldstein, tone, importance, verification, report_count,
  CAST('evt_' || substr(z, 1 + (duplicate_of >> 60 & 31), 1) || substr(z, 1 + (duplicate_of >> 55 & 31), 1) ||
    substr(z, 1 + (duplicate_of >> 50 & 31), 1) || substr(z, 1 + (duplicate_of >> 45 & 31), 1) ||
    substr(z, 1 + (duplicate_of >> 40 & 31), 1) || substr(z, 1 + (duplicate_of >> 35 & 31), 1) ||
    substr(z, 1 + (duplicate_of >> 30 & 31), 1) || substr(z, 1 + (duplicate_of >> 25 & 31), 1) ||
    substr(z, 1 + (duplicate_of >> 20 & 31), 1) || substr(z, 1 + (duplicate_of >> 15 & 31), 1) ||
    substr(z, 1 + (duplicate_of >> 10 & 31), 1) || substr(z, 1 + (duplicate_of >> 5 & 31), 1) ||
    substr(z, 1 + (duplicate_of & 31), 1) AS TEXT) AS duplicate_of,
  url, participants,
  tags, extra, source, external_id,
  CAST('imp_' || substr(z, 1 + (import_id >> 60 & 31), 1) || substr(z, 1 + (import_id >> 55 & 31), 1) ||
    substr(z, 1 + (import_id >> 50 & 31), 1) || substr(z, 1 + (import_id >> 45 & 31), 1) || substr(z, 1 + (import_id >> 40 & 31), 1) ||
    substr(z, 1 + (import_id >> 35 & 31), 1) || substr(z, 1 + (import_id >> 30 & 31), 1) || substr(z, 1 + (import_id >> 25 & 31), 1) ||
    substr(z, 1 + (import_id >> 20 & 31), 1) || substr(z, 1 + (import_id >> 15 & 31), 1) || substr(z, 1 + (import_id >> 10 & 31), 1) ||
    substr(z, 1 + (import_id >> 5 & 31), 1) || substr(z, 1 + (import_id & 31), 1) AS TEXT) AS import_id,
  version, seq,
  CAST(strftime('%Y-%m-%dT%H:%M:%fZ', created_at / 1000.0, 'unixepoch') AS TEXT) AS created_at,
  CAST(strftime('%Y-%m-%dT%H:%M:%fZ', updated_at / 1000.0, 'unixepoch') AS TEXT) AS updated_at,
  id AS id_key, parent_id AS parent_id_key, duplicate_of AS duplicate_of_key, import_id AS import_id_key
FROM (SELECT '0123456789abcdefghjkmnpqrstvwxyz' AS z, * FROM events);

-- Who took part in what: a row for each of an event's participants, so one with two roles has two. The index of participants leads,
-- so that one stakeholder's rows are found without reading all events.
CREATE VIEW v_participants AS SELECT
  CAST('evt_' || substr(z, 1 + (event_id >> 60 & 31), 1) || substr(z, 1 + (event_id >> 55 & 31), 1) ||
    substr(z, 1 + (event_id >> 50 & 31), 1) || substr(z, 1 + (event_id >> 45 & 31), 1) || substr(z, 1 + (event_id >> 40 & 31), 1) ||
    substr(z, 1 + (event_id >> 35 & 31), 1) || substr(z, 1 + (event_id >> 30 & 31), 1) || substr(z, 1 + (event_id >> 25 & 31), 1) ||
    substr(z, 1 + (event_id >> 20 & 31), 1) || substr(z, 1 + (event_id >> 15 & 31), 1) || substr(z, 1 + (event_id >> 10 & 31), 1) ||
    substr(z, 1 + (event_id >> 5 & 31), 1) || substr(z, 1 + (event_id & 31), 1) AS TEXT) AS event,
  CAST(party.key AS INTEGER) AS position, p.stakeholder, s.name AS stakeholder_name, s.type AS stakeholder_type,
  CAST(json_extract(party.value, '$.role') AS TEXT) AS role, CAST(json_extract(party.value, '$.side') AS TEXT) AS side,
  CAST(json_extract(party.value, '$.level') AS TEXT) AS level,
  CAST(json_extract(party.value, '$.name_as_reported') AS TEXT) AS name_as_reported,
  e.type AS event_type, p.start_date, CAST(strftime('%Y-%m-%d', p.start_date, 'start of month') AS TEXT) AS month,
  event_id AS event_key, s.id AS stakeholder_key
FROM (SELECT '0123456789abcdefghjkmnpqrstvwxyz' AS z, * FROM event_participants) p
JOIN events e ON e.id = p.event_id AND e.start_date = p.start_date
JOIN stakeholders s ON s.code = p.stakeholder
JOIN json_each(e.participants) party ON json_extract(party.value, '$.stakeholder') = p.stakeholder;

-- Who takes part.
CREATE VIEW v_stakeholders AS SELECT
  CAST('stk_' || substr(z, 1 + (id >> 60 & 31), 1) || substr(z, 1 + (id >> 55 & 31), 1) || substr(z, 1 + (id >> 50 & 31), 1) ||
    substr(z, 1 + (id >> 45 & 31), 1) || substr(z, 1 + (id >> 40 & 31), 1) || substr(z, 1 + (id >> 35 & 31), 1) ||
    substr(z, 1 + (id >> 30 & 31), 1) || substr(z, 1 + (id >> 25 & 31), 1) || substr(z, 1 + (id >> 20 & 31), 1) ||
    substr(z, 1 + (id >> 15 & 31), 1) || substr(z, 1 + (id >> 10 & 31), 1) || substr(z, 1 + (id >> 5 & 31), 1) ||
    substr(z, 1 + (id & 31), 1) AS TEXT) AS id,
  code, type, name, aliases, country, region, office,
  CAST('stk_' || substr(z, 1 + (parent_id >> 60 & 31), 1) || substr(z, 1 + (parent_id >> 55 & 31), 1) ||
    substr(z, 1 + (parent_id >> 50 & 31), 1) || substr(z, 1 + (parent_id >> 45 & 31), 1) || substr(z, 1 + (parent_id >> 40 & 31), 1) ||
    substr(z, 1 + (parent_id >> 35 & 31), 1) || substr(z, 1 + (parent_id >> 30 & 31), 1) || substr(z, 1 + (parent_id >> 25 & 31), 1) ||
    substr(z, 1 + (parent_id >> 20 & 31), 1) || substr(z, 1 + (parent_id >> 15 & 31), 1) || substr(z, 1 + (parent_id >> 10 & 31), 1) ||
    substr(z, 1 + (parent_id >> 5 & 31), 1) || substr(z, 1 + (parent_id & 31), 1) AS TEXT) AS parent_id,
  member_of, valid_from, valid_to, external_ids,
  tags, extra, source, external_id,
  CAST('imp_' || substr(z, 1 + (import_id >> 60 & 31), 1) || substr(z, 1 + (import_id >> 55 & 31), 1) ||
    substr(z, 1 + (import_id >> 50 & 31), 1) || substr(z, 1 + (import_id >> 45 & 31), 1) || substr(z, 1 + (import_id >> 40 & 31), 1) ||
    substr(z, 1 + (import_id >> 35 & 31), 1) || substr(z, 1 + (import_id >> 30 & 31), 1) || substr(z, 1 + (import_id >> 25 & 31), 1) ||
    substr(z, 1 + (import_id >> 20 & 31), 1) || substr(z, 1 + (import_id >> 15 & 31), 1) || substr(z, 1 + (import_id >> 10 & 31), 1) ||
    substr(z, 1 + (import_id >> 5 & 31), 1) || substr(z, 1 + (import_id & 31), 1) AS TEXT) AS import_id,
  version, seq,
  CAST(strftime('%Y-%m-%dT%H:%M:%fZ', created_at / 1000.0, 'unixepoch') AS TEXT) AS created_at,
  CAST(strftime('%Y-%m-%dT%H:%M:%fZ', updated_at / 1000.0, 'unixepoch') AS TEXT) AS updated_at,
  id AS id_key, parent_id AS parent_id_key, import_id AS import_id_key
FROM (SELECT '0123456789abcdefghjkmnpqrstvwxyz' AS z, * FROM stakeholders);

-- What a stakeholder wants or fears of something.
CREATE VIEW v_perspectives AS SELECT
  CAST('psp_' || substr(z, 1 + (id >> 60 & 31), 1) || substr(z, 1 + (id >> 55 & 31), 1) || substr(z, 1 + (id >> 50 & 31), 1) ||
    substr(z, 1 + (id >> 45 & 31), 1) || substr(z, 1 + (id >> 40 & 31), 1) || substr(z, 1 + (id >> 35 & 31), 1) ||
    substr(z, 1 + (id >> 30 & 31), 1) || substr(z, 1 + (id >> 25 & 31), 1) || substr(z, 1 + (id >> 20 & 31), 1) ||
    substr(z, 1 + (id >> 15 & 31), 1) || substr(z, 1 + (id >> 10 & 31), 1) || substr(z, 1 + (id >> 5 & 31), 1) ||
    substr(z, 1 + (id & 31), 1) AS TEXT) AS id,
  stakeholder, target, issue, kind, stance, statement, since, until, confidence, statement_kind,
  tags, extra, source, external_id,
  CAST('imp_' || substr(z, 1 + (import_id >> 60 & 31), 1) || substr(z, 1 + (import_id >> 55 & 31), 1) ||
    substr(z, 1 + (import_id >> 50 & 31), 1) || substr(z, 1 + (import_id >> 45 & 31), 1) || substr(z, 1 + (import_id >> 40 & 31), 1) ||
    substr(z, 1 + (import_id >> 35 & 31), 1) || substr(z, 1 + (import_id >> 30 & 31), 1) || substr(z, 1 + (import_id >> 25 & 31), 1) ||
    substr(z, 1 + (import_id >> 20 & 31), 1) || substr(z, 1 + (import_id >> 15 & 31), 1) || substr(z, 1 + (import_id >> 10 & 31), 1) ||
    substr(z, 1 + (import_id >> 5 & 31), 1) || substr(z, 1 + (import_id & 31), 1) AS TEXT) AS import_id,
  version, seq,
  CAST(strftime('%Y-%m-%dT%H:%M:%fZ', created_at / 1000.0, 'unixepoch') AS TEXT) AS created_at,
  CAST(strftime('%Y-%m-%dT%H:%M:%fZ', updated_at / 1000.0, 'unixepoch') AS TEXT) AS updated_at,
  CAST((instr(z, substr(target, 5, 1)) - 1 << 60) + (instr(z, substr(target, 6, 1)) - 1 << 55) +
    (instr(z, substr(target, 7, 1)) - 1 << 50) + (instr(z, substr(target, 8, 1)) - 1 << 45) +
    (instr(z, substr(target, 9, 1)) - 1 << 40) + (instr(z, substr(target, 10, 1)) - 1 << 35) +
    (instr(z, substr(target, 11, 1)) - 1 << 30) + (instr(z, substr(target, 12, 1)) - 1 << 25) +
    (instr(z, substr(target, 13, 1)) - 1 << 20) + (instr(z, substr(target, 14, 1)) - 1 << 15) +
    (instr(z, substr(target, 15, 1)) - 1 << 10) + (instr(z, substr(target, 16, 1)) - 1 << 5) +
    instr(z, substr(target, 17, 1)) - 1 AS INTEGER) AS target_key,
  id AS id_key, import_id AS import_id_key
FROM (SELECT '0123456789abcdefghjkmnpqrstvwxyz' AS z, * FROM perspectives);

-- What may follow.
CREATE VIEW v_outcomes AS SELECT
  CAST('out_' || substr(z, 1 + (id >> 60 & 31), 1) || substr(z, 1 + (id >> 55 & 31), 1) || substr(z, 1 + (id >> 50 & 31), 1) ||
    substr(z, 1 + (id >> 45 & 31), 1) || substr(z, 1 + (id >> 40 & 31), 1) || substr(z, 1 + (id >> 35 & 31), 1) ||
    substr(z, 1 + (id >> 30 & 31), 1) || substr(z, 1 + (id >> 25 & 31), 1) || substr(z, 1 + (id >> 20 & 31), 1) ||
    substr(z, 1 + (id >> 15 & 31), 1) || substr(z, 1 + (id >> 10 & 31), 1) || substr(z, 1 + (id >> 5 & 31), 1) ||
    substr(z, 1 + (id & 31), 1) AS TEXT) AS id,
  CAST('evt_' || substr(z, 1 + (event >> 60 & 31), 1) || substr(z, 1 + (event >> 55 & 31), 1) || substr(z, 1 + (event >> 50 & 31), 1) ||
    substr(z, 1 + (event >> 45 & 31), 1) || substr(z, 1 + (event >> 40 & 31), 1) || substr(z, 1 + (event >> 35 & 31), 1) ||
    substr(z, 1 + (event >> 30 & 31), 1) || substr(z, 1 + (event >> 25 & 31), 1) || substr(z, 1 + (event >> 20 & 31), 1) ||
    substr(z, 1 + (event >> 15 & 31), 1) || substr(z, 1 + (event >> 10 & 31), 1) || substr(z, 1 + (event >> 5 & 31), 1) ||
    substr(z, 1 + (event & 31), 1) AS TEXT) AS event,
  title, description, kind, theme, direction, regional_impacts, horizon, resolution_criteria, status, resolved_on, resolution_note,
  evidence, probability, likelihood, confidence, assessment_count,
  tags, extra, source, external_id,
  CAST('imp_' || substr(z, 1 + (import_id >> 60 & 31), 1) || substr(z, 1 + (import_id >> 55 & 31), 1) ||
    substr(z, 1 + (import_id >> 50 & 31), 1) || substr(z, 1 + (import_id >> 45 & 31), 1) || substr(z, 1 + (import_id >> 40 & 31), 1) ||
    substr(z, 1 + (import_id >> 35 & 31), 1) || substr(z, 1 + (import_id >> 30 & 31), 1) || substr(z, 1 + (import_id >> 25 & 31), 1) ||
    substr(z, 1 + (import_id >> 20 & 31), 1) || substr(z, 1 + (import_id >> 15 & 31), 1) || substr(z, 1 + (import_id >> 10 & 31), 1) ||
    substr(z, 1 + (import_id >> 5 & 31), 1) || substr(z, 1 + (import_id & 31), 1) AS TEXT) AS import_id,
  version, seq,
  CAST(strftime('%Y-%m-%dT%H:%M:%fZ', created_at / 1000.0, 'unixepoch') AS TEXT) AS created_at,
  CAST(strftime('%Y-%m-%dT%H:%M:%fZ', updated_at / 1000.0, 'unixepoch') AS TEXT) AS updated_at,
  id AS id_key, event AS event_key, import_id AS import_id_key
FROM (SELECT '0123456789abcdefghjkmnpqrstvwxyz' AS z, * FROM outcomes);

-- How likely it was judged to be.
CREATE VIEW v_assessments AS SELECT
  CAST('asm_' || substr(z, 1 + (id >> 60 & 31), 1) || substr(z, 1 + (id >> 55 & 31), 1) || substr(z, 1 + (id >> 50 & 31), 1) ||
    substr(z, 1 + (id >> 45 & 31), 1) || substr(z, 1 + (id >> 40 & 31), 1) || substr(z, 1 + (id >> 35 & 31), 1) ||
    substr(z, 1 + (id >> 30 & 31), 1) || substr(z, 1 + (id >> 25 & 31), 1) || substr(z, 1 + (id >> 20 & 31), 1) ||
    substr(z, 1 + (id >> 15 & 31), 1) || substr(z, 1 + (id >> 10 & 31), 1) || substr(z, 1 + (id >> 5 & 31), 1) ||
    substr(z, 1 + (id & 31), 1) AS TEXT) AS id,
  CAST('out_' || substr(z, 1 + (outcome >> 60 & 31), 1) || substr(z, 1 + (outcome >> 55 & 31), 1) ||
    substr(z, 1 + (outcome >> 50 & 31), 1) || substr(z, 1 + (outcome >> 45 & 31), 1) || substr(z, 1 + (outcome >> 40 & 31), 1) ||
    substr(z, 1 + (outcome >> 35 & 31), 1) || substr(z, 1 + (outcome >> 30 & 31), 1) || substr(z, 1 + (outcome >> 25 & 31), 1) ||
    substr(z, 1 + (outcome >> 20 & 31), 1) || substr(z, 1 + (outcome >> 15 & 31), 1) || substr(z, 1 + (outcome >> 10 & 31), 1) ||
    substr(z, 1 + (outcome >> 5 & 31), 1) || substr(z, 1 + (outcome & 31), 1) AS TEXT) AS outcome,
  CAST(strftime('%Y-%m-%dT%H:%M:%fZ', assessed_at / 1000.0, 'unixepoch') AS TEXT) AS assessed_at,
  assessor, probability, probability_basis, likelihood, low, high, confidence, rationale,
  tags, extra, source, external_id,
  CAST('imp_' || substr(z, 1 + (import_id >> 60 & 31), 1) || substr(z, 1 + (import_id >> 55 & 31), 1) ||
    substr(z, 1 + (import_id >> 50 & 31), 1) || substr(z, 1 + (import_id >> 45 & 31), 1) || substr(z, 1 + (import_id >> 40 & 31), 1) ||
    substr(z, 1 + (import_id >> 35 & 31), 1) || substr(z, 1 + (import_id >> 30 & 31), 1) || substr(z, 1 + (import_id >> 25 & 31), 1) ||
    substr(z, 1 + (import_id >> 20 & 31), 1) || substr(z, 1 + (import_id >> 15 & 31), 1) || substr(z, 1 + (import_id >> 10 & 31), 1) ||
    substr(z, 1 + (import_id >> 5 & 31), 1) || substr(z, 1 + (import_id & 31), 1) AS TEXT) AS import_id,
  version, seq,
  CAST(strftime('%Y-%m-%dT%H:%M:%fZ', created_at / 1000.0, 'unixepoch') AS TEXT) AS created_at,
  CAST(strftime('%Y-%m-%dT%H:%M:%fZ', updated_at / 1000.0, 'unixepoch') AS TEXT) AS updated_at,
  id AS id_key, outcome AS outcome_key, import_id AS import_id_key
FROM (SELECT '0123456789abcdefghjkmnpqrstvwxyz' AS z, * FROM assessments);

-- The catalogue that recommendations follow.
CREATE VIEW v_strategies AS SELECT
  CAST('sty_' || substr(z, 1 + (id >> 60 & 31), 1) || substr(z, 1 + (id >> 55 & 31), 1) || substr(z, 1 + (id >> 50 & 31), 1) ||
    substr(z, 1 + (id >> 45 & 31), 1) || substr(z, 1 + (id >> 40 & 31), 1) || substr(z, 1 + (id >> 35 & 31), 1) ||
    substr(z, 1 + (id >> 30 & 31), 1) || substr(z, 1 + (id >> 25 & 31), 1) || substr(z, 1 + (id >> 20 & 31), 1) ||
    substr(z, 1 + (id >> 15 & 31), 1) || substr(z, 1 + (id >> 10 & 31), 1) || substr(z, 1 + (id >> 5 & 31), 1) ||
    substr(z, 1 + (id & 31), 1) AS TEXT) AS id,
  code, name, description,
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
FROM (SELECT '0123456789abcdefghjkmnpqrstvwxyz' AS z, * FROM strategies);

-- What should be done, and what became of it.
CREATE VIEW v_recommendations AS SELECT
  CAST('rec_' || substr(z, 1 + (id >> 60 & 31), 1) || substr(z, 1 + (id >> 55 & 31), 1) || substr(z, 1 + (id >> 50 & 31), 1) ||
    substr(z, 1 + (id >> 45 & 31), 1) || substr(z, 1 + (id >> 40 & 31), 1) || substr(z, 1 + (id >> 35 & 31), 1) ||
    substr(z, 1 + (id >> 30 & 31), 1) || substr(z, 1 + (id >> 25 & 31), 1) || substr(z, 1 + (id >> 20 & 31), 1) ||
    substr(z, 1 + (id >> 15 & 31), 1) || substr(z, 1 + (id >> 10 & 31), 1) || substr(z, 1 + (id >> 5 & 31), 1) ||
    substr(z, 1 + (id & 31), 1) AS TEXT) AS id,
  reference, title, description, strategy, addressed_to, proposed_by, responds_to, priority, position, implementation, due_on,
  success_indicator, progress,
  CAST(due_on IS NOT NULL AND due_on < strftime('%Y-%m-%d', 'now')
    AND implementation NOT IN ('implemented', 'cancelled', 'closed_unmet') AS INTEGER) AS overdue,
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

-- What was promised towards it.
CREATE VIEW v_commitments AS SELECT
  CAST('cmt_' || substr(z, 1 + (id >> 60 & 31), 1) || substr(z, 1 + (id >> 55 & 31), 1) || substr(z, 1 + (id >> 50 & 31), 1) ||
    substr(z, 1 + (id >> 45 & 31), 1) || substr(z, 1 + (id >> 40 & 31), 1) || substr(z, 1 + (id >> 35 & 31), 1) ||
    substr(z, 1 + (id >> 30 & 31), 1) || substr(z, 1 + (id >> 25 & 31), 1) || substr(z, 1 + (id >> 20 & 31), 1) ||
    substr(z, 1 + (id >> 15 & 31), 1) || substr(z, 1 + (id >> 10 & 31), 1) || substr(z, 1 + (id >> 5 & 31), 1) ||
    substr(z, 1 + (id & 31), 1) AS TEXT) AS id,
  CAST('rec_' || substr(z, 1 + (recommendation >> 60 & 31), 1) || substr(z, 1 + (recommendation >> 55 & 31), 1) ||
    substr(z, 1 + (recommendation >> 50 & 31), 1) || substr(z, 1 + (recommendation >> 45 & 31), 1) ||
    substr(z, 1 + (recommendation >> 40 & 31), 1) || substr(z, 1 + (recommendation >> 35 & 31), 1) ||
    substr(z, 1 + (recommendation >> 30 & 31), 1) || substr(z, 1 + (recommendation >> 25 & 31), 1) ||
    substr(z, 1 + (recommendation >> 20 & 31), 1) || substr(z, 1 + (recommendation >> 15 & 31), 1) ||
    substr(z, 1 + (recommendation >> 10 & 31), 1) || substr(z, 1 + (recommendation >> 5 & 31), 1) ||
    substr(z, 1 + (recommendation & 31), 1) AS TEXT) AS recommendation,
  title, owner, due_on, status, weight, done_on,
  CAST('evt_' || substr(z, 1 + (evidence >> 60 & 31), 1) || substr(z, 1 + (evidence >> 55 & 31), 1) ||
    substr(z, 1 + (evidence >> 50 & 31), 1) || substr(z, 1 + (evidence >> 45 & 31), 1) || substr(z, 1 + (evidence >> 40 & 31), 1) ||
    substr(z, 1 + (evidence >> 35 & 31), 1) || substr(z, 1 + (evidence >> 30 & 31), 1) || substr(z, 1 + (evidence >> 25 & 31), 1) ||
    substr(z, 1 + (evidence >> 20 & 31), 1) || substr(z, 1 + (evidence >> 15 & 31), 1) || substr(z, 1 + (evidence >> 10 & 31), 1) ||
    substr(z, 1 + (evidence >> 5 & 31), 1) || substr(z, 1 + (evidence & 31), 1) AS TEXT) AS evidence,
  CAST(due_on IS NOT NULL AND due_on < strftime('%Y-%m-%d', 'now') AND status = 'open' AS INTEGER) AS overdue,
  tags, extra, source, external_id,
  CAST('imp_' || substr(z, 1 + (import_id >> 60 & 31), 1) || substr(z, 1 + (import_id >> 55 & 31), 1) ||
    substr(z, 1 + (import_id >> 50 & 31), 1) || substr(z, 1 + (import_id >> 45 & 31), 1) || substr(z, 1 + (import_id >> 40 & 31), 1) ||
    substr(z, 1 + (import_id >> 35 & 31), 1) || substr(z, 1 + (import_id >> 30 & 31), 1) || substr(z, 1 + (import_id >> 25 & 31), 1) ||
    substr(z, 1 + (import_id >> 20 & 31), 1) || substr(z, 1 + (import_id >> 15 & 31), 1) || substr(z, 1 + (import_id >> 10 & 31), 1) ||
    substr(z, 1 + (import_id >> 5 & 31), 1) || substr(z, 1 + (import_id & 31), 1) AS TEXT) AS import_id,
  version, seq,
  CAST(strftime('%Y-%m-%dT%H:%M:%fZ', created_at / 1000.0, 'unixepoch') AS TEXT) AS created_at,
  CAST(strftime('%Y-%m-%dT%H:%M:%fZ', updated_at / 1000.0, 'unixepoch') AS TEXT) AS updated_at,
  id AS id_key, recommendation AS recommendation_key, evidence AS evidence_key, import_id AS import_id_key
FROM (SELECT '0123456789abcdefghjkmnpqrstvwxyz' AS z, * FROM commitments);

-- What was reported of it.
CREATE VIEW v_progress_reports AS SELECT
  CAST('prg_' || substr(z, 1 + (id >> 60 & 31), 1) || substr(z, 1 + (id >> 55 & 31), 1) || substr(z, 1 + (id >> 50 & 31), 1) ||
    substr(z, 1 + (id >> 45 & 31), 1) || substr(z, 1 + (id >> 40 & 31), 1) || substr(z, 1 + (id >> 35 & 31), 1) ||
    substr(z, 1 + (id >> 30 & 31), 1) || substr(z, 1 + (id >> 25 & 31), 1) || substr(z, 1 + (id >> 20 & 31), 1) ||
    substr(z, 1 + (id >> 15 & 31), 1) || substr(z, 1 + (id >> 10 & 31), 1) || substr(z, 1 + (id >> 5 & 31), 1) ||
    substr(z, 1 + (id & 31), 1) AS TEXT) AS id,
  CAST('rec_' || substr(z, 1 + (recommendation >> 60 & 31), 1) || substr(z, 1 + (recommendation >> 55 & 31), 1) ||
    substr(z, 1 + (recommendation >> 50 & 31), 1) || substr(z, 1 + (recommendation >> 45 & 31), 1) ||
    substr(z, 1 + (recommendation >> 40 & 31), 1) || substr(z, 1 + (recommendation >> 35 & 31), 1) ||
    substr(z, 1 + (recommendation >> 30 & 31), 1) || substr(z, 1 + (recommendation >> 25 & 31), 1) ||
    substr(z, 1 + (recommendation >> 20 & 31), 1) || substr(z, 1 + (recommendation >> 15 & 31), 1) ||
    substr(z, 1 + (recommendation >> 10 & 31), 1) || substr(z, 1 + (recommendation >> 5 & 31), 1) ||
    substr(z, 1 + (recommendation & 31), 1) AS TEXT) AS recommendation,
  reported_on, reported_by, percent, note,
  CAST('evt_' || substr(z, 1 + (evidence >> 60 & 31), 1) || substr(z, 1 + (evidence >> 55 & 31), 1) ||
    substr(z, 1 + (evidence >> 50 & 31), 1) || substr(z, 1 + (evidence >> 45 & 31), 1) || substr(z, 1 + (evidence >> 40 & 31), 1) ||
    substr(z, 1 + (evidence >> 35 & 31), 1) || substr(z, 1 + (evidence >> 30 & 31), 1) || substr(z, 1 + (evidence >> 25 & 31), 1) ||
    substr(z, 1 + (evidence >> 20 & 31), 1) || substr(z, 1 + (evidence >> 15 & 31), 1) || substr(z, 1 + (evidence >> 10 & 31), 1) ||
    substr(z, 1 + (evidence >> 5 & 31), 1) || substr(z, 1 + (evidence & 31), 1) AS TEXT) AS evidence,
  tags, extra, source, external_id,
  CAST('imp_' || substr(z, 1 + (import_id >> 60 & 31), 1) || substr(z, 1 + (import_id >> 55 & 31), 1) ||
    substr(z, 1 + (import_id >> 50 & 31), 1) || substr(z, 1 + (import_id >> 45 & 31), 1) || substr(z, 1 + (import_id >> 40 & 31), 1) ||
    substr(z, 1 + (import_id >> 35 & 31), 1) || substr(z, 1 + (import_id >> 30 & 31), 1) || substr(z, 1 + (import_id >> 25 & 31), 1) ||
    substr(z, 1 + (import_id >> 20 & 31), 1) || substr(z, 1 + (import_id >> 15 & 31), 1) || substr(z, 1 + (import_id >> 10 & 31), 1) ||
    substr(z, 1 + (import_id >> 5 & 31), 1) || substr(z, 1 + (import_id & 31), 1) AS TEXT) AS import_id,
  version, seq,
  CAST(strftime('%Y-%m-%dT%H:%M:%fZ', created_at / 1000.0, 'unixepoch') AS TEXT) AS created_at,
  CAST(strftime('%Y-%m-%dT%H:%M:%fZ', updated_at / 1000.0, 'unixepoch') AS TEXT) AS updated_at,
  id AS id_key, recommendation AS recommendation_key, evidence AS evidence_key, import_id AS import_id_key
FROM (SELECT '0123456789abcdefghjkmnpqrstvwxyz' AS z, * FROM progress_reports);

-- Where knowledge comes from.
CREATE VIEW v_sources AS SELECT
  CAST('src_' || substr(z, 1 + (id >> 60 & 31), 1) || substr(z, 1 + (id >> 55 & 31), 1) || substr(z, 1 + (id >> 50 & 31), 1) ||
    substr(z, 1 + (id >> 45 & 31), 1) || substr(z, 1 + (id >> 40 & 31), 1) || substr(z, 1 + (id >> 35 & 31), 1) ||
    substr(z, 1 + (id >> 30 & 31), 1) || substr(z, 1 + (id >> 25 & 31), 1) || substr(z, 1 + (id >> 20 & 31), 1) ||
    substr(z, 1 + (id >> 15 & 31), 1) || substr(z, 1 + (id >> 10 & 31), 1) || substr(z, 1 + (id >> 5 & 31), 1) ||
    substr(z, 1 + (id & 31), 1) AS TEXT) AS id,
  kind, title, publisher, url, archive_url, published_on, language, reliability,
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
FROM (SELECT '0123456789abcdefghjkmnpqrstvwxyz' AS z, * FROM sources);

-- What supports or contradicts a record.
CREATE VIEW v_citations AS SELECT
  CAST('cit_' || substr(z, 1 + (id >> 60 & 31), 1) || substr(z, 1 + (id >> 55 & 31), 1) || substr(z, 1 + (id >> 50 & 31), 1) ||
    substr(z, 1 + (id >> 45 & 31), 1) || substr(z, 1 + (id >> 40 & 31), 1) || substr(z, 1 + (id >> 35 & 31), 1) ||
    substr(z, 1 + (id >> 30 & 31), 1) || substr(z, 1 + (id >> 25 & 31), 1) || substr(z, 1 + (id >> 20 & 31), 1) ||
    substr(z, 1 + (id >> 15 & 31), 1) || substr(z, 1 + (id >> 10 & 31), 1) || substr(z, 1 + (id >> 5 & 31), 1) ||
    substr(z, 1 + (id & 31), 1) AS TEXT) AS id,
  CAST('src_' || substr(z, 1 + (source_id >> 60 & 31), 1) || substr(z, 1 + (source_id >> 55 & 31), 1) ||
    substr(z, 1 + (source_id >> 50 & 31), 1) || substr(z, 1 + (source_id >> 45 & 31), 1) || substr(z, 1 + (source_id >> 40 & 31), 1) ||
    substr(z, 1 + (source_id >> 35 & 31), 1) || substr(z, 1 + (source_id >> 30 & 31), 1) || substr(z, 1 + (source_id >> 25 & 31), 1) ||
    substr(z, 1 + (source_id >> 20 & 31), 1) || substr(z, 1 + (source_id >> 15 & 31), 1) || substr(z, 1 + (source_id >> 10 & 31), 1) ||
    substr(z, 1 + (source_id >> 5 & 31), 1) || substr(z, 1 + (source_id & 31), 1) AS TEXT) AS source_id,
  record, field, quote, locator, credibility, stance,
  tags, extra, source, external_id,
  CAST('imp_' || substr(z, 1 + (import_id >> 60 & 31), 1) || substr(z, 1 + (import_id >> 55 & 31), 1) ||
    substr(z, 1 + (import_id >> 50 & 31), 1) || substr(z, 1 + (import_id >> 45 & 31), 1) || substr(z, 1 + (import_id >> 40 & 31), 1) ||
    substr(z, 1 + (import_id >> 35 & 31), 1) || substr(z, 1 + (import_id >> 30 & 31), 1) || substr(z, 1 + (import_id >> 25 & 31), 1) ||
    substr(z, 1 + (import_id >> 20 & 31), 1) || substr(z, 1 + (import_id >> 15 & 31), 1) || substr(z, 1 + (import_id >> 10 & 31), 1) ||
    substr(z, 1 + (import_id >> 5 & 31), 1) || substr(z, 1 + (import_id & 31), 1) AS TEXT) AS import_id,
  version, seq,
  CAST(strftime('%Y-%m-%dT%H:%M:%fZ', created_at / 1000.0, 'unixepoch') AS TEXT) AS created_at,
  CAST(strftime('%Y-%m-%dT%H:%M:%fZ', updated_at / 1000.0, 'unixepoch') AS TEXT) AS updated_at,
  CAST((instr(z, substr(record, 5, 1)) - 1 << 60) + (instr(z, substr(record, 6, 1)) - 1 << 55) +
    (instr(z, substr(record, 7, 1)) - 1 << 50) + (instr(z, substr(record, 8, 1)) - 1 << 45) +
    (instr(z, substr(record, 9, 1)) - 1 << 40) + (instr(z, substr(record, 10, 1)) - 1 << 35) +
    (instr(z, substr(record, 11, 1)) - 1 << 30) + (instr(z, substr(record, 12, 1)) - 1 << 25) +
    (instr(z, substr(record, 13, 1)) - 1 << 20) + (instr(z, substr(record, 14, 1)) - 1 << 15) +
    (instr(z, substr(record, 15, 1)) - 1 << 10) + (instr(z, substr(record, 16, 1)) - 1 << 5) +
    instr(z, substr(record, 17, 1)) - 1 AS INTEGER) AS record_key,
  id AS id_key, source_id AS source_id_key, import_id AS import_id_key
FROM (SELECT '0123456789abcdefghjkmnpqrstvwxyz' AS z, * FROM citations);

-- What came in by file.
CREATE VIEW v_imports AS SELECT
  CAST('imp_' || substr(z, 1 + (id >> 60 & 31), 1) || substr(z, 1 + (id >> 55 & 31), 1) || substr(z, 1 + (id >> 50 & 31), 1) ||
    substr(z, 1 + (id >> 45 & 31), 1) || substr(z, 1 + (id >> 40 & 31), 1) || substr(z, 1 + (id >> 35 & 31), 1) ||
    substr(z, 1 + (id >> 30 & 31), 1) || substr(z, 1 + (id >> 25 & 31), 1) || substr(z, 1 + (id >> 20 & 31), 1) ||
    substr(z, 1 + (id >> 15 & 31), 1) || substr(z, 1 + (id >> 10 & 31), 1) || substr(z, 1 + (id >> 5 & 31), 1) ||
    substr(z, 1 + (id & 31), 1) AS TEXT) AS id,
  profile, resource, file_name, content_type, bytes, sha256, mode, on_error, options, state,
  CAST(CASE state WHEN 'done' THEN 100 WHEN 'undone' THEN 100 WHEN 'queued' THEN 0 WHEN 'running' THEN 0 END AS REAL) AS progress,
  counts, warnings, errors, undo,
  CAST(strftime('%Y-%m-%dT%H:%M:%fZ', started_at / 1000.0, 'unixepoch') AS TEXT) AS started_at,
  CAST(strftime('%Y-%m-%dT%H:%M:%fZ', finished_at / 1000.0, 'unixepoch') AS TEXT) AS finished_at,
  rows_per_second,
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
FROM (SELECT '0123456789abcdefghjkmnpqrstvwxyz' AS z, * FROM imports);

-- Months of events come from the rollups, and from the events themselves while the rollups are behind (a long import, the time between a
-- migration and the next start): one statement reads both the row that says so and the figures, so it never mixes or misses. CROSS JOIN
-- keeps that row outside: the half that does not apply reads nothing.
CREATE VIEW event_dyad_months_now AS
  SELECT a, b, month, count, cooperative, conflictual, goldstein_count, goldstein_sum
  FROM (SELECT count(*) AS is_behind FROM register_state WHERE name = 'rollups_behind') CROSS JOIN event_dyad_months
  WHERE NOT is_behind
  UNION ALL
  SELECT a, b, month, count(*), count(*) FILTER (WHERE quad_class IN (1, 2)), count(*) FILTER (WHERE quad_class IN (3, 4)),
    count(goldstein), coalesce(sum(CAST(round(goldstein * 10000) AS INTEGER)), 0)
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
    coalesce(sum(CAST(round(goldstein * 10000) AS INTEGER)), 0)
  FROM register_state CROSS JOIN events
  WHERE register_state.name = 'rollups_behind'
  GROUP BY 1, 2, 3;

-- Two stakeholders, `a` before `b`, and the events in which both took part, each event once whatever the number of roles.
CREATE VIEW v_dyads AS SELECT
  a, b, CAST(month AS TEXT) AS month, count, cooperative, conflictual, goldstein_count,
  CAST(goldstein_sum / 10000.0 AS REAL) AS sum_goldstein, CAST(round(goldstein_sum / 10000.0 / goldstein_count, 4) AS REAL) AS mean_goldstein
FROM event_dyad_months_now;

-- Months by country and type; events without a country have null.
CREATE VIEW v_timeline AS SELECT
  CAST(month AS TEXT) AS month, country, type, count, goldstein_count,
  CAST(goldstein_sum / 10000.0 AS REAL) AS sum_goldstein, CAST(round(goldstein_sum / 10000.0 / goldstein_count, 4) AS REAL) AS mean_goldstein
FROM event_country_months_now;
