-- What a team agreed on about its work. One that has ended, or was given another limit, is kept.
create table agreements (
    workspace_id text not null references workspaces (id),
    id text not null,
    team_id text not null,
    -- crates/measures/src/agreement.rs
    kind text not null,
    -- In the unit of the kind; null for those without a limit.
    most bigint,
    agreed_on text not null,
    ended_at bigint,
    primary key (workspace_id, id),
    foreign key (workspace_id, team_id) references teams (workspace_id, id)
);
create unique index agreements_current on agreements (workspace_id, team_id, kind) where ended_at is null;

-- What somebody noted of a day, for those who look at the charts of a team.
create table annotations (
    workspace_id text not null references workspaces (id),
    id text not null,
    team_id text not null,
    noted_on text not null,
    text text not null,
    -- Where one reads more of it, or empty.
    url text not null,
    created_at bigint not null,
    primary key (workspace_id, id),
    foreign key (workspace_id, team_id) references teams (workspace_id, id)
);
create index annotations_noted_on on annotations (workspace_id, team_id, noted_on);

-- What was clear when it was last looked for: crates/delivery/src/signal.
create table delivery_signals (
    workspace_id text not null references workspaces (id),
    team_id text not null,
    series text not null,
    tone text not null,
    sentence text not null,
    basis text not null,
    -- The share of orders of the weeks that show a change as clear, in thousandths.
    chance bigint not null,
    -- The first week after the change.
    since bigint not null,
    found_at bigint not null,
    primary key (workspace_id, team_id, series),
    foreign key (workspace_id, team_id) references teams (workspace_id, id)
);
