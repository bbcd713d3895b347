-- What the items of a part are counted from: `sprint`, `milestone`, `project`, `initiative` or `issue` with an id; nothing
-- for a part that people count by hand. Of a counted part `items` is 0, and `team_id` is whose promise it is.
alter table commitment_parts add column source text;
alter table commitment_parts add column source_id text;
