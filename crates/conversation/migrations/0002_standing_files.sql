-- Files that stand in the text of a record itself, and not in a comment about it.
create table standing_files (
    workspace_id text not null,
    file_id text not null,
    primary key (workspace_id, file_id),
    foreign key (workspace_id, file_id) references files (workspace_id, id)
);
