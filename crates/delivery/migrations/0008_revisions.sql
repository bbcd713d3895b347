-- Which state the facts of a subject are in: another one after each change of them. The words are those of
-- crates/delivery/src/revision.rs. Revisions are never equal again, so that what was worked out of the facts can say whether
-- it still holds.
create table delivery_revisions (
    workspace_id text not null references workspaces (id),
    subject text not null,
    revision text not null,
    primary key (workspace_id, subject)
);
