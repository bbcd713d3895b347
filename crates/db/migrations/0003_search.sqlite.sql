-- The words of documents, by the number of the document, which is the row's id. See the file for PostgreSQL. All letters
-- outside of ASCII are letters of tokens here; what a word is was decided before.
create virtual table search_titles using fts5 (
    tokens, content = '', contentless_delete = 1, prefix = '1 2 3', tokenize = "ascii tokenchars '=_'"
);
create virtual table search_texts using fts5 (
    tokens, content = '', contentless_delete = 1, prefix = '3 4', tokenize = "ascii tokenchars '=_'"
);
create virtual table search_near using fts5 (
    tokens, content = '', contentless_delete = 1, detail = 'none', tokenize = "ascii tokenchars '=_'"
);
-- Every question looks into every segment of an index: two of a size become one, where FTS5 would wait for four.
insert into search_titles (search_titles, rank) values ('automerge', 2);
insert into search_texts (search_texts, rank) values ('automerge', 2);
insert into search_near (search_near, rank) values ('automerge', 2);
