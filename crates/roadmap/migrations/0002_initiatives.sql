-- For those who forecast: initiatives, and which projects they hold.
create view roadmap_public_initiatives (workspace_id, initiative_id, name, open, target_on) as
    select workspace_id, id, name, state in ('planned', 'started', 'paused'), target_on from initiatives;

create view roadmap_public_initiative_projects (workspace_id, initiative_id, project_id) as
    select workspace_id, initiative_id, id from projects where initiative_id is not null;
