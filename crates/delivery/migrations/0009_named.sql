-- The issues that pull requests and commits name, by the keys that are written there: crates/delivery/src/named.rs. Whether an
-- issue has such a key, the part knows that keeps issues.
create table pull_keys (
    workspace_id text not null,
    repository_id text not null,
    number bigint not null,
    key text not null,
    -- The pull request is the work on the issue; else it only mentions it.
    works boolean not null,
    primary key (workspace_id, repository_id, number, key),
    foreign key (workspace_id, repository_id) references repositories (workspace_id, id)
);
create index pull_keys_key on pull_keys (workspace_id, key);

create table commit_keys (
    workspace_id text not null,
    repository_id text not null,
    hash text not null,
    key text not null,
    primary key (workspace_id, repository_id, hash, key),
    foreign key (workspace_id, repository_id) references repositories (workspace_id, id)
);
create index commit_keys_key on commit_keys (workspace_id, key);

-- Which pull requests are the work on which issues.
create view delivery_public_pull_keys (workspace_id, repository_id, number, key, state, draft, created_at, merged_at, closed_at) as
    select k.workspace_id, k.repository_id, k.number, k.key, p.state, p.draft, p.created_at, p.merged_at, p.closed_at
      from pull_keys k
      join pull_requests p on p.workspace_id = k.workspace_id and p.repository_id = k.repository_id and p.number = k.number
     where k.works;

create index forge_places_repository on forge_places (workspace_id, repository_id);
