-- Histories as they were read. `location` is a path or an address without names and passwords.
create table repositories (
    workspace_id text not null references workspaces (id),
    id text not null,
    name text not null,
    location text not null,
    team_id text,
    main_ref text,
    -- `lines`, `paths` or `nothing`: what the clone held besides the commits.
    contents text not null default 'lines',
    shallow boolean not null default false,
    -- The instant from which commits were read; all if null.
    since bigint,
    commits bigint not null default 0,
    -- Tips that were taken away or rewritten, as the last import found.
    lost_tips bigint not null default 0,
    imported_at bigint,
    created_at bigint not null,
    primary key (workspace_id, id),
    unique (workspace_id, location),
    foreign key (workspace_id, team_id) references teams (workspace_id, id)
);
create index repositories_team on repositories (workspace_id, team_id);

create table repository_refs (
    workspace_id text not null,
    repository_id text not null,
    name text not null,
    hash text not null,
    primary key (workspace_id, repository_id, name),
    foreign key (workspace_id, repository_id) references repositories (workspace_id, id)
);

-- Each path that ever stood in a repository; `commits.changes` names it by its number.
create table repository_paths (
    workspace_id text not null,
    repository_id text not null,
    number bigint not null,
    path text not null,
    primary key (workspace_id, repository_id, number),
    unique (workspace_id, repository_id, path),
    foreign key (workspace_id, repository_id) references repositories (workspace_id, id)
);

-- Names and mail addresses under which somebody commits. `key` is the address in lower case and the name.
create table identities (
    workspace_id text not null references workspaces (id),
    id text not null,
    key text not null,
    name text not null,
    mail text not null,
    -- The name at a code host, where the address tells it.
    login text,
    bot boolean not null,
    person_id text,
    -- Why it is theirs: `mail`, `mailmap`, `login`, `name`, `claimed`; `released` keeps the rules away from it.
    reason text,
    joined_at bigint,
    joined_by text,
    created_at bigint not null,
    primary key (workspace_id, id),
    unique (workspace_id, key),
    foreign key (workspace_id, person_id) references people (workspace_id, id)
);
create index identities_person on identities (workspace_id, person_id);
create index identities_login on identities (workspace_id, login);

create table commits (
    workspace_id text not null,
    repository_id text not null,
    hash text not null,
    parents text not null,
    author_id text not null,
    -- Ids of those who wrote it together with the author, with a space between.
    co_authors text not null default '',
    authored_at bigint not null,
    committed_at bigint not null,
    -- Minutes by which the committer's clock was ahead of UTC.
    committed_offset bigint not null,
    subject text not null,
    pull_number bigint,
    pull_title text,
    reverts text,
    picked_from text,
    additions bigint not null,
    deletions bigint not null,
    -- The changed paths as numbers: crates/delivery/src/changes.rs.
    changes bytea not null,
    merge boolean not null,
    -- The main line reaches it.
    landed boolean not null default true,
    primary key (workspace_id, repository_id, hash),
    foreign key (workspace_id, repository_id) references repositories (workspace_id, id),
    foreign key (workspace_id, author_id) references identities (workspace_id, id)
);
create index commits_time on commits (workspace_id, repository_id, committed_at);

-- The commits of the main line itself, each with what it brought there. Pull requests are inferred from them.
create table landings (
    workspace_id text not null,
    repository_id text not null,
    hash text not null,
    landed_at bigint not null,
    -- `merged` and `squashed` are inferred pull requests; `direct` and `synced` are none.
    how text not null,
    number bigint,
    title text not null,
    author_id text not null,
    commits bigint not null,
    additions bigint not null,
    deletions bigint not null,
    first_at bigint not null,
    primary key (workspace_id, repository_id, hash),
    foreign key (workspace_id, repository_id) references repositories (workspace_id, id),
    foreign key (workspace_id, author_id) references identities (workspace_id, id)
);
create index landings_time on landings (workspace_id, repository_id, landed_at);
create index landings_author on landings (workspace_id, author_id, landed_at);

-- What reached the main lines of a team's repositories, for those who forecast: `pull_request` or `commit`.
create view delivery_public_finishes (workspace_id, team_id, source, at) as
    select l.workspace_id, r.team_id, case when l.how = 'direct' then 'commit' else 'pull_request' end, l.landed_at
      from landings l
      join repositories r on r.workspace_id = l.workspace_id and r.id = l.repository_id
      join identities i on i.workspace_id = l.workspace_id and i.id = l.author_id
     where l.how <> 'synced' and r.team_id is not null and not i.bot;

-- The repositories by their names.
create view delivery_public_repositories (workspace_id, repository_id, name) as
    select workspace_id, id, name from repositories;

-- Up to when the histories of a team are known: when the one was read that was not read for longest.
create view delivery_public_reads (workspace_id, team_id, read_at) as
    select workspace_id, team_id, min(imported_at) from repositories
     where team_id is not null and imported_at is not null group by workspace_id, team_id;
