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
    -- `idea`, `planned`, `started`, `paused`, `done` or `cancelled`.
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

-- What somebody said that goes into the score of a project. Rows are only added, and may be taken back.
create table judgements (
    workspace_id text not null,
    id text not null,
    project_id text not null,
    why text not null,
    at bigint not null,
    by_id text not null,
    undone_at bigint,
    undone_by text,
    primary key (workspace_id, id),
    foreign key (workspace_id, project_id) references projects (workspace_id, id),
    foreign key (workspace_id, by_id) references people (workspace_id, id),
    foreign key (workspace_id, undone_by) references people (workspace_id, id)
);
create index judgements_project on judgements (workspace_id, project_id, at);

create table judged_values (
    workspace_id text not null,
    judgement_id text not null,
    -- The key of a factor: crates/roadmap/src/priority/method.rs, or the id of a criterion.
    factor text not null,
    -- Nothing where it is no longer known.
    value double precision,
    primary key (workspace_id, judgement_id, factor),
    foreign key (workspace_id, judgement_id) references judgements (workspace_id, id)
);

-- Which criteria count, and how much: of a team, or of the whole workspace. The last that was not taken back holds.
create table weightings (
    workspace_id text not null references workspaces (id),
    id text not null,
    team_id text,
    at bigint not null,
    by_id text not null,
    undone_at bigint,
    primary key (workspace_id, id),
    foreign key (workspace_id, team_id) references teams (workspace_id, id),
    foreign key (workspace_id, by_id) references people (workspace_id, id)
);

create table weighting_criteria (
    workspace_id text not null,
    weighting_id text not null,
    -- Stays the same from one weighting to the next.
    criterion_id text not null,
    name text not null,
    weight bigint not null,
    position bigint not null,
    primary key (workspace_id, weighting_id, criterion_id),
    foreign key (workspace_id, weighting_id) references weightings (workspace_id, id)
);
create index weighting_criteria_criterion on weighting_criteria (workspace_id, criterion_id);

-- What a team wants to spend its capacity on in a quarter. The last for a quarter that was not taken back holds, and its rules
-- hold for later quarters as well.
create table share_plans (
    workspace_id text not null references workspaces (id),
    id text not null,
    team_id text not null,
    -- `2026-Q4`, which sorts by time.
    quarter text not null,
    why text not null,
    at bigint not null,
    by_id text not null,
    undone_at bigint,
    primary key (workspace_id, id),
    foreign key (workspace_id, team_id) references teams (workspace_id, id),
    foreign key (workspace_id, by_id) references people (workspace_id, id)
);
create index share_plans_team on share_plans (workspace_id, team_id, quarter, at);

create table planned_shares (
    workspace_id text not null,
    plan_id text not null,
    share_id text not null,
    name text not null,
    percent bigint not null,
    position bigint not null,
    primary key (workspace_id, plan_id, share_id),
    foreign key (workspace_id, plan_id) references share_plans (workspace_id, id)
);

-- Which share has the issues with a label, and those of a project. Labels are kept by `work`.
create table share_labels (
    workspace_id text not null,
    plan_id text not null,
    label_id text not null,
    share_id text not null,
    primary key (workspace_id, plan_id, label_id),
    foreign key (workspace_id, plan_id, share_id) references planned_shares (workspace_id, plan_id, share_id)
);

create table share_projects (
    workspace_id text not null,
    plan_id text not null,
    project_id text not null,
    share_id text not null,
    primary key (workspace_id, plan_id, project_id),
    foreign key (workspace_id, plan_id, share_id) references planned_shares (workspace_id, plan_id, share_id),
    foreign key (workspace_id, project_id) references projects (workspace_id, id)
);

-- The register of technical debt.
create table debts (
    workspace_id text not null references workspaces (id),
    id text not null,
    team_id text not null,
    created_at bigint not null,
    created_by text,
    removed_at bigint,
    primary key (workspace_id, id),
    foreign key (workspace_id, team_id) references teams (workspace_id, id),
    foreign key (workspace_id, created_by) references people (workspace_id, id)
);
create index debts_team on debts (workspace_id, team_id);

-- What was known of a debt at one time. The last that was not taken back holds.
create table debt_versions (
    workspace_id text not null,
    id text not null,
    debt_id text not null,
    number bigint not null,
    name text not null,
    -- Markdown.
    about text not null,
    owner_id text,
    -- `open`, `repaying`, `repaid` or `accepted`.
    standing text not null,
    -- Of all together; nothing where nobody knows.
    hours_a_week double precision,
    hours_to_repay double precision,
    at bigint not null,
    by_id text not null,
    undone_at bigint,
    primary key (workspace_id, id),
    unique (workspace_id, debt_id, number),
    foreign key (workspace_id, debt_id) references debts (workspace_id, id),
    foreign key (workspace_id, owner_id) references people (workspace_id, id),
    foreign key (workspace_id, by_id) references people (workspace_id, id)
);

-- Issues and repositories are kept by other parts.
create table debt_issues (
    workspace_id text not null,
    version_id text not null,
    issue_id text not null,
    primary key (workspace_id, version_id, issue_id),
    foreign key (workspace_id, version_id) references debt_versions (workspace_id, id)
);

create table debt_places (
    workspace_id text not null,
    version_id text not null,
    position bigint not null,
    repository_id text not null,
    path text not null,
    primary key (workspace_id, version_id, position),
    foreign key (workspace_id, version_id) references debt_versions (workspace_id, id)
);

-- Where debts lie, for those who know how often it changes.
create view roadmap_public_debt_places (workspace_id, debt_id, repository_id, path) as
    select v.workspace_id, v.debt_id, p.repository_id, p.path
      from debt_versions v
      join debt_places p on p.workspace_id = v.workspace_id and p.version_id = v.id
     where v.undone_at is null
       and not exists (select 1 from debt_versions l
                        where l.workspace_id = v.workspace_id and l.debt_id = v.debt_id and l.undone_at is null
                          and l.number > v.number);

-- Projects and milestones for those who keep issues and those who forecast.
create view roadmap_public_projects (workspace_id, project_id, name, open, start_on, target_on) as
    select workspace_id, id, name, state in ('planned', 'started', 'paused'), start_on, target_on from projects;

create view roadmap_public_milestones (workspace_id, milestone_id, project_id, name, position, target_on) as
    select workspace_id, id, project_id, name, position, target_on from milestones where removed_at is null;
