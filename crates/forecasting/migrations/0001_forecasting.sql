-- Files of finish dates. A file of the same name takes the place of the one before it.
create table finish_imports (
    workspace_id text not null references workspaces (id),
    id text not null,
    team_id text not null,
    name text not null,
    -- The last day of which the file tells everything.
    complete_until text not null,
    items bigint not null,
    imported_by text not null,
    imported_at bigint not null,
    removed_at bigint,
    primary key (workspace_id, id),
    foreign key (workspace_id, team_id) references teams (workspace_id, id)
);
create index finish_imports_team on finish_imports (workspace_id, team_id);

-- How many items were finished on a day, which is the instant at which it begins in UTC.
create table imported_finishes (
    workspace_id text not null,
    import_id text not null,
    at bigint not null,
    items bigint not null,
    primary key (workspace_id, import_id, at),
    foreign key (workspace_id, import_id) references finish_imports (workspace_id, id)
);

-- What counts as an item of a team, where somebody has chosen.
create table counted_items (
    workspace_id text not null,
    team_id text not null,
    kind text not null,
    chosen_by text not null,
    chosen_at bigint not null,
    primary key (workspace_id, team_id),
    foreign key (workspace_id, team_id) references teams (workspace_id, id)
);

-- Promises to somebody. What is to be done is in their parts.
create table commitments (
    workspace_id text not null references workspaces (id),
    id text not null,
    name text not null,
    team_id text not null,
    promised_on text not null,
    promised_to text not null default '',
    note text not null default '',
    created_by text not null,
    created_at bigint not null,
    -- `kept`, `missed` or `dropped`, and the day on which that was.
    ending text,
    ended_on text,
    ended_by text,
    primary key (workspace_id, id),
    foreign key (workspace_id, team_id) references teams (workspace_id, id)
);
create index commitments_team on commitments (workspace_id, team_id);

-- The parts of a commitment in their order. `waits_for` are ranks of earlier ones, with a space between.
create table commitment_parts (
    workspace_id text not null,
    commitment_id text not null,
    rank bigint not null,
    name text not null default '',
    team_id text not null,
    -- How many items were left to do at the start of `counted_on`.
    items bigint not null,
    counted_on text not null,
    -- How much of what the team finishes is of this part, in percent.
    focus bigint not null,
    waits_for text not null default '',
    primary key (workspace_id, commitment_id, rank),
    foreign key (workspace_id, commitment_id) references commitments (workspace_id, id),
    foreign key (workspace_id, team_id) references teams (workspace_id, id)
);

-- What was known of a commitment on a day, so that what moved its chance can be told.
create table commitment_snapshots (
    workspace_id text not null,
    commitment_id text not null,
    on_date text not null,
    chance double precision not null,
    likely_on text,
    known text not null,
    primary key (workspace_id, commitment_id, on_date),
    foreign key (workspace_id, commitment_id) references commitments (workspace_id, id)
);

-- The log: what was forecast, when, by whom and from what. Rows are added and never changed or taken away.
create table issued_forecasts (
    workspace_id text not null references workspaces (id),
    id text not null,
    team_id text not null,
    issued_at bigint not null,
    -- Nobody for those that Cairn issues every week.
    issued_by text,
    -- `count`: how many in `days` days. `date`: when so many `items`. `promise`: whether a commitment is kept.
    question text not null,
    kind text not null,
    as_of text not null,
    days bigint not null,
    items bigint,
    commitment_id text,
    seed bigint not null,
    -- SHA-256 of the history and the capacity that it was made from.
    digest text not null,
    -- What is stated with 5, 10 and so on to 95 %: counts, or days from `as_of`; of a promise, nothing.
    levels text not null,
    -- The same by a plain bootstrap, of counts only.
    plain_levels text not null,
    chance double precision,
    primary key (workspace_id, id),
    foreign key (workspace_id, team_id) references teams (workspace_id, id)
);
create index issued_forecasts_team on issued_forecasts (workspace_id, team_id, as_of);

-- What came of an issued forecast, once that is known; added once.
create table forecast_outcomes (
    workspace_id text not null,
    forecast_id text not null,
    resolved_at bigint not null,
    -- The count, or the days that it took; of a promise, 1 for kept.
    outcome bigint,
    -- How many of the 19 levels held.
    held bigint not null,
    plain_held bigint,
    crps double precision,
    plain_crps double precision,
    width double precision,
    plain_width double precision,
    primary key (workspace_id, forecast_id),
    foreign key (workspace_id, forecast_id) references issued_forecasts (workspace_id, id)
);

-- What would have been forecast along the history of a team; computed anew with each new history.
create table backtests (
    workspace_id text not null,
    team_id text not null,
    as_of text not null,
    days bigint not null,
    outcome bigint not null,
    held bigint not null,
    plain_held bigint not null,
    crps double precision not null,
    plain_crps double precision not null,
    width double precision not null,
    plain_width double precision not null,
    primary key (workspace_id, team_id, as_of, days),
    foreign key (workspace_id, team_id) references teams (workspace_id, id)
);

create table backtested_histories (
    workspace_id text not null,
    team_id text not null,
    digest text not null,
    made_at bigint not null,
    primary key (workspace_id, team_id),
    foreign key (workspace_id, team_id) references teams (workspace_id, id)
);
