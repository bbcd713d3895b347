-- Rounds in which a team plans a sprint in writing.
create table plannings (
    workspace_id text not null,
    id text not null,
    sprint_id text not null,
    -- Of each person's own working time, in each phase.
    hours bigint not null,
    -- `proposals`, `objections`, `settling`, `committed` or `called_off`.
    phase text not null,
    -- When the time of the phase is over.
    ends_at bigint not null,
    goal text not null,
    risks text not null,
    -- Grows with every change after the proposals, so that an answer tells to which draft it was given.
    draft bigint not null default 1,
    started_by text not null,
    started_at bigint not null,
    ended_at bigint,
    -- What came of it, in Markdown.
    summary text not null default '',
    primary key (workspace_id, id),
    foreign key (workspace_id, sprint_id) references sprints (workspace_id, id),
    foreign key (workspace_id, started_by) references people (workspace_id, id)
);
create unique index plannings_open on plannings (workspace_id, sprint_id) where ended_at is null;
create index plannings_sprint on plannings (workspace_id, sprint_id, started_at);
create index plannings_due on plannings (workspace_id, ends_at) where ended_at is null;

-- Who takes part, what they can take on, and what they say about the draft.
create table planning_people (
    workspace_id text not null,
    planning_id text not null,
    person_id text not null,
    offer text not null default '',
    offered_at bigint,
    -- `consent`, `concern` or `objection`.
    stance text,
    reason text not null default '',
    -- The draft to which it was given.
    draft bigint,
    answered_at bigint,
    primary key (workspace_id, planning_id, person_id),
    foreign key (workspace_id, planning_id) references plannings (workspace_id, id),
    foreign key (workspace_id, person_id) references people (workspace_id, id)
);

-- Of each issue the latest one that was not taken back stands.
create table planning_proposals (
    workspace_id text not null,
    id text not null,
    planning_id text not null,
    -- Its place among the proposals of the round, from 1.
    number bigint not null,
    issue_id text not null,
    takes_in boolean not null,
    reason text not null default '',
    by_id text not null,
    at bigint not null,
    taken_back_by text,
    taken_back_at bigint,
    primary key (workspace_id, id),
    foreign key (workspace_id, planning_id) references plannings (workspace_id, id),
    foreign key (workspace_id, issue_id) references issues (workspace_id, id),
    foreign key (workspace_id, by_id) references people (workspace_id, id)
);
create index planning_proposals_round on planning_proposals (workspace_id, planning_id, number);
create index planning_proposals_issue on planning_proposals (workspace_id, issue_id);

create table planning_objections (
    workspace_id text not null,
    id text not null,
    planning_id text not null,
    person_id text not null,
    body text not null,
    -- What would make it good enough.
    wants text not null,
    raised_at bigint not null,
    -- `withdrawn` or `decided_against`; nothing while it is open.
    outcome text,
    answer text not null default '',
    settled_by text,
    settled_at bigint,
    primary key (workspace_id, id),
    foreign key (workspace_id, planning_id) references plannings (workspace_id, id),
    foreign key (workspace_id, person_id) references people (workspace_id, id)
);
create unique index planning_objections_open on planning_objections (workspace_id, planning_id, person_id)
    where outcome is null;
create index planning_objections_round on planning_objections (workspace_id, planning_id, id);
