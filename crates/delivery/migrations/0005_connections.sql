-- Repositories and organisations of code hosts, and projects and jobs of what builds, that Cairn asks by itself. The token is sealed: crates/delivery/src/sealed.rs.
create table connections (
    workspace_id text not null references workspaces (id),
    id text not null,
    -- `github`, `gitlab`, `circleci`, `jenkins`
    system text not null,
    -- The origin of the server, such as `https://github.com`, and for Jenkins the path below which it is.
    server text not null,
    -- `repository` or `group`, which is an organisation at GitHub.
    scope text not null,
    path text not null,
    -- The user whose token it is, where the system wants to know.
    login text not null,
    -- The GitHub App that asks, and its installation; the token is then its private key.
    app text not null,
    installation text not null,
    token text not null,
    -- The team that gets repositories which belong to none.
    team_id text,
    -- The repository to which all builds belong.
    repository_id text,
    -- What was last changed before this is not asked for.
    since bigint not null,
    -- `reading`, `done`, `stopped`, `failed`
    state text not null,
    -- Why it failed, or waits.
    problem text not null default '',
    -- Failures in a row, and until when nothing is asked.
    failures bigint not null default 0,
    wait_until bigint,
    -- When the present look began, or the last one, and up to when everything is known.
    began_at bigint not null,
    known_until bigint,
    -- How many requests the server still takes, of how many, until it counts anew.
    quota_left bigint,
    quota_of bigint,
    quota_until bigint,
    requests bigint not null default 0,
    -- Requests that were answered with: as before.
    unchanged bigint not null default 0,
    records bigint not null default 0,
    -- Microseconds that all requests took.
    busy bigint not null default 0,
    created_at bigint not null,
    removed_at bigint,
    primary key (workspace_id, id),
    foreign key (workspace_id, team_id) references teams (workspace_id, id),
    foreign key (workspace_id, repository_id) references repositories (workspace_id, id)
);

-- What a connection has to ask, and what it has asked: written in one transaction with what the answer told.
create table connection_requests (
    workspace_id text not null,
    connection_id text not null,
    -- Below the address of the API.
    address text not null,
    -- `projects`, `project`, `folders`, `pulls`, `builds`, `deployments`, `releases`, `comments`, `parts`
    step text not null,
    -- Lists are asked before what belongs to one thing, so that it is soon known how much there is.
    rank bigint not null,
    -- When the thing it is about was last changed, as its list said.
    as_of bigint,
    -- `waiting`, `done`, `open` (it was still under way), `left`
    state text not null,
    -- What the server called the answer, and the page after it.
    etag text,
    next text,
    -- Why it was left.
    note text not null default '',
    wanted_at bigint not null,
    done_at bigint,
    primary key (workspace_id, connection_id, address),
    foreign key (workspace_id, connection_id) references connections (workspace_id, id)
);
create index connection_requests_state on connection_requests (workspace_id, connection_id, state, rank, wanted_at);
