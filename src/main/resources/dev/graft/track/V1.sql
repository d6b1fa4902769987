-- The record of Graft, schema 1. Applied in one transaction; user_version is set by the caller.
--
-- Times are ISO-8601 text in UTC with milliseconds: they sort as text, and pandas and DuckDB parse them.
-- States are lower-case words. Booleans are 0 and 1. Parameters, timings and class names are JSON text.
-- A floating-point column holds NULL for NaN, because SQLite has no NaN; a value that was never recorded has no row.
-- Infinities are stored as they are; negative zero loses its sign.
PRAGMA application_id = 1196574292;  -- "GRFT"

CREATE TABLE change_counter (
  id    INTEGER PRIMARY KEY CHECK (id = 1),
  value INTEGER NOT NULL               -- grows by one with every transaction that changes the record
);
INSERT INTO change_counter VALUES (1, 1);

CREATE TABLE sweep (
  position            INTEGER PRIMARY KEY,   -- in order of creation
  id                  TEXT NOT NULL UNIQUE,
  name                TEXT NOT NULL,
  state               TEXT NOT NULL CHECK (state IN ('running', 'finished', 'cancelled', 'failed', 'crashed')),
  reason              TEXT NOT NULL,
  method              TEXT NOT NULL,
  metric              TEXT NOT NULL,
  goal                TEXT NOT NULL CHECK (goal IN ('maximize', 'minimize')),
  file_name           TEXT NOT NULL,
  file_text           TEXT NOT NULL,
  classes             TEXT NOT NULL,
  created_at          TEXT NOT NULL,
  ended_at            TEXT,
  frozen_passes       INTEGER NOT NULL,
  frozen_passes_saved INTEGER NOT NULL
);

CREATE TABLE provenance (
  sweep_id TEXT NOT NULL REFERENCES sweep (id),
  name     TEXT NOT NULL,
  value    TEXT NOT NULL,
  PRIMARY KEY (sweep_id, name)
) WITHOUT ROWID;

CREATE TABLE feature_group (
  position       INTEGER PRIMARY KEY,
  sweep_id       TEXT NOT NULL REFERENCES sweep (id),
  key            TEXT NOT NULL,
  base           TEXT NOT NULL,
  image_size     INTEGER NOT NULL,
  cut            TEXT NOT NULL,
  images         INTEGER NOT NULL,
  bytes          INTEGER NOT NULL,
  cache_hit      INTEGER NOT NULL CHECK (cache_hit IN (0, 1)),
  decode_seconds REAL,
  prefix_seconds REAL,
  UNIQUE (sweep_id, key)
);

CREATE TABLE trial (
  id            TEXT NOT NULL PRIMARY KEY,
  sweep_id      TEXT NOT NULL REFERENCES sweep (id),
  number        INTEGER NOT NULL,            -- from 1
  state         TEXT NOT NULL CHECK (
                  state IN ('waiting', 'running', 'finished', 'pruned', 'failed', 'crashed', 'cancelled')),
  reason        TEXT NOT NULL DEFAULT '',
  parameters    TEXT NOT NULL,
  seed          INTEGER NOT NULL,
  run_key       TEXT NOT NULL DEFAULT '',    -- digest of all that decides the result; equal keys need not run twice
  same_as       TEXT NOT NULL DEFAULT '',    -- the trial whose result this one took over; empty if it was trained
  feature_group TEXT NOT NULL DEFAULT '',
  cache_hit     INTEGER NOT NULL DEFAULT 0 CHECK (cache_hit IN (0, 1)),
  attempts      INTEGER NOT NULL DEFAULT 0,  -- attempts begun; the latest is the one that counts
  epochs        INTEGER NOT NULL DEFAULT 0,  -- epochs ended in that attempt
  last_epoch    INTEGER NOT NULL DEFAULT 0,
  best_epoch    INTEGER NOT NULL DEFAULT 0,  -- by the sweep's metric, the first of equals; 0 before there is one
  kept_epoch    INTEGER NOT NULL DEFAULT 0,
  started_at    TEXT,
  ended_at      TEXT,
  seconds       TEXT NOT NULL DEFAULT '{}',
  UNIQUE (sweep_id, number)
) WITHOUT ROWID;

CREATE INDEX trial_run_key ON trial (run_key, state);

CREATE TABLE attempt (
  trial_id      TEXT NOT NULL REFERENCES trial (id),
  attempt       INTEGER NOT NULL,            -- from 1
  feature_group TEXT NOT NULL,
  started_at    TEXT NOT NULL,
  ended_at      TEXT,                        -- when the trial ended, or the next attempt began
  PRIMARY KEY (trial_id, attempt)
) WITHOUT ROWID;

CREATE TABLE epoch (
  trial_id TEXT NOT NULL,
  attempt  INTEGER NOT NULL,
  epoch    INTEGER NOT NULL,                 -- from 1
  phase    INTEGER NOT NULL,                 -- 1 the head alone, 2 head and tail
  ended_at TEXT NOT NULL,
  PRIMARY KEY (trial_id, attempt, epoch),
  FOREIGN KEY (trial_id, attempt) REFERENCES attempt (trial_id, attempt)
) WITHOUT ROWID;

CREATE TABLE metric (
  trial_id TEXT NOT NULL,
  attempt  INTEGER NOT NULL,
  epoch    INTEGER NOT NULL,
  name     TEXT NOT NULL,
  position INTEGER NOT NULL,                 -- the metric's place among those of its epoch
  value    REAL,                             -- NULL is NaN
  PRIMARY KEY (trial_id, attempt, epoch, name),
  FOREIGN KEY (trial_id, attempt, epoch) REFERENCES epoch (trial_id, attempt, epoch)
) WITHOUT ROWID;

CREATE TABLE epoch_class (
  trial_id  TEXT NOT NULL,
  attempt   INTEGER NOT NULL,
  epoch     INTEGER NOT NULL,
  class     INTEGER NOT NULL,                -- index into the sweep's classes
  actual    INTEGER NOT NULL,
  predicted INTEGER NOT NULL,
  correct   INTEGER NOT NULL,
  PRIMARY KEY (trial_id, attempt, epoch, class),
  FOREIGN KEY (trial_id, attempt, epoch) REFERENCES epoch (trial_id, attempt, epoch)
) WITHOUT ROWID;

-- Of the attempt that counts. "best" is the value at the trial's best epoch, which is one epoch for all metrics; the
-- extremes are each metric's own, leave out NaN, and name the first of equal epochs.
CREATE TABLE summary (
  trial_id   TEXT NOT NULL REFERENCES trial (id),
  name       TEXT NOT NULL,
  position   INTEGER NOT NULL,
  best       REAL,
  best_epoch INTEGER,                        -- NULL where the best epoch lacks the metric, or there is none
  last       REAL,
  last_epoch INTEGER NOT NULL,
  min        REAL,
  min_epoch  INTEGER,                        -- NULL while all values are NaN
  max        REAL,
  max_epoch  INTEGER,
  PRIMARY KEY (trial_id, name)
) WITHOUT ROWID;

-- Paths once, however many trials predict them.
CREATE TABLE image (
  id   INTEGER PRIMARY KEY,
  path TEXT NOT NULL UNIQUE
);

CREATE TABLE prediction (
  trial_id          TEXT NOT NULL REFERENCES trial (id),
  position          INTEGER NOT NULL,
  image_id          INTEGER NOT NULL REFERENCES image (id),
  label             INTEGER NOT NULL,
  predicted         INTEGER NOT NULL,
  confidence        REAL,
  label_probability REAL,
  PRIMARY KEY (trial_id, position)
) WITHOUT ROWID;

-- What is decided when a sweep is created stays so, also for those who write SQL themselves.
CREATE TRIGGER sweep_replaced BEFORE INSERT ON sweep
WHEN EXISTS (SELECT 1 FROM sweep WHERE id = NEW.id OR position = NEW.position)
BEGIN SELECT RAISE(ABORT, 'a sweep with this id exists'); END;
CREATE TRIGGER sweep_changed
BEFORE UPDATE OF position, id, name, method, metric, goal, file_name, file_text, classes, created_at ON sweep
BEGIN SELECT RAISE(ABORT, 'what a sweep is does not change'); END;
CREATE TRIGGER sweep_deleted BEFORE DELETE ON sweep
WHEN EXISTS (SELECT 1 FROM trial WHERE sweep_id = OLD.id AND state NOT IN ('waiting', 'running'))
BEGIN SELECT RAISE(ABORT, 'the sweep has trials that have ended, which never change'); END;

-- A trial that has ended never changes. REPLACE fires no delete triggers, hence the insert triggers.
CREATE TRIGGER trial_replaced BEFORE INSERT ON trial
WHEN EXISTS (SELECT 1 FROM trial WHERE id = NEW.id OR (sweep_id = NEW.sweep_id AND number = NEW.number))
BEGIN SELECT RAISE(ABORT, 'a trial with this id or number exists'); END;
CREATE TRIGGER trial_renamed BEFORE UPDATE OF id, sweep_id, number, parameters, seed, run_key ON trial
BEGIN SELECT RAISE(ABORT, 'what a trial is does not change'); END;
CREATE TRIGGER trial_changed BEFORE UPDATE ON trial WHEN OLD.state NOT IN ('waiting', 'running')
BEGIN SELECT RAISE(ABORT, 'the trial has ended and never changes'); END;
CREATE TRIGGER trial_deleted BEFORE DELETE ON trial WHEN OLD.state NOT IN ('waiting', 'running')
BEGIN SELECT RAISE(ABORT, 'the trial has ended and never changes'); END;

CREATE VIEW ended_trial AS SELECT id FROM trial WHERE state NOT IN ('waiting', 'running');

CREATE TRIGGER attempt_added BEFORE INSERT ON attempt WHEN EXISTS (SELECT 1 FROM ended_trial WHERE id = NEW.trial_id)
BEGIN SELECT RAISE(ABORT, 'the trial has ended and never changes'); END;
CREATE TRIGGER attempt_changed BEFORE UPDATE ON attempt
WHEN EXISTS (SELECT 1 FROM ended_trial WHERE id IN (OLD.trial_id, NEW.trial_id))
BEGIN SELECT RAISE(ABORT, 'the trial has ended and never changes'); END;
CREATE TRIGGER attempt_deleted BEFORE DELETE ON attempt WHEN EXISTS (SELECT 1 FROM ended_trial WHERE id = OLD.trial_id)
BEGIN SELECT RAISE(ABORT, 'the trial has ended and never changes'); END;

CREATE TRIGGER epoch_added BEFORE INSERT ON epoch WHEN EXISTS (SELECT 1 FROM ended_trial WHERE id = NEW.trial_id)
BEGIN SELECT RAISE(ABORT, 'the trial has ended and never changes'); END;
CREATE TRIGGER epoch_changed BEFORE UPDATE ON epoch
WHEN EXISTS (SELECT 1 FROM ended_trial WHERE id IN (OLD.trial_id, NEW.trial_id))
BEGIN SELECT RAISE(ABORT, 'the trial has ended and never changes'); END;
CREATE TRIGGER epoch_deleted BEFORE DELETE ON epoch WHEN EXISTS (SELECT 1 FROM ended_trial WHERE id = OLD.trial_id)
BEGIN SELECT RAISE(ABORT, 'the trial has ended and never changes'); END;

CREATE TRIGGER metric_added BEFORE INSERT ON metric WHEN EXISTS (SELECT 1 FROM ended_trial WHERE id = NEW.trial_id)
BEGIN SELECT RAISE(ABORT, 'the trial has ended and never changes'); END;
CREATE TRIGGER metric_changed BEFORE UPDATE ON metric
WHEN EXISTS (SELECT 1 FROM ended_trial WHERE id IN (OLD.trial_id, NEW.trial_id))
BEGIN SELECT RAISE(ABORT, 'the trial has ended and never changes'); END;
CREATE TRIGGER metric_deleted BEFORE DELETE ON metric WHEN EXISTS (SELECT 1 FROM ended_trial WHERE id = OLD.trial_id)
BEGIN SELECT RAISE(ABORT, 'the trial has ended and never changes'); END;

CREATE TRIGGER epoch_class_added BEFORE INSERT ON epoch_class WHEN EXISTS (SELECT 1 FROM ended_trial WHERE id = NEW.trial_id)
BEGIN SELECT RAISE(ABORT, 'the trial has ended and never changes'); END;
CREATE TRIGGER epoch_class_changed BEFORE UPDATE ON epoch_class
WHEN EXISTS (SELECT 1 FROM ended_trial WHERE id IN (OLD.trial_id, NEW.trial_id))
BEGIN SELECT RAISE(ABORT, 'the trial has ended and never changes'); END;
CREATE TRIGGER epoch_class_deleted BEFORE DELETE ON epoch_class WHEN EXISTS (SELECT 1 FROM ended_trial WHERE id = OLD.trial_id)
BEGIN SELECT RAISE(ABORT, 'the trial has ended and never changes'); END;

CREATE TRIGGER summary_added BEFORE INSERT ON summary WHEN EXISTS (SELECT 1 FROM ended_trial WHERE id = NEW.trial_id)
BEGIN SELECT RAISE(ABORT, 'the trial has ended and never changes'); END;
CREATE TRIGGER summary_changed BEFORE UPDATE ON summary
WHEN EXISTS (SELECT 1 FROM ended_trial WHERE id IN (OLD.trial_id, NEW.trial_id))
BEGIN SELECT RAISE(ABORT, 'the trial has ended and never changes'); END;
CREATE TRIGGER summary_deleted BEFORE DELETE ON summary WHEN EXISTS (SELECT 1 FROM ended_trial WHERE id = OLD.trial_id)
BEGIN SELECT RAISE(ABORT, 'the trial has ended and never changes'); END;

CREATE TRIGGER prediction_added BEFORE INSERT ON prediction WHEN EXISTS (SELECT 1 FROM ended_trial WHERE id = NEW.trial_id)
BEGIN SELECT RAISE(ABORT, 'the trial has ended and never changes'); END;
CREATE TRIGGER prediction_changed BEFORE UPDATE ON prediction
WHEN EXISTS (SELECT 1 FROM ended_trial WHERE id IN (OLD.trial_id, NEW.trial_id))
BEGIN SELECT RAISE(ABORT, 'the trial has ended and never changes'); END;
CREATE TRIGGER prediction_deleted BEFORE DELETE ON prediction WHEN EXISTS (SELECT 1 FROM ended_trial WHERE id = OLD.trial_id)
BEGIN SELECT RAISE(ABORT, 'the trial has ended and never changes'); END;

-- An image's path is part of the predictions that name it.
CREATE TRIGGER image_replaced BEFORE INSERT ON image
WHEN EXISTS (SELECT 1 FROM image WHERE id = NEW.id OR path = NEW.path)
BEGIN SELECT RAISE(ABORT, 'an image with this id or path exists'); END;
CREATE TRIGGER image_changed BEFORE UPDATE ON image
BEGIN SELECT RAISE(ABORT, 'an image does not change'); END;
CREATE TRIGGER image_deleted BEFORE DELETE ON image
BEGIN SELECT RAISE(ABORT, 'predictions may name the image'); END;

CREATE VIEW leaderboard AS
-- One row per trial, all sweeps: SELECT * FROM leaderboard WHERE sweep_id = '...' ORDER BY place.
--   place        from 1 in its sweep: finished trials by their best epoch, then other trials that have one, then the
--                rest; equal values in the order of the trials
--   value        the sweep's metric at the trial's best epoch
--   parameters   JSON: json_extract(parameters, '$.learning_rate'), in DuckDB parameters->>'learning_rate'
--   seconds      of the whole trial, its share of shared work included
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
  t.ended_at
FROM trial t
JOIN sweep s ON s.id = t.sweep_id
LEFT JOIN summary m ON m.trial_id = t.id AND m.name = s.metric;

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
JOIN epoch e ON e.trial_id = t.id AND e.attempt = t.attempts
JOIN metric m ON m.trial_id = e.trial_id AND m.attempt = e.attempt AND m.epoch = e.epoch;

CREATE VIEW predictions AS
-- One row per trial and validation image, at the trial's kept epoch, with the names of the classes.
SELECT
  t.sweep_id,
  p.trial_id,
  t.kept_epoch AS epoch,
  p.position,
  i.path AS image,
  json_extract(s.classes, '$[' || p.label || ']') AS label,
  json_extract(s.classes, '$[' || p.predicted || ']') AS predicted,
  p.confidence,
  p.label_probability
FROM prediction p
JOIN trial t ON t.id = p.trial_id
JOIN sweep s ON s.id = t.sweep_id
JOIN image i ON i.id = p.image_id;
