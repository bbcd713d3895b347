-- Files of other trackers that somebody has brought on a page. Nobody else reads them, and they are gone when all that they
-- hold is here, or after a week.
create table issue_uploads (
    workspace_id text not null,
    id text not null,
    person_id text not null,
    source text not null,
    file_name text not null,
    -- Empty once it was read to be brought over.
    bytes bytea not null,
    -- What it would become, and what was chosen until now, in JSON.
    summary text not null,
    choices text not null,
    stage text not null,
    import_id text,
    -- What was settled when the import began, and what became of it since, in JSON.
    plan text,
    failure text,
    created_at bigint not null,
    primary key (workspace_id, id),
    foreign key (workspace_id, person_id) references people (workspace_id, id),
    foreign key (workspace_id, import_id) references issue_imports (workspace_id, id)
);
create index issue_uploads_person on issue_uploads (workspace_id, person_id);
create unique index issue_uploads_import on issue_uploads (workspace_id, import_id) where import_id is not null;

-- What is still to be stored of an import that began on a page.
create table issue_upload_pieces (
    workspace_id text not null,
    upload_id text not null,
    place bigint not null,
    team_id text not null,
    kind text not null,
    content text not null,
    primary key (workspace_id, upload_id, place),
    foreign key (workspace_id, upload_id) references issue_uploads (workspace_id, id),
    foreign key (workspace_id, team_id) references teams (workspace_id, id)
);
