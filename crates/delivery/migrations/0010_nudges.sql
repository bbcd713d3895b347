-- Since when whoever was asked for a review is reminded of a pull request that waits longer than was agreed; null where nobody is.
alter table agreements add column nudged_since bigint;
