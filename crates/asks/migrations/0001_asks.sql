-- What people want from each other. `due` is the promise in words, `due_at` the instant that follows from it in the
-- receiver's calendar; a change of that calendar moves the instant and never the promise.
create table asks (
    workspace_id text not null,
    id text not null,
    -- The asks of one question that went to several people.
    batch text not null,
    receiver_id text not null,
    asker_id text,
    verb text not null,
    subject text not null,
    note text not null default '',
    about_kind text,
    about_id text,
    href text,
    due text not null,
    silence text not null,
    escalate_to text,
    urgent boolean not null,
    -- Minutes of working time that the promise of the receiver's team would have left and this due time does not.
    short_minutes bigint not null,
    -- Raised while the receiver was not at work.
    crossed boolean not null,
    raised_at bigint not null,
    due_at bigint not null,
    state text not null,
    outcome text not null default '',
    ended_at bigint,
    ended_by text,
    -- Minutes of the receiver's working time from the asking to the end.
    worked_minutes bigint,
    handed_from text,
    handed_to text,
    snoozed_until bigint,
    -- When it is told by itself, ahead of the digest, and when that was done.
    announce_at bigint,
    announced_at bigint,
    -- When a digest first named it.
    digested_at bigint,
    -- When a digest told the asker how it ended.
    told_at bigint,
    primary key (workspace_id, id),
    foreign key (workspace_id, receiver_id) references people (workspace_id, id),
    foreign key (workspace_id, asker_id) references people (workspace_id, id),
    foreign key (workspace_id, escalate_to) references people (workspace_id, id),
    foreign key (workspace_id, handed_to) references people (workspace_id, id)
);
create index asks_batch on asks (workspace_id, batch);
create index asks_handed_from on asks (workspace_id, handed_from) where handed_from is not null;
create index asks_receiver on asks (workspace_id, receiver_id, state, due_at, id);
create index asks_asker on asks (workspace_id, asker_id, state, due_at, id);
create index asks_about on asks (workspace_id, about_kind, about_id, state);
create index asks_lapse on asks (workspace_id, due_at) where state = 'open' and silence <> 'nothing';
create index asks_announce on asks (workspace_id, announce_at) where announced_at is null;
create index asks_raised on asks (workspace_id, receiver_id, raised_at);
create index asks_ended on asks (workspace_id, receiver_id, ended_at) where ended_at is not null;
create index asks_answered on asks (workspace_id, asker_id, ended_at) where ended_at is not null;
create index asks_told on asks (workspace_id, asker_id, ended_at) where told_at is null;

-- How a person wants to hear of asks, and when the next digest leaves.
create table ask_deliveries (
    workspace_id text not null,
    person_id text not null,
    rhythm text not null,
    at_once boolean not null,
    -- Whether the digest tells of what they watch, too.
    watched boolean not null default true,
    next_at bigint,
    last_at bigint,
    primary key (workspace_id, person_id),
    foreign key (workspace_id, person_id) references people (workspace_id, id)
);
create index ask_deliveries_next on ask_deliveries (workspace_id, next_at);

-- Every letter about asks: what left, for whom, and when. `asks` lists their ids in the order of the letter, and the
-- hash is that of the secret in its links and in the address to which one replies.
create table ask_letters (
    workspace_id text not null,
    id text not null,
    person_id text not null,
    kind text not null,
    asks text not null,
    secret_hash text not null,
    sent_at bigint not null,
    primary key (workspace_id, id),
    unique (workspace_id, secret_hash),
    foreign key (workspace_id, person_id) references people (workspace_id, id)
);
create index ask_letters_person on ask_letters (workspace_id, person_id, sent_at);
create index ask_letters_sent on ask_letters (workspace_id, sent_at);

-- The messages that answered a letter, by the hash of their Message-ID, so that none counts twice; and when a letter
-- went back that said what was not understood.
create table mail_replies (
    workspace_id text not null,
    letter_id text not null,
    message_hash text not null,
    received_at bigint not null,
    explained_at bigint,
    primary key (workspace_id, letter_id, message_hash),
    foreign key (workspace_id, letter_id) references ask_letters (workspace_id, id)
);

-- Who may be told of urgent asks at any hour, and when.
create table on_call (
    workspace_id text not null,
    id text not null,
    person_id text not null,
    from_at bigint not null,
    until_at bigint not null,
    entered_by text not null,
    primary key (workspace_id, id),
    foreign key (workspace_id, person_id) references people (workspace_id, id)
);
create index on_call_person on on_call (workspace_id, person_id, until_at);

-- What a team has agreed: how long each kind of ask may take, the hours in which nobody is told of one, and the rest in
-- words.
create table norms (
    workspace_id text not null,
    team_id text not null,
    quiet text not null default '',
    body text not null default '',
    changed_at bigint not null,
    changed_by text not null,
    primary key (workspace_id, team_id),
    foreign key (workspace_id, team_id) references teams (workspace_id, id)
);

create table norm_dues (
    workspace_id text not null,
    team_id text not null,
    verb text not null,
    due text not null,
    primary key (workspace_id, team_id, verb),
    foreign key (workspace_id, team_id) references teams (workspace_id, id)
);

-- Asks that somebody who goes on leave offers to a delegate, who accepts them or not.
create table ask_handovers (
    workspace_id text not null,
    ask_id text not null,
    leave_id text not null,
    from_id text not null,
    to_id text not null,
    offered_at bigint not null,
    accepted_at bigint,
    declined_at bigint,
    reason text not null default '',
    primary key (workspace_id, ask_id),
    foreign key (workspace_id, ask_id) references asks (workspace_id, id),
    foreign key (workspace_id, leave_id) references leaves (workspace_id, id),
    foreign key (workspace_id, to_id) references people (workspace_id, id)
);
create index ask_handovers_leave on ask_handovers (workspace_id, leave_id, to_id);

-- What the parts that raise asks about their records learn of them.
create view asks_public_asks (workspace_id, id, receiver_id, asker_id, verb, subject, about_kind, about_id, due_at, state,
        outcome, ended_at) as
    select workspace_id, id, receiver_id, asker_id, verb, subject, about_kind, about_id, due_at, state, outcome, ended_at
      from asks;

-- When who is on call, for those who plan what the others can do meanwhile.
create view asks_public_on_call (workspace_id, person_id, from_at, until_at) as
    select workspace_id, person_id, from_at, until_at from on_call;
