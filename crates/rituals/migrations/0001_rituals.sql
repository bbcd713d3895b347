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
    -- Raised by whatever changes it in a calendar, and when that was.
    revision bigint not null default 0,
    changed_at bigint not null,
    primary key (workspace_id, id),
    foreign key (workspace_id, one_on_one_id) references one_on_ones (workspace_id, id)
);
create index one_on_one_meetings_of on one_on_one_meetings (workspace_id, one_on_one_id, opened_at);

-- What the calendar of one of the two was told of a meeting by mail.
create table one_on_one_invitations (
    workspace_id text not null,
    meeting_id text not null,
    person_id text not null,
    revision bigint not null,
    starts_at bigint not null,
    cancelled boolean not null,
    primary key (workspace_id, meeting_id, person_id),
    foreign key (workspace_id, meeting_id) references one_on_one_meetings (workspace_id, id),
    foreign key (workspace_id, person_id) references people (workspace_id, id)
);

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

-- Questions that come back to a team.
create table checkins (
    workspace_id text not null,
    id text not null,
    team_id text not null,
    name text not null,
    -- Weekdays, such as `mon wed fri`.
    days text not null,
    -- The local time at which it opens for each person, in minutes since midnight.
    opens_minute bigint not null,
    -- For so many working hours it is open, at the longest until the end of the person's day.
    hours bigint not null,
    -- What the team is after, one goal a line; answers can be put under one.
    goals text not null,
    proposes_work boolean not null,
    asks_mood boolean not null,
    -- The last date whose round was looked at.
    planned_through text not null,
    started_by text not null,
    started_at bigint not null,
    ended_at bigint,
    primary key (workspace_id, id),
    foreign key (workspace_id, team_id) references teams (workspace_id, id)
);
create index checkins_team on checkins (workspace_id, team_id);

create table checkin_questions (
    workspace_id text not null,
    id text not null,
    checkin_id text not null,
    position bigint not null,
    words text not null,
    dropped_at bigint,
    primary key (workspace_id, id),
    foreign key (workspace_id, checkin_id) references checkins (workspace_id, id)
);
create index checkin_questions_of on checkin_questions (workspace_id, checkin_id, position);

-- One date of a check-in; it is that date for each person where they are.
create table checkin_rounds (
    workspace_id text not null,
    id text not null,
    checkin_id text not null,
    on_date text not null,
    closes_at bigint not null,
    closed_at bigint,
    primary key (workspace_id, id),
    unique (workspace_id, checkin_id, on_date),
    foreign key (workspace_id, checkin_id) references checkins (workspace_id, id)
);
create index checkin_rounds_open on checkin_rounds (workspace_id, closes_at) where closed_at is null;

create table checkin_entries (
    workspace_id text not null,
    id text not null,
    round_id text not null,
    person_id text not null,
    -- `waiting`, `open`, `answered` or `away`.
    state text not null,
    opens_at bigint not null,
    due_at bigint not null,
    opened_at bigint,
    answered_at bigint,
    primary key (workspace_id, id),
    unique (workspace_id, round_id, person_id),
    foreign key (workspace_id, round_id) references checkin_rounds (workspace_id, id),
    foreign key (workspace_id, person_id) references people (workspace_id, id)
);
create index checkin_entries_person on checkin_entries (workspace_id, person_id, opens_at);
create index checkin_entries_waiting on checkin_entries (workspace_id, opens_at) where state = 'waiting';

create table checkin_answers (
    workspace_id text not null,
    entry_id text not null,
    question_id text not null,
    body text not null,
    goal text not null,
    primary key (workspace_id, entry_id, question_id),
    foreign key (workspace_id, entry_id) references checkin_entries (workspace_id, id),
    foreign key (workspace_id, question_id) references checkin_questions (workspace_id, id)
);

create table checkin_blockers (
    workspace_id text not null,
    id text not null,
    entry_id text not null,
    body text not null,
    -- Who was asked to help.
    asked_id text,
    raised_at bigint not null,
    solved_at bigint,
    primary key (workspace_id, id),
    foreign key (workspace_id, entry_id) references checkin_entries (workspace_id, id),
    foreign key (workspace_id, asked_id) references people (workspace_id, id)
);
create index checkin_blockers_of on checkin_blockers (workspace_id, entry_id);

-- Read by nobody but the person; no roll-up and no list of others knows this table.
create table checkin_moods (
    workspace_id text not null,
    entry_id text not null,
    person_id text not null,
    -- From 1, bad, to 5, good.
    mood bigint not null,
    primary key (workspace_id, entry_id),
    foreign key (workspace_id, entry_id) references checkin_entries (workspace_id, id)
);
create index checkin_moods_person on checkin_moods (workspace_id, person_id);

-- Boards on which a team looks back.
create table retrospectives (
    workspace_id text not null,
    id text not null,
    team_id text not null,
    name text not null,
    -- What it looks back at.
    about text not null,
    format text not null,
    -- No card has an author.
    anonymous boolean not null,
    -- People without an account may take part, by a link. It is said when the board begins and stays as it is.
    guests boolean not null,
    votes_each bigint not null,
    -- So many working hours each person has for a phase.
    hours bigint not null,
    -- `collect`, `group`, `vote`, `discuss` or `done`.
    phase text not null,
    phase_began_at bigint not null,
    phase_ends_at bigint,
    started_by text not null,
    started_at bigint not null,
    ended_at bigint,
    -- Of an anonymous one that still collects: all cards in one sealed text, and what opens it. Both are emptied when the
    -- cards are laid out, so that nothing tells in which order they came.
    sealed_cards bytea,
    sealed_with bytea,
    primary key (workspace_id, id),
    foreign key (workspace_id, team_id) references teams (workspace_id, id)
);
create index retrospectives_team on retrospectives (workspace_id, team_id, started_at);
create index retrospectives_phase on retrospectives (workspace_id, phase_ends_at) where phase_ends_at is not null;

create table retrospective_columns (
    workspace_id text not null,
    id text not null,
    retrospective_id text not null,
    position bigint not null,
    title text not null,
    hint text not null,
    -- Each person rates it from 1 to 5.
    rated boolean not null,
    primary key (workspace_id, id),
    foreign key (workspace_id, retrospective_id) references retrospectives (workspace_id, id)
);
create index retrospective_columns_of on retrospective_columns (workspace_id, retrospective_id, position);

create table retrospective_topics (
    workspace_id text not null,
    id text not null,
    retrospective_id text not null,
    title text not null,
    -- What was decided.
    outcome text not null,
    primary key (workspace_id, id),
    foreign key (workspace_id, retrospective_id) references retrospectives (workspace_id, id)
);
create index retrospective_topics_of on retrospective_topics (workspace_id, retrospective_id);

-- Links by which guests come to one board. The secret of a link is told once, and only its hash is kept.
create table retrospective_links (
    workspace_id text not null,
    id text not null,
    retrospective_id text not null,
    secret_hash text not null,
    made_by text not null,
    made_at bigint not null,
    ends_at bigint not null,
    ended_at bigint,
    primary key (workspace_id, id),
    unique (workspace_id, secret_hash),
    foreign key (workspace_id, retrospective_id) references retrospectives (workspace_id, id),
    foreign key (workspace_id, made_by) references people (workspace_id, id)
);
create index retrospective_links_of on retrospective_links (workspace_id, retrospective_id);

create table retrospective_guests (
    workspace_id text not null,
    id text not null,
    link_id text not null,
    -- Empty on a board without names.
    name text not null,
    secret_hash text not null,
    entered_at bigint not null,
    primary key (workspace_id, id),
    unique (workspace_id, secret_hash),
    foreign key (workspace_id, link_id) references retrospective_links (workspace_id, id)
);
create index retrospective_guests_of on retrospective_guests (workspace_id, link_id);

-- Ids are by chance, and no row tells when it was made.
create table retrospective_cards (
    workspace_id text not null,
    id text not null,
    retrospective_id text not null,
    column_id text not null,
    topic_id text,
    body text not null,
    author_id text,
    guest_id text,
    primary key (workspace_id, id),
    foreign key (workspace_id, column_id) references retrospective_columns (workspace_id, id),
    foreign key (workspace_id, topic_id) references retrospective_topics (workspace_id, id),
    foreign key (workspace_id, guest_id) references retrospective_guests (workspace_id, id)
);
create index retrospective_cards_of on retrospective_cards (workspace_id, retrospective_id);

create table retrospective_votes (
    workspace_id text not null,
    topic_id text not null,
    -- A person or a guest.
    voter_id text not null,
    votes bigint not null,
    primary key (workspace_id, topic_id, voter_id),
    foreign key (workspace_id, topic_id) references retrospective_topics (workspace_id, id)
);

-- What guests and the team say to each other about a topic. On a board without names a guest has no id here.
create table retrospective_remarks (
    workspace_id text not null,
    id text not null,
    topic_id text not null,
    author_id text,
    guest_id text,
    body text not null,
    said_at bigint not null,
    primary key (workspace_id, id),
    foreign key (workspace_id, topic_id) references retrospective_topics (workspace_id, id),
    foreign key (workspace_id, guest_id) references retrospective_guests (workspace_id, id)
);
create index retrospective_remarks_of on retrospective_remarks (workspace_id, topic_id);

create table retrospective_ratings (
    workspace_id text not null,
    column_id text not null,
    person_id text not null,
    rating bigint not null,
    primary key (workspace_id, column_id, person_id),
    foreign key (workspace_id, column_id) references retrospective_columns (workspace_id, id)
);

create table retrospective_actions (
    workspace_id text not null,
    id text not null,
    retrospective_id text not null,
    topic_id text,
    owner_id text not null,
    body text not null,
    due_on text,
    made_at bigint not null,
    -- `open`, `kept` or `released`.
    state text not null,
    ended_at bigint,
    primary key (workspace_id, id),
    foreign key (workspace_id, retrospective_id) references retrospectives (workspace_id, id),
    foreign key (workspace_id, owner_id) references people (workspace_id, id)
);
create index retrospective_actions_of on retrospective_actions (workspace_id, retrospective_id, state);

-- What came of a board, in Markdown, as it was when the board ended. No author of a card stands in it.
create table retrospective_results (
    workspace_id text not null,
    retrospective_id text not null,
    body text not null,
    written_at bigint not null,
    primary key (workspace_id, retrospective_id),
    foreign key (workspace_id, retrospective_id) references retrospectives (workspace_id, id)
);

-- The calendar that somebody keeps elsewhere. The address is sealed.
create table busy_calendars (
    workspace_id text not null,
    person_id text not null,
    address text not null,
    subscribed_at bigint not null,
    asked_at bigint not null,
    read_at bigint,
    trouble text not null,
    primary key (workspace_id, person_id),
    foreign key (workspace_id, person_id) references people (workspace_id, id)
);

-- When they are busy there, and not with what.
create table busy_times (
    workspace_id text not null,
    person_id text not null,
    from_at bigint not null,
    to_at bigint not null,
    primary key (workspace_id, person_id, from_at),
    foreign key (workspace_id, person_id) references people (workspace_id, id)
);

-- What somebody left at the end of their day for those of a team who work meanwhile.
create table hand_overs (
    workspace_id text not null,
    id text not null,
    team_id text not null,
    person_id text not null,
    -- The date where the person was.
    on_date text not null,
    body text not null,
    written_at bigint not null,
    -- When the person is back at work.
    back_at bigint,
    primary key (workspace_id, id),
    unique (workspace_id, team_id, person_id, on_date),
    foreign key (workspace_id, team_id) references teams (workspace_id, id),
    foreign key (workspace_id, person_id) references people (workspace_id, id)
);
create index hand_overs_team on hand_overs (workspace_id, team_id, written_at);

-- How somebody has their dates in their own calendar: by an address with a secret, of which only the hash is stored, and by
-- invitations. The address ends with the access of the account.
create table calendars (
    workspace_id text not null,
    person_id text not null,
    secret_hash text,
    auth_epoch bigint,
    made_at bigint,
    -- When a program last read it, to the hour.
    read_at bigint,
    invited boolean not null,
    primary key (workspace_id, person_id),
    foreign key (workspace_id, person_id) references people (workspace_id, id)
);
create unique index calendars_secret on calendars (workspace_id, secret_hash) where secret_hash is not null;
