-- Where the calendar of one of the two answers the invitations to a meeting, and what it answered last.
create table one_on_one_attendance (
    workspace_id text not null,
    meeting_id text not null,
    person_id text not null,
    -- Of the secret in the address of the organizer, which stays the same for all letters about a meeting.
    secret_hash text not null,
    -- crates/kernel/src/vault.rs
    secret text not null,
    answer text,
    -- The revision of the meeting that was answered, and when, by the clock of the calendar program.
    revision bigint,
    written_at bigint,
    primary key (workspace_id, meeting_id, person_id),
    foreign key (workspace_id, meeting_id) references one_on_one_meetings (workspace_id, id),
    foreign key (workspace_id, person_id) references people (workspace_id, id)
);
create unique index one_on_one_attendance_secret on one_on_one_attendance (workspace_id, secret_hash);
