-- The documents that can be found. The number says how new one is, and leads to its words (see db, 0003_search).
-- A backup holds none of this: `search.build` makes it anew.
create table search_documents (
    workspace_id text not null references workspaces (id),
    number bigint not null,
    kind text not null,
    id text not null,
    fingerprint bigint not null,
    primary key (workspace_id, number),
    unique (workspace_id, kind, id),
    unique (number)
);

-- How far the records of a kind have been read since the search was last made anew.
create table search_progress (
    workspace_id text not null references workspaces (id),
    kind text not null,
    version bigint not null,
    after_id text not null,
    done boolean not null,
    -- When the last record of the kind was read.
    done_at bigint,
    primary key (workspace_id, kind)
);
