//! Every condition of the query language, as one text for all queries.

/// On issues, `i`, with the parameters of a bound filter from `$3` on. What costs least to look at stands first; times are no
/// bare columns, so that no index of theirs is taken for narrower than the one of the way. What is sought in a field sorts by its
/// bytes, which a smallest or largest text of a list would not.
pub(super) const CONDITIONS: &str = " and i.deleted_at is null and i.words like $59 escape '\\'
    and (cast($4 as text) is null or i.team_id in (select value from json_each(cast($4 as text))))
    and i.team_id not in (select value from json_each(cast($5 as text)))
    and (cast($6 as text) is null or i.state_id in (select value from json_each(cast($6 as text))))
    and i.state_id not in (select value from json_each(cast($7 as text)))
    and (cast($8 as text) is null or coalesce(i.assignee_id, '') in (select value from json_each(cast($8 as text))))
    and coalesce(i.assignee_id, '') not in (select value from json_each(cast($9 as text)))
    and (cast($10 as text) is null or coalesce(i.creator_id, '') in (select value from json_each(cast($10 as text))))
    and coalesce(i.creator_id, '') not in (select value from json_each(cast($11 as text)))
    and (cast($12 as text) is null or coalesce(i.parent_id, '') in (select value from json_each(cast($12 as text))))
    and coalesce(i.parent_id, '') not in (select value from json_each(cast($13 as text)))
    and (cast($14 as text) is null or cast(i.priority as text) in (select value from json_each(cast($14 as text))))
    and cast(i.priority as text) not in (select value from json_each(cast($15 as text)))
    and (cast($16 as text) is null
         or cast(coalesce(i.estimate, -1) as text) in (select value from json_each(cast($16 as text))))
    and cast(coalesce(i.estimate, -1) as text) not in (select value from json_each(cast($17 as text)))
    and (cast($18 as text) is null or coalesce(i.due_on, '') in (select value from json_each(cast($18 as text))))
    and coalesce(i.due_on, '') not in (select value from json_each(cast($19 as text)))
    and coalesce(i.estimate, -1) between $20 and $21
    and coalesce(i.due_on, '') >= $22 and coalesce(i.due_on, '') <= $23
    and i.created_at + 0 between $24 and $25 and i.updated_at + 0 between $26 and $27
    and coalesce(i.started_at, -1) between $28 and $29 and coalesce(i.finished_at, -1) between $30 and $31
    and ($32 or not exists (select 1 from json_each(cast($33 as text)) w where i.words not like w.value escape '\\'))
    and ($34 or not exists (select 1 from json_each(cast($35 as text)) w where i.words like w.value escape '\\'))
    and ($36 or not exists (select 1 from json_each(cast($37 as text)) g where not exists (
           select 1 from issue_labels x where x.workspace_id = i.workspace_id and x.issue_id = i.id
              and x.label_id in (select value from json_each(cast(g.value as text))))))
    and ($38 or not exists (
           select 1 from issue_labels x where x.workspace_id = i.workspace_id and x.issue_id = i.id
              and x.label_id in (select value from json_each(cast($39 as text)))))
    and ($40 or (i.finished_at is null and exists (
           select 1 from issue_relations r join issues b on b.workspace_id = r.workspace_id and b.id = r.issue_id
            where r.workspace_id = i.workspace_id and r.other_id = i.id and r.kind = 'blocks'
              and b.finished_at is null and b.deleted_at is null)) = $41)
    and ($42 or coalesce((
           select cast(sum(coalesce(y.until_at, $43) - y.from_at) as bigint) from issue_stays y
            where y.workspace_id = i.workspace_id and y.issue_id = i.id
              and y.state_id in (select value from json_each(cast($44 as text)))), 0) between $45 and $46)
    and (cast($47 as text) is null or coalesce(i.sprint_id, '') in (select value from json_each(cast($47 as text))))
    and coalesce(i.sprint_id, '') not in (select value from json_each(cast($48 as text)))
    and (cast($49 as text) is null or coalesce(i.project_id, '') in (select value from json_each(cast($49 as text))))
    and coalesce(i.project_id, '') not in (select value from json_each(cast($50 as text)))
    and (cast($51 as text) is null
         or coalesce(i.milestone_id, '') in (select value from json_each(cast($51 as text))))
    and coalesce(i.milestone_id, '') not in (select value from json_each(cast($52 as text)))
    and ($53 or not exists (select 1 from json_each(cast($54 as text)) g where not exists (
           select 1 from json_each(cast(g.value as text)) r join issue_values x
               on x.workspace_id = i.workspace_id and x.issue_id = i.id
              and exists (select 1 from json_each(cast(r.value as text)) e where x.sought >= e.value)
              and exists (select 1 from json_each(cast(r.value as text)) e where x.sought <= e.value))))
    and ($55 or not exists (
           select 1 from issue_values x where x.workspace_id = i.workspace_id and x.issue_id = i.id
              and (x.field_id in (select value from json_each(cast($56 as text)))
                   or x.sought in (select value from json_each(cast($57 as text))))))
    and (cast($58 as text) is null or i.id in (select value from json_each(cast($58 as text)))) ";
