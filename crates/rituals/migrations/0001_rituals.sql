-- A standing document of two people. For a report and a manager, and for a skip-level, the lead is the one above; for
-- mentors and buddies, the one who helps.
create table one_on_ones (
    workspace_id text not null,
    id text not null,
    kind text not null,
    lead_id text not null,
    other_id text not null,
    cadence text not null,
    minutes bigint not null,
    started_by text not null,
    started_at bigint not null,
    ended_at bigint,
    ended_by text,
    primary key (workspace_id, id),
    foreign key (workspace_id, lead_id) references people (workspace_id, id),
    foreign key (workspace_id, other_id) references people (workspace_id, id)
);
create index one_on_ones_lead on one_on_ones (workspace_id, lead_id);
create index one_on_ones_other on one_on_ones (workspace_id, other_id);

-- One of them is open at any time: the next one. Without a date it is done in writing.
create table one_on_one_meetings (
    workspace_id text not null,
    id text not null,
    one_on_one_id text not null,
    starts_at bigint,
    state text not null,
    opened_at bigint not null,
    ended_at bigint,
    ended_by text,
    primary key (workspace_id, id),
    foreign key (workspace_id, one_on_one_id) references one_on_ones (workspace_id, id)
);
create index one_on_one_meetings_of on one_on_one_meetings (workspace_id, one_on_one_id, opened_at);

create table one_on_one_moves (
    workspace_id text not null,
    id text not null,
    meeting_id text not null,
    from_at bigint,
    to_at bigint,
    reason text not null,
    moved_by text not null,
    moved_at bigint not null,
    primary key (workspace_id, id),
    foreign key (workspace_id, meeting_id) references one_on_one_meetings (workspace_id, id)
);
create index one_on_one_moves_of on one_on_one_moves (workspace_id, meeting_id);

create table talking_points (
    workspace_id text not null,
    id text not null,
    one_on_one_id text not null,
    author_id text not null,
    body text not null,
    -- The question of the bank from which it came.
    question text,
    added_at bigint not null,
    edited_at bigint,
    state text not null,
    -- Why it was dropped.
    reason text not null default '',
    ended_at bigint,
    ended_by text,
    -- The meeting that was the next one when it ended.
    meeting_id text,
    primary key (workspace_id, id),
    foreign key (workspace_id, one_on_one_id) references one_on_ones (workspace_id, id)
);
create index talking_points_of on talking_points (workspace_id, one_on_one_id, state, added_at);

create table talking_point_replies (
    workspace_id text not null,
    id text not null,
    point_id text not null,
    author_id text not null,
    body text not null,
    at bigint not null,
    primary key (workspace_id, id),
    foreign key (workspace_id, point_id) references talking_points (workspace_id, id)
);
create index talking_point_replies_of on talking_point_replies (workspace_id, point_id);

-- Every version that was saved.
create table one_on_one_notes (
    workspace_id text not null,
    meeting_id text not null,
    version bigint not null,
    body text not null,
    author_id text not null,
    written_at bigint not null,
    primary key (workspace_id, meeting_id, version),
    foreign key (workspace_id, meeting_id) references one_on_one_meetings (workspace_id, id)
);

create table promises (
    workspace_id text not null,
    id text not null,
    one_on_one_id text not null,
    owner_id text not null,
    -- To whom it was made.
    other_id text not null,
    body text not null,
    due_on text,
    made_by text not null,
    made_at bigint not null,
    state text not null,
    -- Why it was released.
    reason text not null default '',
    ended_at bigint,
    ended_by text,
    -- Whether an ask about it is open.
    asked boolean not null,
    primary key (workspace_id, id),
    foreign key (workspace_id, one_on_one_id) references one_on_ones (workspace_id, id)
);
create index promises_of on promises (workspace_id, one_on_one_id, state, made_at);
create index promises_owner on promises (workspace_id, owner_id, state);

-- Notes of their author alone. The head holds the title, and whom it is about.
create table sealed_notes (
    workspace_id text not null,
    id text not null,
    owner_id text not null,
    revision bigint not null,
    head bytea not null,
    body bytea not null,
    updated_at bigint not null,
    expires_at bigint,
    primary key (workspace_id, id),
    foreign key (workspace_id, owner_id) references people (workspace_id, id)
);
create index sealed_notes_owner on sealed_notes (workspace_id, owner_id, updated_at);
create index sealed_notes_end on sealed_notes (workspace_id, expires_at) where expires_at is not null;
