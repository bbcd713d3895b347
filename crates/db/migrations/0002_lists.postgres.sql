-- SQLite's name for the same thing, so that `in (select value from json_each(cast($1 as text)))` is one query for both.
create function json_each(list text) returns table (value text) language sql immutable rows 50 as
    'select json_array_elements_text(list::json)';
