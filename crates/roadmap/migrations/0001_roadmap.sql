-- What several projects together are for.
create table initiatives (
    workspace_id text not null references workspaces (id),
    id text not null,
    name text not null,
    -- The name without case.
    unique_name text not null,
    -- Markdown.
    about text not null default '',
    owner_id text,
    -- As of a project.
    state text not null,
    target text,
    target_on text,
    created_at bigint not null,
    created_by text,
    primary key (workspace_id, id),
    unique (workspace_id, unique_name),
    foreign key (workspace_id, owner_id) references people (workspace_id, id),
    foreign key (workspace_id, created_by) references people (workspace_id, id)
);

-- Work of one or several teams towards one end.
create table projects (
    workspace_id text not null references workspaces (id),
    id text not null,
    name text not null,
    -- The name without case.
    unique_name text not null,
    -- Markdown.
    about text not null default '',
    owner_id text,
    -- `planned`, `started`, `paused`, `done` or `cancelled`.
    state text not null,
    -- A day, a month or a quarter as it is written, and the first day of that.
    start text,
    start_on text,
    -- The same, and the last day.
    target text,
    target_on text,
    initiative_id text,
    -- Every how many weeks the owner is asked how it stands; nothing where nobody is.
    rhythm_weeks bigint,
    -- When the owner was asked last; nothing once that is taken back.
    asked_at bigint,
    created_at bigint not null,
    created_by text,
    primary key (workspace_id, id),
    unique (workspace_id, unique_name),
    foreign key (workspace_id, initiative_id) references initiatives (workspace_id, id),
    foreign key (workspace_id, owner_id) references people (workspace_id, id),
    foreign key (workspace_id, created_by) references people (workspace_id, id)
);
create index projects_initiative on projects (workspace_id, initiative_id);

-- The teams that take part.
create table project_teams (
    workspace_id text not null,
    project_id text not null,
    team_id text not null,
    primary key (workspace_id, project_id, team_id),
    foreign key (workspace_id, project_id) references projects (workspace_id, id),
    foreign key (workspace_id, team_id) references teams (workspace_id, id)
);
create index project_teams_team on project_teams (workspace_id, team_id);

-- What a project reaches on the way.
create table milestones (
    workspace_id text not null,
    id text not null,
    project_id text not null,
    name text not null,
    -- The project and the name without case; the id for one that is removed.
    unique_name text not null,
    target text,
    target_on text,
    -- Its place among those of the project.
    position bigint not null,
    created_at bigint not null,
    removed_at bigint,
    primary key (workspace_id, id),
    unique (workspace_id, unique_name),
    foreign key (workspace_id, project_id) references projects (workspace_id, id)
);
create index milestones_project on milestones (workspace_id, project_id, position);

-- How a project stood, in words. Rows are only added.
create table health_updates (
    workspace_id text not null,
    id text not null,
    project_id text not null,
    -- `on_track`, `at_risk` or `off_track`.
    health text not null,
    why text not null,
    at bigint not null,
    by_id text not null,
    primary key (workspace_id, id),
    foreign key (workspace_id, project_id) references projects (workspace_id, id),
    foreign key (workspace_id, by_id) references people (workspace_id, id)
);
create index health_updates_project on health_updates (workspace_id, project_id, at);

-- Projects and milestones for those who keep issues and those who forecast.
create view roadmap_public_projects (workspace_id, project_id, name, open, start_on, target_on) as
    select workspace_id, id, name, state in ('planned', 'started', 'paused'), start_on, target_on from projects;

create view roadmap_public_milestones (workspace_id, milestone_id, project_id, name, position, target_on) as
    select workspace_id, id, project_id, name, position, target_on from milestones where removed_at is null;
