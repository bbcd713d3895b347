-- The words of documents, by the number of the document. No row of these leads to a workspace: the tokens that say who
-- may read a document do, and every search asks for one of them. They can be made anew, so no backup holds them.
create table search_titles (number bigint primary key, tokens tsvector not null);
create index search_titles_tokens on search_titles using gin (tokens) with (fastupdate = off);
create table search_texts (number bigint primary key, tokens tsvector not null);
create index search_texts_tokens on search_texts using gin (tokens) with (fastupdate = off);
create table search_near (number bigint primary key, tokens tsvector not null);
create index search_near_tokens on search_near using gin (tokens) with (fastupdate = off);
-- How many of the most frequent tokens the planner knows; by them it chooses between the index and the newest rows.
alter table search_titles alter column tokens set statistics 1000;
alter table search_texts alter column tokens set statistics 1000;

-- Tokens with a space between, each at its place.
create function search_tokens(tokens text) returns tsvector language sql immutable as $$
    select coalesce(string_agg('''' || token || ''':' || least(place, 16383), ' '), '')::tsvector
      from unnest(string_to_array(tokens, ' ')) with ordinality as every (token, place)
$$;

-- A question in the words of FTS5, as `db::search` writes it. No token holds a quote, a space or a capital letter.
create function search_pattern(question text) returns tsquery language sql immutable as $$
    select replace(replace(replace(replace(replace(replace(question,
           ' AND ', ' & '), ' OR ', ' | '), ' NOT ', ' & !'), ' + ', ' <-> '), '" *', '":*'), '"', '''')::tsquery
$$;
