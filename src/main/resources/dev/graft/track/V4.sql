-- The record of Graft, schema 4. Applied to schema 3 in one transaction; user_version is set by the caller.
--
-- New: how large a trial's model is.

-- The numbers that the whole model holds, base and head, batch norms' moving statistics included; NULL where it was not
-- recorded.
ALTER TABLE trial ADD COLUMN model_weights INTEGER CHECK (model_weights > 0);

DROP TRIGGER trial_renamed;
CREATE TRIGGER trial_renamed BEFORE UPDATE OF id, sweep_id, number, parameters, seed, run_key, model_weights ON trial
BEGIN SELECT RAISE(ABORT, 'what a trial is does not change'); END;

DROP VIEW leaderboard;
CREATE VIEW leaderboard AS
-- One row per trial, all sweeps: SELECT * FROM leaderboard WHERE sweep_id = '...' ORDER BY place.
--   place          from 1 in its sweep: finished trials by their best epoch, then other trials that have one, then the
--                  rest; equal values in the order of the trials
--   value          the sweep's metric at the trial's best epoch
--   parameters     JSON: json_extract(parameters, '$.learning_rate'), in DuckDB parameters->>'learning_rate'
--   seconds        of the whole trial, its share of shared work included
--   model_weights  numbers that the whole model holds, base and head; NULL where it was not recorded
SELECT
  s.id AS sweep_id,
  s.name AS sweep,
  row_number() OVER (
    PARTITION BY s.id
    ORDER BY
      CASE WHEN m.best IS NULL THEN 2 WHEN t.state = 'finished' THEN 0 ELSE 1 END,
      CASE s.goal WHEN 'maximize' THEN -m.best ELSE m.best END,
      t.number) AS place,
  t.id AS trial_id,
  t.number,
  t.state,
  t.reason,
  s.metric,
  s.goal,
  m.best AS value,
  NULLIF(t.best_epoch, 0) AS best_epoch,
  m.last AS last_value,
  t.epochs,
  t.kept_epoch,
  t.attempts,
  t.seed,
  t.parameters,
  t.feature_group,
  t.cache_hit,
  t.same_as,
  json_extract(t.seconds, '$.total') AS seconds,
  t.started_at,
  t.ended_at,
  t.model_weights
FROM trial t
JOIN sweep s ON s.id = t.sweep_id
LEFT JOIN summary m ON m.trial_id = t.id AND m.name = s.metric;
