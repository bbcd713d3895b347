-- What the kernel and db need themselves: the workspaces, their history, the outbox and answered requests.
create table workspaces (
    id text primary key,
    name text not null,
    created_at bigint not null,
    mail_held_at bigint,
    -- The roles for which a second factor is demanded.
    factor_roles text not null default ''
);

create table events (
    workspace_id text not null references workspaces (id),
    id text not null,
    at bigint not null,
    actor text not null,
    door text not null,
    verb text not null,
    subject text not null,
    data text,
    salt text,
    primary key (workspace_id, id)
);
create index events_subject on events (workspace_id, subject, id);

-- Events that the chain does not hold yet. A seal in the event's own transaction would make all writers wait in line.
create table unsealed_events (
    workspace_id text not null,
    event_id text not null,
    primary key (workspace_id, event_id)
);

create table event_seals (
    workspace_id text not null,
    position bigint not null,
    event_id text not null,
    commitment text not null,
    hash text not null,
    primary key (workspace_id, position),
    unique (workspace_id, event_id)
);

create table checkpoints (
    workspace_id text not null,
    size bigint not null,
    note text not null,
    signed_at bigint not null,
    mailed_at bigint,
    primary key (workspace_id, size)
);

create table jobs (
    workspace_id text not null,
    id text not null,
    kind text not null,
    subject text not null,
    args text not null,
    attempts bigint not null,
    run_at bigint not null,
    dedupe text,
    lease text,
    leased_until bigint,
    error text,
    died_at bigint,
    primary key (workspace_id, id),
    unique (workspace_id, dedupe)
);
create index jobs_run_at on jobs (run_at, id) where died_at is null;

create table idempotency_keys (
    workspace_id text not null,
    person text not null,
    key text not null,
    operation text not null,
    fingerprint bigint not null,
    answer text not null,
    created_at bigint not null,
    primary key (workspace_id, person, key)
);
create index idempotency_keys_age on idempotency_keys (workspace_id, created_at);

-- What people bring, in bytes: here until a job has moved them into the store of files.
create table blobs (
    workspace_id text not null,
    id text not null,
    sha256 text not null,
    size bigint not null,
    bytes bytea,
    created_at bigint not null,
    primary key (workspace_id, id)
);
create index blobs_here on blobs (workspace_id, id) where bytes is not null;

create table mails (
    workspace_id text not null,
    id text not null,
    recipient text not null,
    subject text not null,
    headers text not null default '[]',
    body_text text,
    body_html text,
    -- An invitation.
    body_calendar text,
    -- Left out of the list of letters, which would tell administrators who has something with whom.
    unlisted boolean not null default false,
    created_at bigint not null,
    sent_at bigint,
    primary key (workspace_id, id)
);
