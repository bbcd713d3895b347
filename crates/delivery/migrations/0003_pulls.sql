-- Repositories by the names (`name owner/name`) and numbers (`id 825`) that a code host gives them.
create table forge_places (
    workspace_id text not null references workspaces (id),
    host text not null,
    key text not null,
    repository_id text not null,
    primary key (workspace_id, host, key),
    foreign key (workspace_id, repository_id) references repositories (workspace_id, id)
);

-- Pull and merge requests as code hosts tell of them. `told` is everything that was told, field by field with the time
-- at which the source had last changed it (forge::Told); the other columns are read from it.
create table pull_requests (
    workspace_id text not null,
    repository_id text not null,
    number bigint not null,
    source_id text,
    title text not null,
    -- `open`, `closed`, `merged`
    state text not null,
    draft boolean,
    author_id text,
    created_at bigint,
    updated_at bigint,
    closed_at bigint,
    merged_at bigint,
    merged_by_id text,
    merge_commit text,
    head_sha text,
    base_ref text,
    additions bigint,
    deletions bigint,
    changed_files bigint,
    commits bigint,
    -- Its title, text or branch names an issue; null where the text was not told.
    linked boolean,
    told text not null,
    primary key (workspace_id, repository_id, number),
    foreign key (workspace_id, repository_id) references repositories (workspace_id, id),
    foreign key (workspace_id, author_id) references identities (workspace_id, id)
);
create index pull_requests_created on pull_requests (workspace_id, repository_id, created_at);
create index pull_requests_state on pull_requests (workspace_id, repository_id, state);
create index pull_requests_merged on pull_requests (workspace_id, repository_id, merged_at);
create index pull_requests_closed on pull_requests (workspace_id, repository_id, closed_at);

create table pull_labels (
    workspace_id text not null,
    repository_id text not null,
    number bigint not null,
    label text not null,
    primary key (workspace_id, repository_id, number, label)
);

-- What belongs to pull requests. It may arrive before them; `key` is the source's id.
create table reviews (
    workspace_id text not null,
    repository_id text not null,
    key text not null,
    number bigint not null,
    author_id text,
    -- `approved`, `changes_requested`, `commented`, `dismissed`, `pending`
    state text not null,
    submitted_at bigint,
    told text not null,
    primary key (workspace_id, repository_id, key),
    foreign key (workspace_id, repository_id) references repositories (workspace_id, id)
);
create index reviews_number on reviews (workspace_id, repository_id, number);

create table pull_comments (
    workspace_id text not null,
    repository_id text not null,
    key text not null,
    number bigint not null,
    author_id text,
    created_at bigint,
    -- Written by the code host itself, or taken back.
    counts boolean not null,
    told text not null,
    primary key (workspace_id, repository_id, key),
    foreign key (workspace_id, repository_id) references repositories (workspace_id, id)
);
create index pull_comments_number on pull_comments (workspace_id, repository_id, number);

-- What moved a pull request. `key` is the event, its time and whom it concerns, as not every source gives an id.
create table pull_events (
    workspace_id text not null,
    repository_id text not null,
    key text not null,
    -- The id there, where the source gives one.
    source_id text,
    number bigint not null,
    -- `ready`, `drafted`, `review_requested`, `review_request_removed`, `force_pushed`, `pushed`, `closed`, `reopened`, `merged`
    event text not null,
    at bigint not null,
    actor_id text,
    told text not null,
    primary key (workspace_id, repository_id, key),
    foreign key (workspace_id, repository_id) references repositories (workspace_id, id)
);
create index pull_events_number on pull_events (workspace_id, repository_id, number);

create table pull_commits (
    workspace_id text not null,
    repository_id text not null,
    -- The number of the pull request, a space, and the hash.
    key text not null,
    number bigint not null,
    hash text not null,
    authored_at bigint,
    committed_at bigint,
    told text not null,
    primary key (workspace_id, repository_id, key),
    foreign key (workspace_id, repository_id) references repositories (workspace_id, id)
);
create index pull_commits_number on pull_commits (workspace_id, repository_id, number);
create index pull_commits_hash on pull_commits (workspace_id, repository_id, hash);

-- What else a code host told (accounts, issues, releases, repositories, commits of no pull request), kept as it was told.
create table forge_things (
    workspace_id text not null references workspaces (id),
    host text not null,
    kind text not null,
    key text not null,
    told text not null,
    primary key (workspace_id, host, kind, key)
);

create table delivery_imports (
    workspace_id text not null references workspaces (id),
    id text not null,
    system text not null,
    imported_at bigint not null,
    files bigint not null,
    records bigint not null,
    -- Rows about pull requests that told something new.
    changed bigint not null,
    -- What was read and what was not: crates/delivery/src/source.rs.
    report text not null,
    primary key (workspace_id, id)
);
