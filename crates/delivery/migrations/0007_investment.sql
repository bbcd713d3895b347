-- What the changes of a team are for: the first rule that names one says it.
create table investment_rules (
    workspace_id text not null references workspaces (id),
    team_id text not null,
    place bigint not null,
    -- crates/delivery/src/investment/rules.rs
    looks_at text not null,
    pattern text not null,
    -- crates/measures/src/investment.rs
    kind text not null,
    primary key (workspace_id, team_id, place),
    foreign key (workspace_id, team_id) references teams (workspace_id, id)
);

-- Kinds of work that a team capitalises; none for a team that has not said so.
create table investment_capital (
    workspace_id text not null references workspaces (id),
    team_id text not null,
    kind text not null,
    primary key (workspace_id, team_id, kind),
    foreign key (workspace_id, team_id) references teams (workspace_id, id)
);
