-- The record of Graft, schema 3. Applied to schema 2 in one transaction; user_version is set by the caller.
--
-- New: what people think of sweeps and trials stands beside what was recorded, and may change at any time, also while a
-- sweep runs and by any process; an ended sweep can be deleted as a whole.

-- No row says the same as one with nothing in it. Lengths are in characters.
CREATE TABLE sweep_annotation (
  sweep_id TEXT NOT NULL PRIMARY KEY REFERENCES sweep (id),
  name     TEXT NOT NULL DEFAULT '' CHECK (length(name) <= 200),      -- empty for the recorded one
  notes    TEXT NOT NULL DEFAULT '' CHECK (length(notes) <= 100000),  -- Markdown
  tags     TEXT NOT NULL DEFAULT '[]' CHECK (
             CASE WHEN json_valid(tags) THEN json_type(tags) = 'array' AND json_array_length(tags) <= 20 ELSE 0 END),
  archived INTEGER NOT NULL DEFAULT 0 CHECK (archived IN (0, 1))
) WITHOUT ROWID;

CREATE TABLE trial_annotation (
  trial_id TEXT NOT NULL PRIMARY KEY REFERENCES trial (id),
  pinned   INTEGER NOT NULL DEFAULT 0 CHECK (pinned IN (0, 1)),
  hidden   INTEGER NOT NULL DEFAULT 0 CHECK (hidden IN (0, 1))
) WITHOUT ROWID;

-- The sweep that the present transaction deletes; empty at all other times. Once a sweep is named here, it must go.
CREATE TABLE deleted_sweep (
  sweep_id TEXT NOT NULL PRIMARY KEY
) WITHOUT ROWID;

CREATE TRIGGER deleted_sweep_added BEFORE INSERT ON deleted_sweep
WHEN NOT EXISTS (SELECT 1 FROM sweep WHERE id = NEW.sweep_id AND state <> 'running')
BEGIN SELECT RAISE(ABORT, 'only a sweep that has ended can be deleted'); END;
CREATE TRIGGER deleted_sweep_changed BEFORE UPDATE ON deleted_sweep
BEGIN SELECT RAISE(ABORT, 'a deletion that has begun does not change'); END;
CREATE TRIGGER deleted_sweep_deleted BEFORE DELETE ON deleted_sweep
WHEN EXISTS (SELECT 1 FROM sweep WHERE id = OLD.sweep_id)
BEGIN SELECT RAISE(ABORT, 'a deletion that has begun does not change until the sweep is gone'); END;

DROP TRIGGER trial_deleted;
CREATE TRIGGER trial_deleted BEFORE DELETE ON trial
WHEN OLD.state NOT IN ('waiting', 'running') AND OLD.sweep_id NOT IN (SELECT sweep_id FROM deleted_sweep)
BEGIN SELECT RAISE(ABORT, 'the trial has ended and never changes'); END;

DROP TRIGGER sweep_file_version_deleted;
CREATE TRIGGER sweep_file_version_deleted BEFORE DELETE ON sweep_file_version
WHEN OLD.sweep_id NOT IN (SELECT sweep_id FROM deleted_sweep)
BEGIN SELECT RAISE(ABORT, 'the versions of a sweep file never change'); END;

-- The triggers of what belongs to a trial ask this view.
DROP VIEW ended_trial;
CREATE VIEW ended_trial AS
SELECT id FROM trial
WHERE state NOT IN ('waiting', 'running') AND sweep_id NOT IN (SELECT sweep_id FROM deleted_sweep);

CREATE VIEW sweeps AS
-- One row per sweep, with what people noted about it.
--   name           as it is shown: the one it was given later, or the recorded one
--   trials         how many it has, and how many of them have finished
--   tags           JSON: a list of words
--   notes          Markdown
SELECT
  s.id AS sweep_id,
  CASE WHEN a.name <> '' THEN a.name ELSE s.name END AS name,
  s.name AS recorded_name,
  s.state,
  s.reason,
  s.method,
  s.metric,
  s.goal,
  (SELECT count(*) FROM trial t WHERE t.sweep_id = s.id) AS trials,
  (SELECT count(*) FROM trial t WHERE t.sweep_id = s.id AND t.state = 'finished') AS finished,
  s.frozen_passes,
  s.frozen_passes_saved,
  s.created_at,
  s.ended_at,
  coalesce(a.tags, '[]') AS tags,
  coalesce(a.archived, 0) AS archived,
  coalesce(a.notes, '') AS notes
FROM sweep s
LEFT JOIN sweep_annotation a ON a.sweep_id = s.id;
