-- Which sprint an issued forecast is of, and the issues that were open in it then, as a list in JSON. Rows are added and never
-- changed.
create table sprint_forecasts (
    workspace_id text not null,
    forecast_id text not null,
    sprint_id text not null,
    issues text not null,
    primary key (workspace_id, forecast_id),
    foreign key (workspace_id, forecast_id) references issued_forecasts (workspace_id, id)
);
create index sprint_forecasts_sprint on sprint_forecasts (workspace_id, sprint_id);

-- What would have been forecast of a sprint on the day on which it began, added once it is closed.
create table sprint_backtests (
    workspace_id text not null,
    sprint_id text not null,
    team_id text not null,
    as_of text not null,
    days bigint not null,
    -- How many issues it was to hold, and how many of those were done by its last day.
    open bigint not null,
    outcome bigint not null,
    held bigint not null,
    plain_held bigint not null,
    crps double precision not null,
    plain_crps double precision not null,
    width double precision not null,
    plain_width double precision not null,
    primary key (workspace_id, sprint_id),
    foreign key (workspace_id, team_id) references teams (workspace_id, id)
);
create index sprint_backtests_team on sprint_backtests (workspace_id, team_id);
