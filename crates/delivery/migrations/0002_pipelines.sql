-- What CI and incident systems told, by the ids of the source. `project` is the repository as the source names it;
-- `repository_id` is set where the import said whose it is. Each row adds up what was told, in whatever order it came:
-- the newest word counts (`as_of`, then `rank`), and of each time the earliest.
create table pipelines (
    workspace_id text not null references workspaces (id),
    system text not null,
    source_id text not null,
    project text not null,
    name text not null,
    repository_id text,
    primary key (workspace_id, system, source_id),
    foreign key (workspace_id, repository_id) references repositories (workspace_id, id)
);

create table builds (
    workspace_id text not null references workspaces (id),
    system text not null,
    source_id text not null,
    -- Counted from 1 where a build is run again under the same id.
    attempt bigint not null,
    repository_id text,
    project text not null,
    pipeline_id text,
    -- The build that set this one off.
    parent_id text,
    name text not null,
    number bigint,
    commit_hash text,
    branch text,
    event text,
    outcome text not null,
    -- The outcome in the source's word.
    said text not null,
    rank bigint not null,
    queued_at bigint,
    started_at bigint,
    finished_at bigint,
    as_of bigint not null,
    url text,
    primary key (workspace_id, system, source_id, attempt),
    foreign key (workspace_id, repository_id) references repositories (workspace_id, id)
);
create index builds_repository on builds (workspace_id, repository_id, started_at);
create index builds_project on builds (workspace_id, project, started_at);

create table build_jobs (
    workspace_id text not null references workspaces (id),
    system text not null,
    source_id text not null,
    attempt bigint not null,
    repository_id text,
    project text not null,
    build_id text,
    name text not null,
    commit_hash text,
    outcome text not null,
    said text not null,
    rank bigint not null,
    may_fail boolean not null,
    queued_at bigint,
    started_at bigint,
    finished_at bigint,
    as_of bigint not null,
    -- A list of {name, outcome, started_at, finished_at} as JSON.
    steps text not null,
    primary key (workspace_id, system, source_id, attempt),
    foreign key (workspace_id, repository_id) references repositories (workspace_id, id)
);
create index build_jobs_build on build_jobs (workspace_id, system, build_id);

create table deployments (
    workspace_id text not null references workspaces (id),
    -- `hand` for those that were told by hand or by a script.
    system text not null,
    source_id text not null,
    repository_id text,
    project text not null,
    environment text,
    -- Where the source says whether people use that environment.
    production boolean,
    commit_hash text,
    reference text,
    outcome text not null,
    said text not null,
    rank bigint not null,
    created_at bigint,
    started_at bigint,
    finished_at bigint,
    as_of bigint not null,
    url text,
    primary key (workspace_id, system, source_id),
    foreign key (workspace_id, repository_id) references repositories (workspace_id, id)
);
create index deployments_repository on deployments (workspace_id, repository_id);
create index deployments_project on deployments (workspace_id, project);

create table releases (
    workspace_id text not null references workspaces (id),
    system text not null,
    source_id text not null,
    repository_id text,
    project text not null,
    tag text not null,
    name text,
    commit_hash text,
    published_at bigint,
    prerelease boolean not null,
    draft boolean not null,
    primary key (workspace_id, system, source_id),
    foreign key (workspace_id, repository_id) references repositories (workspace_id, id)
);

create table incidents (
    workspace_id text not null references workspaces (id),
    system text not null,
    source_id text not null,
    repository_id text,
    team_id text,
    number bigint,
    title text not null,
    service text,
    severity text,
    said text not null,
    opened_at bigint not null,
    acknowledged_at bigint,
    resolved_at bigint,
    as_of bigint not null,
    url text,
    primary key (workspace_id, system, source_id),
    foreign key (workspace_id, repository_id) references repositories (workspace_id, id),
    foreign key (workspace_id, team_id) references teams (workspace_id, id)
);

-- Files of test results, each by a hash of what it held and of the commit.
create table test_runs (
    workspace_id text not null references workspaces (id),
    source_id text not null,
    repository_id text,
    commit_hash text,
    ran_at bigint,
    -- Microseconds.
    duration bigint not null,
    primary key (workspace_id, source_id),
    foreign key (workspace_id, repository_id) references repositories (workspace_id, id)
);

create table test_results (
    workspace_id text not null,
    run_id text not null,
    -- The place in the file.
    number bigint not null,
    suite text not null,
    name text not null,
    file text,
    outcome text not null,
    duration bigint,
    message text,
    -- Runs that failed before the one that counts.
    failed_before bigint not null,
    primary key (workspace_id, run_id, number),
    foreign key (workspace_id, run_id) references test_runs (workspace_id, source_id)
);

create table coverage_reports (
    workspace_id text not null references workspaces (id),
    source_id text not null,
    repository_id text,
    commit_hash text,
    measured_at bigint,
    format text not null,
    lines_covered bigint not null,
    lines_known bigint not null,
    branches_covered bigint not null,
    branches_known bigint not null,
    primary key (workspace_id, source_id),
    foreign key (workspace_id, repository_id) references repositories (workspace_id, id)
);

-- What counts as a deployment to production, by team. Without a row: environments called production, prod or live.
create table deployment_rules (
    workspace_id text not null,
    team_id text not null,
    -- `environment`, `pipeline`, or `tag`, which releases have as well.
    kind text not null,
    -- `*` stands for any text.
    pattern text not null,
    primary key (workspace_id, team_id, kind, pattern),
    foreign key (workspace_id, team_id) references teams (workspace_id, id)
);
