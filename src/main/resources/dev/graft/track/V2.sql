-- The record of Graft, schema 2. Applied to schema 1 in one transaction; user_version is set by the caller.
--
-- New: an attempt says how it ended and who ran it; a trial that failed, crashed or was cancelled can be tried again;
-- a sweep can get a changed file and more trials.

DROP TRIGGER attempt_changed;
DROP TRIGGER trial_changed;

-- How the attempt stands; like a trial's states, but an attempt that is recorded has begun.
ALTER TABLE attempt ADD COLUMN state TEXT NOT NULL DEFAULT 'running' CHECK (
  state IN ('running', 'finished', 'pruned', 'failed', 'crashed', 'cancelled'));
ALTER TABLE attempt ADD COLUMN reason TEXT NOT NULL DEFAULT '';
-- The end of the worker's log, where the attempt ended badly.
ALTER TABLE attempt ADD COLUMN log TEXT NOT NULL DEFAULT '';
-- Who ran it: worker 1, process 4711.
ALTER TABLE attempt ADD COLUMN worker TEXT NOT NULL DEFAULT '';
-- Whether it is one of the attempts that retry.max_attempts allows: not where the trial had no part in its end.
ALTER TABLE attempt ADD COLUMN counts INTEGER NOT NULL DEFAULT 0 CHECK (counts IN (0, 1));

UPDATE attempt SET (state, reason) = (
  SELECT
    CASE
      WHEN attempt.attempt < t.attempts THEN 'crashed'
      WHEN t.state IN ('waiting', 'running') THEN 'running'
      ELSE t.state
    END,
    CASE WHEN attempt.attempt < t.attempts THEN '' ELSE t.reason END
  FROM trial t WHERE t.id = attempt.trial_id);
UPDATE attempt SET counts = 1 WHERE state IN ('failed', 'crashed') AND reason <> 'its controller died';
-- Schema 1 called crashed what had not begun when the controller died.
UPDATE trial SET state = 'cancelled', reason = 'the sweep''s controller died before it began'
WHERE state = 'crashed' AND attempts = 0 AND reason = 'its controller died';

-- The files a sweep had before it was extended; the present one is in sweep.
CREATE TABLE sweep_file_version (
  sweep_id    TEXT NOT NULL REFERENCES sweep (id),
  version     INTEGER NOT NULL,              -- from 1, the oldest
  file_name   TEXT NOT NULL,
  file_text   TEXT NOT NULL,
  replaced_at TEXT NOT NULL,
  PRIMARY KEY (sweep_id, version)
) WITHOUT ROWID;

CREATE TRIGGER sweep_file_version_added BEFORE INSERT ON sweep_file_version
WHEN NEW.version <> 1 + (SELECT count(*) FROM sweep_file_version WHERE sweep_id = NEW.sweep_id)
BEGIN SELECT RAISE(ABORT, 'the versions of a sweep file are numbered from 1 and never change'); END;
CREATE TRIGGER sweep_file_version_changed BEFORE UPDATE ON sweep_file_version
BEGIN SELECT RAISE(ABORT, 'the versions of a sweep file never change'); END;
CREATE TRIGGER sweep_file_version_deleted BEFORE DELETE ON sweep_file_version
BEGIN SELECT RAISE(ABORT, 'the versions of a sweep file never change'); END;

-- What a sweep is stays so; its file may be replaced once it is kept.
DROP TRIGGER sweep_changed;
CREATE TRIGGER sweep_changed
BEFORE UPDATE OF position, id, name, method, metric, goal, classes, created_at ON sweep
BEGIN SELECT RAISE(ABORT, 'what a sweep is does not change'); END;
CREATE TRIGGER sweep_file_replaced BEFORE UPDATE OF file_name, file_text ON sweep
WHEN NOT EXISTS (
  SELECT 1 FROM sweep_file_version v
  WHERE v.sweep_id = OLD.id AND v.file_name = OLD.file_name AND v.file_text = OLD.file_text)
BEGIN SELECT RAISE(ABORT, 'what a sweep is does not change, unless its file is kept in sweep_file_version'); END;

-- An ended sweep has no open trials.
CREATE TRIGGER sweep_ended BEFORE UPDATE OF state ON sweep
WHEN NEW.state <> 'running'
  AND EXISTS (SELECT 1 FROM trial WHERE sweep_id = OLD.id AND state IN ('waiting', 'running'))
BEGIN SELECT RAISE(ABORT, 'the sweep has trials that have not ended'); END;
CREATE TRIGGER trial_added BEFORE INSERT ON trial
WHEN NEW.state IN ('waiting', 'running') AND EXISTS (SELECT 1 FROM sweep WHERE id = NEW.sweep_id AND state <> 'running')
BEGIN SELECT RAISE(ABORT, 'the sweep has ended'); END;

-- A finished or pruned trial never changes. The other ended ones can be reopened, which is one change: to a waiting
-- trial that keeps its attempts, in a running sweep. Until then nothing of theirs changes either.
CREATE TRIGGER trial_changed BEFORE UPDATE ON trial WHEN OLD.state IN ('finished', 'pruned')
BEGIN SELECT RAISE(ABORT, 'the trial has ended and never changes'); END;
CREATE TRIGGER trial_reopened BEFORE UPDATE ON trial
WHEN OLD.state IN ('failed', 'crashed', 'cancelled') AND NOT (
  NEW.state = 'waiting' AND NEW.reason = '' AND NEW.attempts = OLD.attempts AND NEW.same_as = OLD.same_as
  AND NEW.feature_group = OLD.feature_group AND NEW.cache_hit = OLD.cache_hit
  AND NEW.epochs = 0 AND NEW.last_epoch = 0 AND NEW.best_epoch = 0 AND NEW.kept_epoch = 0
  AND NEW.started_at IS NULL AND NEW.ended_at IS NULL AND NEW.seconds = '{}'
  AND EXISTS (SELECT 1 FROM sweep WHERE id = OLD.sweep_id AND state = 'running'))
BEGIN SELECT RAISE(ABORT, 'the trial has ended and never changes, unless it is reopened'); END;
CREATE TRIGGER attempt_changed BEFORE UPDATE ON attempt
WHEN EXISTS (SELECT 1 FROM ended_trial WHERE id IN (OLD.trial_id, NEW.trial_id))
BEGIN SELECT RAISE(ABORT, 'the trial has ended and never changes'); END;

DROP VIEW curves;
CREATE VIEW curves AS
-- One row per trial, epoch and metric, of the attempts that count; pivot on name for a table of curves.
--   value        NULL is NaN
SELECT
  t.sweep_id,
  t.id AS trial_id,
  t.number,
  e.epoch,
  e.phase,
  e.ended_at,
  m.name,
  m.value
FROM trial t
-- A trial that waits to be tried again has no epochs that count.
JOIN epoch e ON e.trial_id = t.id AND e.attempt = t.attempts AND t.epochs > 0
JOIN metric m ON m.trial_id = e.trial_id AND m.attempt = e.attempt AND m.epoch = e.epoch;

CREATE VIEW attempts AS
-- One row per attempt, all sweeps; the latest attempt of a trial is the one whose result counts.
--   number       of the trial in its sweep
--   attempt      from 1 in its trial
--   worker       who ran it; empty where unknown
--   counts       1 where it is charged against retry.max_attempts
--   seconds      from its start to its end; NULL while it runs
--   log          the end of the worker's log, where the attempt ended badly
SELECT
  t.sweep_id,
  a.trial_id,
  t.number,
  a.attempt,
  a.state,
  a.reason,
  a.worker,
  a.counts,
  a.feature_group,
  a.started_at,
  a.ended_at,
  round((julianday(a.ended_at) - julianday(a.started_at)) * 86400, 3) AS seconds,
  a.log
FROM attempt a
JOIN trial t ON t.id = a.trial_id;
