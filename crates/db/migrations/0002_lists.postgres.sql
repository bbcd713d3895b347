-- SQLite's name for the same thing, so that `in (select value from json_each(cast($1 as text)))` is one query for both.
-- The detour over an array tells the planner of ten rows, so that it begins with the list and looks each entry up.
create function json_each(list text) returns table (value text) language sql immutable rows 10 as
    'select unnest(array(select json_array_elements_text(list::json)))';
