-- Reviews of closed sprints in writing.
create table sprint_reviews (
    workspace_id text not null,
    id text not null,
    sprint_id text not null,
    -- Of each person's own working time.
    hours bigint not null,
    ends_at bigint not null,
    started_by text not null,
    started_at bigint not null,
    ended_at bigint,
    -- What came of it, in Markdown.
    summary text not null default '',
    primary key (workspace_id, id),
    foreign key (workspace_id, sprint_id) references sprints (workspace_id, id),
    foreign key (workspace_id, started_by) references people (workspace_id, id)
);
create unique index sprint_reviews_open on sprint_reviews (workspace_id, sprint_id) where ended_at is null;
create index sprint_reviews_sprint on sprint_reviews (workspace_id, sprint_id, started_at);
create index sprint_reviews_due on sprint_reviews (workspace_id, ends_at) where ended_at is null;

-- Who is asked to look at it.
create table sprint_review_people (
    workspace_id text not null,
    review_id text not null,
    person_id text not null,
    -- Of the team or its lead; else named by whoever began.
    of_team boolean not null,
    primary key (workspace_id, review_id, person_id),
    foreign key (workspace_id, review_id) references sprint_reviews (workspace_id, id),
    foreign key (workspace_id, person_id) references people (workspace_id, id)
);

-- What was finished, as the report of the sprint says, and what is shown of it.
create table sprint_review_items (
    workspace_id text not null,
    id text not null,
    review_id text not null,
    -- Its place among the items, from 1.
    number bigint not null,
    issue_id text not null,
    issue_key text not null,
    title text not null,
    presenter_id text,
    -- In Markdown.
    shown text not null default '',
    shown_at bigint,
    -- What was made of it where it was not accepted: another issue, or the issue itself, which was reopened.
    follow_id text,
    followed_by text,
    followed_at bigint,
    primary key (workspace_id, id),
    foreign key (workspace_id, review_id) references sprint_reviews (workspace_id, id),
    foreign key (workspace_id, issue_id) references issues (workspace_id, id),
    foreign key (workspace_id, follow_id) references issues (workspace_id, id),
    foreign key (workspace_id, presenter_id) references people (workspace_id, id),
    foreign key (workspace_id, followed_by) references people (workspace_id, id)
);
create index sprint_review_items_round on sprint_review_items (workspace_id, review_id, number);
create index sprint_review_items_issue on sprint_review_items (workspace_id, issue_id);
create index sprint_review_items_follow on sprint_review_items (workspace_id, follow_id);

create table sprint_review_answers (
    workspace_id text not null,
    item_id text not null,
    person_id text not null,
    -- `accepted`, `remark` or `not_accepted`.
    verdict text not null,
    -- The remark, or what is missing.
    remark text not null default '',
    at bigint not null,
    primary key (workspace_id, item_id, person_id),
    foreign key (workspace_id, item_id) references sprint_review_items (workspace_id, id),
    foreign key (workspace_id, person_id) references people (workspace_id, id)
);
