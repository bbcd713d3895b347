-- Doors for the webhooks of other systems.
create table hooks (
    workspace_id text not null references workspaces (id),
    id text not null,
    -- `github`, `gitlab`, `jenkins`, `circleci`, `pagerduty`, `opsgenie`
    system text not null,
    name text not null,
    -- Signatures are made with the secret, so it can be opened again: sealed as crates/delivery/src/sealed.rs says.
    secret text not null,
    -- The secret before, which is good for a while after a change.
    former_secret text,
    former_until bigint,
    -- The repository to which all of it belongs, and the team whose incidents these are.
    repository_id text,
    team_id text,
    created_at bigint not null,
    removed_at bigint,
    primary key (workspace_id, id),
    foreign key (workspace_id, repository_id) references repositories (workspace_id, id),
    foreign key (workspace_id, team_id) references teams (workspace_id, id)
);

-- What came through a door. It is acknowledged when it is here, and applied by a job.
create table hook_deliveries (
    workspace_id text not null,
    hook_id text not null,
    -- The id that the sender gives it, or a hash of its body.
    key text not null,
    event text not null,
    -- As it came; emptied when it was applied.
    body bytea not null,
    received_at bigint not null,
    -- `waiting`, `applied`, `failed`
    state text not null,
    -- What was not understood of it, or why it failed.
    note text not null default '',
    primary key (workspace_id, hook_id, key),
    foreign key (workspace_id, hook_id) references hooks (workspace_id, id)
);
create index hook_deliveries_state on hook_deliveries (workspace_id, state, hook_id, received_at);
create index hook_deliveries_received on hook_deliveries (workspace_id, received_at);
