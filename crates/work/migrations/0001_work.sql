-- Each bringing over of issues. The report says what became of each field, as JSON.
create table issue_imports (
    workspace_id text not null references workspaces (id),
    id text not null,
    -- `jira`, `linear`, `shortcut`, or `cairn` for what a Cairn has exported.
    source text not null,
    label text not null,
    -- How many issues were read before the first one was stored.
    expected bigint not null,
    begun_at bigint not null,
    finished_at bigint,
    undone_at bigint,
    created bigint not null default 0,
    renewed bigint not null default 0,
    unchanged bigint not null default 0,
    report text not null default '',
    primary key (workspace_id, id)
);

-- How a team keeps its issues. The row is made with the team's first issue, or when somebody changes the settings.
create table work_teams (
    workspace_id text not null,
    team_id text not null,
    key text not null,
    next_number bigint not null default 1,
    -- `points`, `sizes`, `hours` or `none`.
    estimates text not null default 'points',
    -- How many weeks a sprint lasts; nothing where each is given its own dates.
    sprint_weeks bigint,
    -- The IANA zone in which sprints begin and end; nothing for that of whoever plans them.
    sprint_zone text,
    created_at bigint not null,
    primary key (workspace_id, team_id),
    unique (workspace_id, key),
    foreign key (workspace_id, team_id) references teams (workspace_id, id)
);

-- Every key that a team ever had leads to its issues, and no other team gets it.
create table work_keys (
    workspace_id text not null,
    key text not null,
    team_id text not null,
    primary key (workspace_id, key),
    foreign key (workspace_id, team_id) references teams (workspace_id, id)
);

create table work_states (
    workspace_id text not null,
    id text not null,
    team_id text not null,
    name text not null,
    -- `triage`, `backlog`, `unstarted`, `started`, `done` or `cancelled`; it never changes.
    category text not null,
    position bigint not null,
    archived_at bigint,
    -- The import that made it.
    import_id text,
    primary key (workspace_id, id),
    unique (workspace_id, team_id, name),
    foreign key (workspace_id, team_id) references work_teams (workspace_id, team_id),
    foreign key (workspace_id, import_id) references issue_imports (workspace_id, id)
);

-- Labels of a team, or of everyone where no team is named.
create table labels (
    workspace_id text not null references workspaces (id),
    id text not null,
    team_id text,
    name text not null,
    -- The name without case, and the team: no two labels of one reach have the same.
    unique_name text not null,
    hue bigint not null,
    created_at bigint not null,
    archived_at bigint,
    -- The import that made it.
    import_id text,
    primary key (workspace_id, id),
    unique (workspace_id, unique_name),
    foreign key (workspace_id, team_id) references teams (workspace_id, id),
    foreign key (workspace_id, import_id) references issue_imports (workspace_id, id)
);

-- Fields that issues have besides their own: of a team, or of everyone where no team is named.
create table custom_fields (
    workspace_id text not null references workspaces (id),
    id text not null,
    team_id text,
    name text not null,
    -- The name without case, and the team: no two fields of one reach have the same.
    unique_name text not null,
    -- `text`, `number`, `day`, `choice`, `person` or `link`; it never changes.
    kind text not null,
    -- Who says what it is for.
    owner_id text,
    created_at bigint not null,
    -- The day on which an issue was last given a value, in UTC.
    used_on text,
    archived_at bigint,
    -- The import that made it.
    import_id text,
    primary key (workspace_id, id),
    unique (workspace_id, unique_name),
    foreign key (workspace_id, team_id) references teams (workspace_id, id),
    foreign key (workspace_id, owner_id) references people (workspace_id, id),
    foreign key (workspace_id, import_id) references issue_imports (workspace_id, id)
);

-- What a field of the kind `choice` can hold, in its order.
create table custom_choices (
    workspace_id text not null,
    id text not null,
    field_id text not null,
    name text not null,
    -- The name without case.
    unique_name text not null,
    position bigint not null,
    archived_at bigint,
    primary key (workspace_id, id),
    unique (workspace_id, field_id, unique_name),
    foreign key (workspace_id, field_id) references custom_fields (workspace_id, id)
);

-- Which field here holds what a former tracker calls so.
create table custom_sources (
    workspace_id text not null,
    source text not null,
    name text not null,
    field_id text not null,
    primary key (workspace_id, source, name),
    foreign key (workspace_id, field_id) references custom_fields (workspace_id, id)
);
create index custom_sources_field on custom_sources (workspace_id, field_id);

-- Saved views: a query with a name, and how what it finds is laid out.
create table work_views (
    workspace_id text not null,
    id text not null,
    owner_id text not null,
    -- The team of whose issues it shows some; those of all teams if there is none.
    team_id text,
    name text not null,
    -- The name without case, with its owner or the team; other names for deleted ones.
    unique_name text not null,
    q text not null,
    -- `list` or `board`.
    layout text not null,
    -- By what columns of a board and rows of a list are parted: `state`, `assignee`, `priority`, or empty.
    parted text not null,
    -- The columns of a list with commas between; empty for the usual ones.
    shown text not null,
    -- Since when everyone sees it who sees the team.
    shared_at bigint,
    created_at bigint not null,
    deleted_at bigint,
    primary key (workspace_id, id),
    unique (workspace_id, unique_name),
    foreign key (workspace_id, owner_id) references people (workspace_id, id),
    foreign key (workspace_id, team_id) references teams (workspace_id, id)
);
create index work_views_by_team on work_views (workspace_id, team_id);

-- With which view the issues of a team begin.
create table work_first_views (
    workspace_id text not null,
    team_id text not null,
    view_id text not null,
    primary key (workspace_id, team_id),
    foreign key (workspace_id, team_id) references teams (workspace_id, id),
    foreign key (workspace_id, view_id) references work_views (workspace_id, id)
);

-- People whom an imported source names. Who it is here stands beside them as soon as somebody has said it.
create table outsiders (
    workspace_id text not null references workspaces (id),
    id text not null,
    source text not null,
    source_id text not null,
    name text not null,
    email text,
    person_id text,
    claimed_at bigint,
    created_at bigint not null,
    primary key (workspace_id, id),
    unique (workspace_id, source, source_id),
    foreign key (workspace_id, person_id) references people (workspace_id, id)
);

-- A stretch of days in which a team wants to finish certain issues. It runs from `started_at` to `closed_at`.
create table sprints (
    workspace_id text not null,
    id text not null,
    team_id text not null,
    number bigint not null,
    name text not null,
    -- Both included, in the zone.
    first_on text not null,
    last_on text not null,
    zone text not null,
    goal text not null default '',
    -- The plan as written; it is fixed once the sprint has begun.
    commitment text not null default '',
    risks text not null default '',
    away text not null default '',
    left_out text not null default '',
    created_at bigint not null,
    created_by text,
    started_at bigint,
    started_by text,
    closed_at bigint,
    closed_by text,
    -- In hundredths, and as numbers of issues: what was committed to at the start and, at the closing, what was done, and
    -- done of the commitment.
    committed bigint not null default 0,
    committed_issues bigint not null default 0,
    done bigint not null default 0,
    done_issues bigint not null default 0,
    kept bigint not null default 0,
    kept_issues bigint not null default 0,
    -- The report as it was at the closing, in JSON. It never changes.
    report text,
    primary key (workspace_id, id),
    unique (workspace_id, team_id, number),
    foreign key (workspace_id, team_id) references work_teams (workspace_id, team_id)
);
create index sprints_team on sprints (workspace_id, team_id, closed_at);

create table issues (
    workspace_id text not null,
    id text not null,
    team_id text not null,
    number bigint not null,
    title text not null,
    -- The title without case and marks, to be searched.
    words text not null,
    body text not null default '',
    state_id text not null,
    -- That of the state, so that lists need not look there.
    category text not null,
    -- Since when it is in its state.
    state_since bigint not null,
    assignee_id text,
    assignee_outsider_id text,
    -- 0 none, 1 urgent, 2 high, 3 medium, 4 low.
    priority bigint not null default 0,
    -- Hundredths of a point or an hour.
    estimate bigint,
    due_on text,
    parent_id text,
    -- The sprint that it is in, planned or running, or in which it was finished.
    sprint_id text,
    -- Its project and the milestone within it, which another part keeps.
    project_id text,
    milestone_id text,
    -- Its place among the issues of its team; see src/rank.rs.
    rank text collate "C" not null,
    creator_id text,
    creator_outsider_id text,
    created_at bigint not null,
    updated_at bigint not null,
    -- When it was last open again, or created.
    opened_at bigint not null,
    started_at bigint,
    -- When it was done or cancelled; nothing while it is open.
    finished_at bigint,
    deleted_at bigint,
    -- The import that made it.
    import_id text,
    primary key (workspace_id, id),
    unique (workspace_id, team_id, number),
    foreign key (workspace_id, team_id) references work_teams (workspace_id, team_id),
    foreign key (workspace_id, state_id) references work_states (workspace_id, id),
    foreign key (workspace_id, parent_id) references issues (workspace_id, id) deferrable initially deferred,
    foreign key (workspace_id, sprint_id) references sprints (workspace_id, id),
    foreign key (workspace_id, assignee_id) references people (workspace_id, id),
    foreign key (workspace_id, creator_id) references people (workspace_id, id),
    foreign key (workspace_id, assignee_outsider_id) references outsiders (workspace_id, id),
    foreign key (workspace_id, creator_outsider_id) references outsiders (workspace_id, id),
    foreign key (workspace_id, import_id) references issue_imports (workspace_id, id)
);
create index issues_import on issues (workspace_id, import_id);
create index issues_rank on issues (workspace_id, team_id, rank, id);
create index issues_everywhere on issues (workspace_id, rank, id);
create index issues_state on issues (workspace_id, state_id, rank, id);
create index issues_assignee on issues (workspace_id, assignee_id, updated_at);
create index issues_parent on issues (workspace_id, parent_id);
create index issues_sprint on issues (workspace_id, sprint_id, rank, id);
create index issues_project on issues (workspace_id, project_id, milestone_id);
create index issues_updated on issues (workspace_id, updated_at, id);
create index issues_created on issues (workspace_id, created_at, id);
-- How long issues of a team took that were finished lately, for those who forecast.
create index issues_finished on issues (workspace_id, team_id, finished_at);
-- The few of all issues that are open, of a team and of all teams.
create index issues_open on issues (workspace_id, team_id, rank, id) where finished_at is null and deleted_at is null;
create index issues_open_everywhere on issues (workspace_id, rank, id) where finished_at is null and deleted_at is null;
create index issues_triage on issues (workspace_id, team_id, state_since) where category = 'triage';

-- Keys under which an issue was known before it moved or was brought over.
create table issue_aliases (
    workspace_id text not null,
    key text not null,
    issue_id text not null,
    primary key (workspace_id, key),
    foreign key (workspace_id, issue_id) references issues (workspace_id, id)
);
create index issue_aliases_issue on issue_aliases (workspace_id, issue_id);

create table issue_labels (
    workspace_id text not null,
    issue_id text not null,
    label_id text not null,
    primary key (workspace_id, issue_id, label_id),
    foreign key (workspace_id, issue_id) references issues (workspace_id, id),
    foreign key (workspace_id, label_id) references labels (workspace_id, id)
);
create index issue_labels_label on issue_labels (workspace_id, label_id, issue_id);

-- What issues hold in the fields that were added.
create table issue_values (
    workspace_id text not null,
    issue_id text not null,
    field_id text not null,
    -- A text, a number, a day, the id of a choice, of a person or of an outsider, or an address.
    value text not null,
    -- The outsider who was brought over, also where it is said who that is here.
    outsider_id text,
    -- The field and the value so that they sort; see src/custom/value.rs.
    sought text collate "C" not null,
    primary key (workspace_id, issue_id, field_id),
    foreign key (workspace_id, issue_id) references issues (workspace_id, id),
    foreign key (workspace_id, field_id) references custom_fields (workspace_id, id),
    foreign key (workspace_id, outsider_id) references outsiders (workspace_id, id)
);
create index issue_values_sought on issue_values (workspace_id, sought, issue_id);
create index issue_values_field on issue_values (workspace_id, field_id, issue_id);

-- `blocks`, `duplicates`: from the first to the other one. `relates` stands once, from the smaller id.
create table issue_relations (
    workspace_id text not null,
    issue_id text not null,
    kind text not null,
    other_id text not null,
    created_by text,
    created_at bigint not null,
    primary key (workspace_id, issue_id, kind, other_id),
    foreign key (workspace_id, issue_id) references issues (workspace_id, id),
    foreign key (workspace_id, other_id) references issues (workspace_id, id)
);
create index issue_relations_other on issue_relations (workspace_id, other_id, kind);

-- Where an issue was, and when. The last row of an issue has no end.
create table issue_stays (
    workspace_id text not null,
    issue_id text not null,
    state_id text not null,
    from_at bigint not null,
    until_at bigint,
    primary key (workspace_id, issue_id, from_at, state_id),
    foreign key (workspace_id, issue_id) references issues (workspace_id, id),
    foreign key (workspace_id, state_id) references work_states (workspace_id, id)
);
create index issue_stays_state on issue_stays (workspace_id, state_id, issue_id);

-- Every change of a field: what was there and what is there since, as stored and in words. Changes of one act share
-- their batch, by which it is undone.
create table issue_changes (
    workspace_id text not null,
    id text not null,
    batch text not null,
    issue_id text not null,
    field text not null,
    -- The name of a field that was added here, or that only a former tracker has.
    former_field text,
    -- The field that was added here.
    custom_id text,
    before_value text,
    after_value text,
    before_words text not null,
    after_words text not null,
    at bigint not null,
    by_id text,
    by_outsider_id text,
    primary key (workspace_id, id),
    foreign key (workspace_id, issue_id) references issues (workspace_id, id),
    foreign key (workspace_id, by_outsider_id) references outsiders (workspace_id, id)
);
create index issue_changes_issue on issue_changes (workspace_id, issue_id, at, id);
create index issue_changes_batch on issue_changes (workspace_id, batch, id);

-- What a sprint was to hold when it began. It never changes.
create table sprint_commitments (
    workspace_id text not null,
    sprint_id text not null,
    issue_id text not null,
    issue_key text not null,
    title text not null,
    estimate bigint,
    primary key (workspace_id, sprint_id, issue_id),
    foreign key (workspace_id, sprint_id) references sprints (workspace_id, id),
    foreign key (workspace_id, issue_id) references issues (workspace_id, id)
);

-- The scope ledger: everything that changed what a running sprint holds. Rows are only added, but for the reason, which
-- may be given as long as the sprint runs.
create table sprint_changes (
    workspace_id text not null,
    id text not null,
    sprint_id text not null,
    -- Its place in the ledger of the sprint, from 1.
    number bigint not null,
    issue_id text not null,
    issue_key text not null,
    title text not null,
    -- `added`, `removed`, `estimated`, `split`, `rolled_over`, `deleted`, `restored`, `cancelled`, `reopened` or `moved`.
    kind text not null,
    before_estimate bigint,
    after_estimate bigint,
    -- By how much the sprint holds more, in issues and in hundredths.
    issues_more bigint not null,
    estimate_more bigint not null,
    reason text not null default '',
    at bigint not null,
    by_id text,
    by_outsider_id text,
    primary key (workspace_id, id),
    unique (workspace_id, sprint_id, number),
    foreign key (workspace_id, sprint_id) references sprints (workspace_id, id),
    foreign key (workspace_id, issue_id) references issues (workspace_id, id),
    foreign key (workspace_id, by_outsider_id) references outsiders (workspace_id, id)
);
create index sprint_changes_issue on sprint_changes (workspace_id, issue_id, kind);

-- Rounds in which a team estimates issues, each person blind.
create table refinements (
    workspace_id text not null,
    id text not null,
    team_id text not null,
    name text not null,
    -- Of each person's own working time.
    hours bigint not null,
    ends_at bigint not null,
    started_by text not null,
    started_at bigint not null,
    ended_at bigint,
    -- What came of it, in Markdown.
    summary text not null default '',
    primary key (workspace_id, id),
    foreign key (workspace_id, team_id) references work_teams (workspace_id, team_id),
    foreign key (workspace_id, started_by) references people (workspace_id, id)
);
create index refinements_team on refinements (workspace_id, team_id, started_at);
create index refinements_open on refinements (workspace_id, ends_at) where ended_at is null;

-- Who was asked.
create table refinement_people (
    workspace_id text not null,
    refinement_id text not null,
    person_id text not null,
    primary key (workspace_id, refinement_id, person_id),
    foreign key (workspace_id, refinement_id) references refinements (workspace_id, id),
    foreign key (workspace_id, person_id) references people (workspace_id, id)
);

create table refinement_items (
    workspace_id text not null,
    id text not null,
    refinement_id text not null,
    issue_id text not null,
    position bigint not null,
    round bigint not null default 1,
    -- Since when its estimates show.
    revealed_at bigint,
    -- `ready`, `not_ready` or `split`.
    outcome text,
    reason text not null default '',
    estimate bigint,
    settled_by text,
    settled_at bigint,
    primary key (workspace_id, id),
    unique (workspace_id, refinement_id, issue_id),
    foreign key (workspace_id, refinement_id) references refinements (workspace_id, id),
    foreign key (workspace_id, issue_id) references issues (workspace_id, id)
);
create index refinement_items_issue on refinement_items (workspace_id, issue_id);

-- Nothing as the estimate says that somebody cannot tell.
create table refinement_estimates (
    workspace_id text not null,
    item_id text not null,
    person_id text not null,
    estimate bigint,
    given_at bigint not null,
    primary key (workspace_id, item_id, person_id),
    foreign key (workspace_id, item_id) references refinement_items (workspace_id, id),
    foreign key (workspace_id, person_id) references people (workspace_id, id)
);

create table refinement_questions (
    workspace_id text not null,
    id text not null,
    item_id text not null,
    author_id text not null,
    body text not null,
    asked_at bigint not null,
    answer text not null default '',
    answered_by text,
    primary key (workspace_id, id),
    foreign key (workspace_id, item_id) references refinement_items (workspace_id, id),
    foreign key (workspace_id, author_id) references people (workspace_id, id)
);
create index refinement_questions_item on refinement_questions (workspace_id, item_id, asked_at);

-- How a team looks at what is new.
create table triages (
    workspace_id text not null,
    team_id text not null,
    -- The IANA zone in which turns and days begin.
    zone text not null,
    -- Whether what is filed by people who are not on the team begins in triage.
    from_others boolean not null,
    -- The Monday from which the turns are counted.
    first_on text not null,
    -- Who is asked at present to look, and by when.
    asked_id text,
    asked_due bigint,
    primary key (workspace_id, team_id),
    foreign key (workspace_id, team_id) references work_teams (workspace_id, team_id)
);

-- Whose turn it is week by week, in this order.
create table triage_people (
    workspace_id text not null,
    team_id text not null,
    position bigint not null,
    person_id text not null,
    primary key (workspace_id, team_id, position),
    unique (workspace_id, team_id, person_id),
    foreign key (workspace_id, team_id) references triages (workspace_id, team_id),
    foreign key (workspace_id, person_id) references people (workspace_id, id)
);

-- Who had the turn in a week that has begun, or is to have it because it was given to them.
create table triage_turns (
    workspace_id text not null,
    team_id text not null,
    -- A Monday.
    week_on text not null,
    person_id text not null,
    given_by text,
    primary key (workspace_id, team_id, week_on),
    foreign key (workspace_id, team_id) references triages (workspace_id, team_id),
    foreign key (workspace_id, person_id) references people (workspace_id, id)
);

-- In how many working hours an issue of this priority is looked at, and done.
create table triage_promises (
    workspace_id text not null,
    team_id text not null,
    priority bigint not null,
    look_hours bigint not null,
    done_hours bigint,
    -- It counts for what came before from here on.
    since_at bigint not null,
    primary key (workspace_id, team_id, priority),
    foreign key (workspace_id, team_id) references triages (workspace_id, team_id)
);

-- What somebody decided about an issue in triage. What one call decides has one batch, by which it is undone.
create table triage_acts (
    workspace_id text not null,
    id text not null,
    batch text not null,
    issue_id text not null,
    -- `accepted`, `merged`, `declined` or `put_off`.
    act text not null,
    reason text not null default '',
    -- The day until which it is put off.
    until_on text,
    -- The issue of which it is a duplicate, where this was not known before.
    other_id text,
    -- Since when it was in its state.
    state_since bigint not null,
    at bigint not null,
    by_id text,
    primary key (workspace_id, id),
    foreign key (workspace_id, issue_id) references issues (workspace_id, id)
);
create index triage_acts_batch on triage_acts (workspace_id, batch);
create index triage_acts_issue on triage_acts (workspace_id, issue_id, at);

-- Rules by which something is done about issues of a team.
create table automations (
    workspace_id text not null,
    id text not null,
    team_id text not null,
    name text not null,
    -- `created`, `state_changed`, `labelled`, `prioritised`, `due_passed`, `blocked` or `sprint_closed`.
    occasion text not null,
    -- For how many working hours it has to be blocked.
    hours bigint,
    q text not null,
    -- What is done, in JSON.
    acts text not null,
    created_by text,
    created_at bigint not null,
    paused_at bigint,
    deleted_at bigint,
    primary key (workspace_id, id),
    foreign key (workspace_id, team_id) references work_teams (workspace_id, team_id)
);
create index automations_team on automations (workspace_id, team_id, occasion);

-- What rules have done, once for each occasion.
create table automation_runs (
    workspace_id text not null,
    id text not null,
    automation_id text not null,
    issue_id text not null,
    -- The job that followed a change, or what the passing of time has brought about.
    occasion text not null,
    at bigint not null,
    -- What was done, in words.
    did text not null,
    -- By what the change of the issue is undone.
    batch text,
    undone_at bigint,
    primary key (workspace_id, id),
    unique (workspace_id, automation_id, issue_id, occasion),
    foreign key (workspace_id, automation_id) references automations (workspace_id, id),
    foreign key (workspace_id, issue_id) references issues (workspace_id, id)
);
create index automation_runs_at on automation_runs (workspace_id, automation_id, at);

-- What issues of a team begin with that are filed again and again.
create table issue_templates (
    workspace_id text not null,
    id text not null,
    team_id text not null,
    name text not null,
    -- The name without case, with the team; other names for deleted ones.
    unique_name text not null,
    -- Text, fields and the issues below it, in JSON.
    content text not null,
    created_by text,
    created_at bigint not null,
    deleted_at bigint,
    primary key (workspace_id, id),
    unique (workspace_id, unique_name),
    foreign key (workspace_id, team_id) references work_teams (workspace_id, team_id)
);
create index issue_templates_team on issue_templates (workspace_id, team_id);

-- Of which templates issues are made again and again, and when next.
create table recurrences (
    workspace_id text not null,
    id text not null,
    template_id text not null,
    -- On which days, in JSON.
    rhythm text not null,
    time_of_day text not null,
    zone text not null,
    -- From here weeks are counted.
    first_on text not null,
    -- The day for which it is made next, before it is moved to a working one, and when that happens.
    next_on text not null,
    next_at bigint not null,
    created_by text,
    created_at bigint not null,
    paused_at bigint,
    primary key (workspace_id, id),
    foreign key (workspace_id, template_id) references issue_templates (workspace_id, id)
);
create index recurrences_template on recurrences (workspace_id, template_id);
create index recurrences_next on recurrences (workspace_id, next_at) where paused_at is null;

-- What became of each day: an issue, or the reason why there is none.
create table recurrence_occurrences (
    workspace_id text not null,
    recurrence_id text not null,
    on_date text not null,
    issue_id text,
    skipped text not null,
    at bigint not null,
    primary key (workspace_id, recurrence_id, on_date),
    foreign key (workspace_id, recurrence_id) references recurrences (workspace_id, id),
    foreign key (workspace_id, issue_id) references issues (workspace_id, id)
);

-- Forms that people without an account fill in.
create table intake_forms (
    workspace_id text not null,
    id text not null,
    team_id text not null,
    name text not null,
    -- The name without case, with the team.
    unique_name text not null,
    -- What it says, asks for, and makes of it, in JSON.
    content text not null,
    -- The last day on which it is open, in the zone of the team.
    ends_on text,
    -- The secret of its link, sealed and as a hash.
    link text not null,
    link_hash text not null,
    created_by text,
    created_at bigint not null,
    closed_at bigint,
    primary key (workspace_id, id),
    unique (workspace_id, unique_name),
    unique (workspace_id, link_hash),
    foreign key (workspace_id, team_id) references work_teams (workspace_id, team_id)
);
create index intake_forms_team on intake_forms (workspace_id, team_id);

-- What came through forms. Who sent it is forgotten when the issue is deleted.
create table intake_sendings (
    workspace_id text not null,
    issue_id text not null,
    form_id text not null,
    sender_name text not null,
    sender_mail text not null,
    -- By which the sender asks how it stands.
    status_hash text not null,
    sent_at bigint not null,
    primary key (workspace_id, issue_id),
    unique (workspace_id, status_hash),
    foreign key (workspace_id, issue_id) references issues (workspace_id, id),
    foreign key (workspace_id, form_id) references intake_forms (workspace_id, id)
);
create index intake_sendings_form on intake_sendings (workspace_id, form_id);

-- What was sent in the last hour, from which network as a hash, and without what.
create table intake_counts (
    workspace_id text not null,
    id text not null,
    form_id text not null,
    network_hash text not null,
    at bigint not null,
    primary key (workspace_id, id),
    foreign key (workspace_id, form_id) references intake_forms (workspace_id, id)
);
create index intake_counts_form on intake_counts (workspace_id, form_id, at);
create index intake_counts_network on intake_counts (workspace_id, network_hash, at);

-- From where an issue was brought over, and what has no place of its own here.
create table issue_sources (
    workspace_id text not null,
    source text not null,
    source_id text not null,
    issue_id text not null,
    source_key text not null default '',
    -- A JSON object of the fields that this program does not know.
    fields text not null default '{}',
    -- Of all that was sent, by which a second import sees what is as it was.
    fingerprint bigint not null,
    imported_at bigint not null,
    primary key (workspace_id, source, source_id),
    foreign key (workspace_id, issue_id) references issues (workspace_id, id)
);
create index issue_sources_issue on issue_sources (workspace_id, issue_id);
create index issue_sources_key on issue_sources (workspace_id, source, source_key);

-- From where a sprint was brought over, once for each team whose issues were in it.
create table sprint_sources (
    workspace_id text not null,
    source text not null,
    source_id text not null,
    team_id text not null,
    sprint_id text not null,
    import_id text not null,
    -- Of all that was sent, and of how it stood here after that: by these a second import sees what changed where.
    fingerprint bigint not null,
    stood bigint not null,
    primary key (workspace_id, source, source_id, team_id),
    foreign key (workspace_id, sprint_id) references sprints (workspace_id, id),
    foreign key (workspace_id, import_id) references issue_imports (workspace_id, id)
);
create index sprint_sources_import on sprint_sources (workspace_id, import_id);
create index sprint_sources_sprint on sprint_sources (workspace_id, sprint_id);

-- Parents and relations that wait until both issues are here; `since_at` is when the relation began.
create table issue_joins (
    workspace_id text not null,
    source text not null,
    issue_id text not null,
    -- `parent`, or what the issue is to the other one.
    kind text not null,
    other_id text not null,
    other_key text not null,
    since_at bigint not null,
    primary key (workspace_id, source, issue_id, kind, other_id, other_key),
    foreign key (workspace_id, issue_id) references issues (workspace_id, id)
);
create index issue_joins_issue on issue_joins (workspace_id, issue_id);

-- What people said about an issue where it was before.
create table issue_notes (
    workspace_id text not null,
    issue_id text not null,
    source_id text not null,
    by_id text,
    by_outsider_id text,
    body text not null,
    at bigint not null,
    edited_at bigint,
    primary key (workspace_id, issue_id, source_id),
    foreign key (workspace_id, issue_id) references issues (workspace_id, id),
    foreign key (workspace_id, by_id) references people (workspace_id, id),
    foreign key (workspace_id, by_outsider_id) references outsiders (workspace_id, id)
);

-- Issues for those who forecast: when each came, was begun and ended. Those with issues below them are no leaves: their
-- work is counted there.
create view work_public_items (workspace_id, issue_id, team_id, team_key, number, title, category, state_name,
    state_position, parent_id, sprint_id, project_id, milestone_id, assignee_id, leaf, due_on, created_at, started_at, finished_at) as
    select i.workspace_id, i.id, i.team_id, w.key, i.number, i.title, i.category, s.name, s.position, i.parent_id,
           i.sprint_id, i.project_id, i.milestone_id, i.assignee_id,
           not exists (select 1 from issues b
                        where b.workspace_id = i.workspace_id and b.parent_id = i.id and b.deleted_at is null),
           i.due_on, i.created_at, i.started_at, i.finished_at
      from issues i
      join work_teams w on w.workspace_id = i.workspace_id and w.team_id = i.team_id
      join work_states s on s.workspace_id = i.workspace_id and s.id = i.state_id
     where i.deleted_at is null;

-- Sprints, with how many issues were done in those that are closed.
create view work_public_sprints (workspace_id, sprint_id, team_id, name, first_on, last_on, started_at, closed_at,
    done_issues) as
    select workspace_id, id, team_id, name, first_on, last_on, started_at, closed_at, done_issues from sprints;

-- The teams that have issues, and in what they estimate.
create view work_public_teams (workspace_id, team_id, estimates) as
    select workspace_id, team_id, estimates from work_teams;

create view work_public_estimates (workspace_id, issue_id, estimate) as
    select workspace_id, id, estimate from issues where deleted_at is null;

create view work_public_labels (workspace_id, label_id, team_id, name, archived) as
    select workspace_id, id, team_id, name, archived_at is not null from labels;

create view work_public_issue_labels (workspace_id, issue_id, label_id) as
    select workspace_id, issue_id, label_id from issue_labels;

-- What finished when, of leaves.
create view work_public_finishes (workspace_id, team_id, issue_id, finished_at) as
    select i.workspace_id, i.team_id, i.id, i.finished_at from issues i
     where i.category = 'done' and i.deleted_at is null
       and not exists (select 1 from issues b
                        where b.workspace_id = i.workspace_id and b.parent_id = i.id and b.deleted_at is null);

-- What came when and was not dropped since, of leaves.
create view work_public_arrivals (workspace_id, team_id, issue_id, created_at, open) as
    select i.workspace_id, i.team_id, i.id, i.created_at, i.finished_at is null from issues i
     where i.category <> 'cancelled' and i.deleted_at is null
       and not exists (select 1 from issues b
                        where b.workspace_id = i.workspace_id and b.parent_id = i.id and b.deleted_at is null);

-- Which issue has to be done before which other one.
create view work_public_blocks (workspace_id, issue_id, other_id) as
    select workspace_id, issue_id, other_id from issue_relations where kind = 'blocks';
