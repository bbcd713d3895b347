-- People of a workspace, whether or not they have an account. Dated rows hold from `from_on` until the day before
-- `until_on`; a row without `until_on` still holds.
create table people (
    workspace_id text not null references workspaces (id),
    id text not null,
    name text not null,
    sort_name text collate "C" not null,
    pronouns text not null default '',
    email text,
    employee_id text,
    title text not null default '',
    level text not null default '',
    location text not null default '',
    holidays text not null default '',
    zone text not null,
    hours text not null,
    employment text not null,
    starts_on text,
    ends_on text,
    about text not null default '',
    photo text,
    deactivated_at bigint,
    created_at bigint not null,
    updated_at bigint not null,
    primary key (workspace_id, id),
    unique (workspace_id, email),
    unique (workspace_id, employee_id)
);
create index people_sort on people (workspace_id, sort_name, id);
create index people_here on people (workspace_id, id, deactivated_at);

create table photos (
    workspace_id text not null,
    person_id text not null,
    name text not null,
    content_type text not null,
    blob_id text not null,
    primary key (workspace_id, person_id),
    foreign key (workspace_id, blob_id) references blobs (workspace_id, id),
    foreign key (workspace_id, person_id) references people (workspace_id, id)
);

create table teams (
    workspace_id text not null references workspaces (id),
    id text not null,
    parent_id text,
    name text not null,
    mission text not null default '',
    about text not null default '',
    lead_id text,
    created_at bigint not null,
    archived_at bigint,
    primary key (workspace_id, id),
    foreign key (workspace_id, parent_id) references teams (workspace_id, id) deferrable initially deferred,
    foreign key (workspace_id, lead_id) references people (workspace_id, id)
);
create index teams_parent on teams (workspace_id, parent_id);
create index teams_lead on teams (workspace_id, lead_id);

create table memberships (
    workspace_id text not null,
    id text not null,
    team_id text not null,
    person_id text not null,
    position text not null default '',
    from_on text not null,
    until_on text,
    primary key (workspace_id, id),
    unique (workspace_id, team_id, person_id, from_on),
    foreign key (workspace_id, team_id) references teams (workspace_id, id),
    foreign key (workspace_id, person_id) references people (workspace_id, id)
);
create index memberships_person on memberships (workspace_id, person_id, from_on);

-- Who reports to whom, and since when. A row with no manager is the top of a line.
create table manager_lines (
    workspace_id text not null,
    person_id text not null,
    manager_id text,
    from_on text not null,
    until_on text,
    primary key (workspace_id, person_id, from_on),
    foreign key (workspace_id, person_id) references people (workspace_id, id),
    foreign key (workspace_id, manager_id) references people (workspace_id, id)
);
create index manager_lines_manager on manager_lines (workspace_id, manager_id);

create table leaves (
    workspace_id text not null,
    id text not null,
    person_id text not null,
    kind text not null,
    first_on text not null,
    last_on text not null,
    hours text,
    note text not null default '',
    handover_to text,
    handover_note text not null default '',
    handover_accepted_at bigint,
    handover_declined_at bigint,
    handover_reason text not null default '',
    source_uid text,
    entered_by text not null,
    created_at bigint not null,
    withdrawn_at bigint,
    primary key (workspace_id, id),
    unique (workspace_id, person_id, source_uid),
    foreign key (workspace_id, person_id) references people (workspace_id, id),
    foreign key (workspace_id, handover_to) references people (workspace_id, id)
);
create index leaves_person on leaves (workspace_id, person_id, last_on);
create index leaves_time on leaves (workspace_id, last_on, first_on);
create index leaves_handover on leaves (workspace_id, handover_to, last_on);

-- On this date other hours hold than the week says; empty hours are a day off.
create table hour_exceptions (
    workspace_id text not null,
    person_id text not null,
    on_date text not null,
    hours text not null,
    note text not null default '',
    primary key (workspace_id, person_id, on_date),
    foreign key (workspace_id, person_id) references people (workspace_id, id)
);

-- Holiday calendars of a workspace's own, from `.ics` files; the public ones are in the program.
create table holiday_calendars (
    workspace_id text not null references workspaces (id),
    id text not null,
    name text not null,
    created_at bigint not null,
    primary key (workspace_id, id)
);

create table holiday_days (
    workspace_id text not null,
    calendar_id text not null,
    on_date text not null,
    name text not null,
    primary key (workspace_id, calendar_id, on_date, name),
    foreign key (workspace_id, calendar_id) references holiday_calendars (workspace_id, id)
);

create table accounts (
    workspace_id text not null,
    person_id text not null,
    roles text not null,
    auth_epoch bigint not null,
    password_hash text,
    theme text not null default 'system',
    created_at bigint not null,
    seen_at bigint,
    disabled_at bigint,
    primary key (workspace_id, person_id),
    foreign key (workspace_id, person_id) references people (workspace_id, id)
);

-- The key of somebody's own notes, sealed with what only they have: a key made from their password, or a recovery code.
create table sealed_keys (
    workspace_id text not null,
    id text not null,
    person_id text not null,
    kind text not null,
    -- The stored form of the password with which it is sealed; a reset leaves it, so that the former one still opens it.
    made_from text not null,
    wrapped bytea not null,
    made_at bigint not null,
    -- When its owner showed that the code was written down.
    confirmed_at bigint,
    primary key (workspace_id, id),
    foreign key (workspace_id, person_id) references accounts (workspace_id, person_id)
);
create index sealed_keys_person on sealed_keys (workspace_id, person_id);

create table sessions (
    workspace_id text not null,
    token_hash text not null,
    id text not null,
    person_id text not null,
    auth_epoch bigint not null,
    device text not null,
    created_at bigint not null,
    seen_at bigint not null,
    proven_at bigint not null,
    expires_at bigint not null,
    primary key (workspace_id, token_hash),
    foreign key (workspace_id, person_id) references accounts (workspace_id, person_id)
);
create index sessions_person on sessions (workspace_id, person_id);

-- The app of an account that shows codes. It counts once a code of it was entered; each code is used once.
create table factors (
    workspace_id text not null,
    person_id text not null,
    secret text not null,
    last_step bigint not null,
    created_at bigint not null,
    confirmed_at bigint,
    primary key (workspace_id, person_id),
    foreign key (workspace_id, person_id) references accounts (workspace_id, person_id)
);

create table recovery_codes (
    workspace_id text not null,
    code_hash text not null,
    person_id text not null,
    primary key (workspace_id, code_hash),
    foreign key (workspace_id, person_id) references accounts (workspace_id, person_id)
);
create index recovery_codes_person on recovery_codes (workspace_id, person_id);

-- Browsers that have shown the password and not yet the second factor.
create table second_steps (
    workspace_id text not null,
    token_hash text not null,
    person_id text not null,
    auth_epoch bigint not null,
    expires_at bigint not null,
    primary key (workspace_id, token_hash),
    foreign key (workspace_id, person_id) references accounts (workspace_id, person_id)
);

create table tokens (
    workspace_id text not null,
    id text not null,
    person_id text not null,
    name text not null,
    token_hash text not null,
    scopes text not null,
    auth_epoch bigint not null,
    created_at bigint not null,
    expires_at bigint not null,
    used_at bigint,
    revoked_at bigint,
    primary key (workspace_id, id),
    unique (workspace_id, token_hash),
    foreign key (workspace_id, person_id) references accounts (workspace_id, person_id)
);
create index tokens_person on tokens (workspace_id, person_id);

-- Failed attempts to prove who one is, by account and by address (both hashed), for the limits.
create table attempts (
    workspace_id text not null,
    id text not null,
    subject text not null,
    at bigint not null,
    primary key (workspace_id, id)
);
create index attempts_subject on attempts (workspace_id, subject, at);

-- Links that work once. Of a link only the hash of its secret is kept.
create table invitations (
    workspace_id text not null,
    id text not null,
    person_id text not null,
    email text not null,
    token_hash text not null,
    roles text not null,
    purpose text not null,
    invited_by text not null,
    created_at bigint not null,
    expires_at bigint not null,
    accepted_at bigint,
    revoked_at bigint,
    primary key (workspace_id, id),
    unique (workspace_id, token_hash),
    foreign key (workspace_id, person_id) references people (workspace_id, id)
);
create index invitations_person on invitations (workspace_id, person_id);

create table onboarding_templates (
    workspace_id text not null references workspaces (id),
    id text not null,
    name text not null,
    about text not null default '',
    created_at bigint not null,
    archived_at bigint,
    primary key (workspace_id, id)
);

-- A phase ends with a working day of the newcomer, counted from the first one, which is 0; it is named by that day.
create table onboarding_template_phases (
    workspace_id text not null,
    template_id text not null,
    day bigint not null,
    name text not null,
    primary key (workspace_id, template_id, day),
    foreign key (workspace_id, template_id) references onboarding_templates (workspace_id, id)
);

create table onboarding_template_steps (
    workspace_id text not null,
    id text not null,
    template_id text not null,
    phase bigint not null,
    kind text not null,
    rank bigint not null,
    title text not null,
    body text not null default '',
    owner text not null,
    due_day bigint not null,
    removed_at bigint,
    primary key (workspace_id, id),
    foreign key (workspace_id, template_id) references onboarding_templates (workspace_id, id)
);
create index onboarding_template_steps_template on onboarding_template_steps (workspace_id, template_id, rank);

create table onboarding_plans (
    workspace_id text not null,
    id text not null,
    person_id text not null,
    template_id text,
    buddy_id text,
    starts_on text not null,
    created_by text not null,
    created_at bigint not null,
    begun_at bigint,
    ended_at bigint,
    ended_by text,
    end_reason text,
    primary key (workspace_id, id),
    foreign key (workspace_id, person_id) references people (workspace_id, id),
    foreign key (workspace_id, buddy_id) references people (workspace_id, id),
    foreign key (workspace_id, template_id) references onboarding_templates (workspace_id, id)
);
create index onboarding_plans_person on onboarding_plans (workspace_id, person_id);

create table onboarding_phases (
    workspace_id text not null,
    plan_id text not null,
    day bigint not null,
    name text not null,
    ends_on text not null,
    primary key (workspace_id, plan_id, day),
    foreign key (workspace_id, plan_id) references onboarding_plans (workspace_id, id)
);

create table onboarding_steps (
    workspace_id text not null,
    id text not null,
    plan_id text not null,
    phase bigint not null,
    kind text not null,
    rank bigint not null,
    title text not null,
    body text not null default '',
    owner text not null,
    due_day bigint,
    due_on text not null,
    done_at bigint,
    not_yet_at bigint,
    done_by text,
    note text not null default '',
    removed_at bigint,
    primary key (workspace_id, id),
    foreign key (workspace_id, plan_id) references onboarding_plans (workspace_id, id)
);
create index onboarding_steps_plan on onboarding_steps (workspace_id, plan_id, rank);

-- Files of people that someone has uploaded and not yet imported, and what came of those that were. Nobody else reads
-- them, and they are gone after a day.
create table people_imports (
    workspace_id text not null,
    id text not null,
    person_id text not null,
    file_name text not null,
    bytes bytea not null,
    report text,
    created_at bigint not null,
    primary key (workspace_id, id),
    foreign key (workspace_id, person_id) references people (workspace_id, id)
);
create index people_imports_person on people_imports (workspace_id, person_id);

-- Browsers in which someone has signed in before: strangers who try passwords do not lock them out.
create table devices (
    workspace_id text not null,
    token_hash text not null,
    person_id text not null,
    created_at bigint not null,
    primary key (workspace_id, token_hash),
    foreign key (workspace_id, person_id) references accounts (workspace_id, person_id)
);

-- Those who run a workspace and can be written to.
create view people_public_owners (workspace_id, person_id, name, email) as
    select p.workspace_id, p.id, p.name, p.email
      from people p join accounts a on a.workspace_id = p.workspace_id and a.person_id = p.id
     where ' ' || a.roles || ' ' like '% owner %' and p.email is not null
       and a.disabled_at is null and p.deactivated_at is null;
