-- What people say about records of any part. The record is named by its kind and its id; who sees it sees this.
create table comments (
    workspace_id text not null,
    id text not null,
    about_kind text not null,
    about_id text not null,
    author_id text not null,
    mark text not null,
    body text not null,
    created_at bigint not null,
    edited_at bigint,
    deleted_at bigint,
    -- The ask whose outcome it is.
    ask_id text,
    primary key (workspace_id, id),
    unique (workspace_id, ask_id),
    foreign key (workspace_id, author_id) references people (workspace_id, id)
);
create index comments_about on comments (workspace_id, about_kind, about_id, id);

-- What a comment said before it was edited.
create table comment_versions (
    workspace_id text not null,
    comment_id text not null,
    version bigint not null,
    body text not null,
    written_at bigint not null,
    primary key (workspace_id, comment_id, version),
    foreign key (workspace_id, comment_id) references comments (workspace_id, id)
);

-- Who was named in a comment, and what was wanted of them; no verb where it was for their information.
create table mentions (
    workspace_id text not null,
    comment_id text not null,
    person_id text not null,
    verb text,
    primary key (workspace_id, comment_id, person_id),
    foreign key (workspace_id, comment_id) references comments (workspace_id, id),
    foreign key (workspace_id, person_id) references people (workspace_id, id)
);

create table reactions (
    workspace_id text not null,
    comment_id text not null,
    person_id text not null,
    word text not null,
    at bigint not null,
    primary key (workspace_id, comment_id, person_id, word),
    foreign key (workspace_id, comment_id) references comments (workspace_id, id),
    foreign key (workspace_id, person_id) references people (workspace_id, id)
);

-- Each time the thread about a record was resolved. The one that is not reopened holds.
create table resolutions (
    workspace_id text not null,
    id text not null,
    about_kind text not null,
    about_id text not null,
    outcome text not null,
    resolved_by text not null,
    resolved_at bigint not null,
    reopened_by text,
    reopened_at bigint,
    primary key (workspace_id, id),
    foreign key (workspace_id, resolved_by) references people (workspace_id, id),
    foreign key (workspace_id, reopened_by) references people (workspace_id, id)
);
create unique index resolutions_open on resolutions (workspace_id, about_kind, about_id) where reopened_at is null;
create index resolutions_about on resolutions (workspace_id, about_kind, about_id, id);

-- Who follows what happens to a record. Whoever stopped is not made to watch again by a mention.
create table watches (
    workspace_id text not null,
    about_kind text not null,
    about_id text not null,
    person_id text not null,
    since_at bigint not null,
    ended_at bigint,
    primary key (workspace_id, about_kind, about_id, person_id),
    foreign key (workspace_id, person_id) references people (workspace_id, id)
);
create index watches_person on watches (workspace_id, person_id);

-- What somebody has begun to write; nobody else reads it.
create table drafts (
    workspace_id text not null,
    person_id text not null,
    about_kind text not null,
    about_id text not null,
    body text not null,
    saved_at bigint not null,
    primary key (workspace_id, person_id, about_kind, about_id),
    foreign key (workspace_id, person_id) references people (workspace_id, id)
);

-- Files beside comments. Until it stands in a comment, only the one who brought it reads it.
create table files (
    workspace_id text not null,
    id text not null,
    about_kind text not null,
    about_id text not null,
    comment_id text,
    owner_id text not null,
    name text not null,
    content_type text not null,
    size bigint not null,
    blob_id text not null,
    created_at bigint not null,
    primary key (workspace_id, id),
    foreign key (workspace_id, blob_id) references blobs (workspace_id, id),
    foreign key (workspace_id, comment_id) references comments (workspace_id, id),
    foreign key (workspace_id, owner_id) references people (workspace_id, id)
);
create index files_comment on files (workspace_id, comment_id);
create index files_owner on files (workspace_id, owner_id, created_at);

-- What was said about records, for those who export them: whoever sees a record reads what is said about it.
create view conversation_public_comments (workspace_id, id, about_kind, about_id, author_id, body, created_at,
                                          edited_at) as
    select workspace_id, id, about_kind, about_id, author_id, body, created_at, edited_at from comments
     where deleted_at is null;
