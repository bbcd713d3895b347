-- For those who forecast: what each sprint was to hold when it began.
create view work_public_sprint_starts (workspace_id, sprint_id, issue_id) as
    select workspace_id, sprint_id, issue_id from sprint_commitments;
