-- What leads to an issue: the key of a team with each that it had before, and the keys that an issue had elsewhere.
create view work_public_keys (workspace_id, team_id, key) as
    select workspace_id, team_id, key from work_keys;
create view work_public_aliases (workspace_id, key, issue_id) as
    select workspace_id, key, issue_id from issue_aliases;
