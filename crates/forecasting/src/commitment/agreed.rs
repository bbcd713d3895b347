//! What the teams of two people promised, for when they talk with each other.
use super::Commitment;
use jiff::civil::Date;
use kernel::{Decided, Id, Later, Person, Reference, Time, Tx, args, columns, sql};
use people::access::{TEAM_VISIBLE, today};
use std::ops::Range;

const MOST: i64 = 8;

struct Row {
    id: Id<Commitment>,
    name: String,
    team_name: String,
    promised_on: Date,
    by_name: String,
    at: Time,
}
columns!(Row { id, name, team_name, promised_on, by_name, at });

/// The open commitments, made in this time, of teams on which the actor and somebody else are or which they lead.
pub fn agreed<'a>(tx: &'a mut Tx<'_>, person: Id<Person>, time: Range<Time>) -> Later<'a, Vec<Decided>> {
    Box::pin(async move {
        let select = sql!(
            "select c.id, c.name, t.name as team_name, c.promised_on, p.name as by_name, c.created_at as at
               from commitments c
               join teams t on t.workspace_id = c.workspace_id and t.id = c.team_id
               join people p on p.workspace_id = c.workspace_id and p.id = c.created_by
              where",
            TEAM_VISIBLE,
            "and c.ending is null and c.created_at >= $5 and c.created_at < $6
             and (t.lead_id = $3 or exists (
                  select 1 from memberships m
                   where m.workspace_id = $1 and m.team_id = c.team_id and m.person_id = $3 and",
            people::holds!("m", "$7"),
            "))
             and (t.lead_id = $4 or exists (
                  select 1 from memberships m
                   where m.workspace_id = $1 and m.team_id = c.team_id and m.person_id = $4 and",
            people::holds!("m", "$7"),
            "))
             order by c.created_at desc, c.id limit $8"
        );
        let (workspace, belongs, me, today) = (tx.workspace(), tx.actor().belongs(), tx.me(), today(tx));
        let rows: Vec<Row> =
            tx.all(select, args![workspace, belongs, me, person, time.start, time.end, today, MOST]).await?;
        Ok(rows.into_iter().map(|row| row.told(today)).collect())
    })
}

impl Row {
    fn told(self, today: Date) -> Decided {
        Decided {
            about: Reference::to("commitment", self.id),
            title: self.name,
            href: format!("/commitments/{}", self.id),
            outcome: format!("{} promised it by {}.", self.team_name, ui::date(self.promised_on, today)),
            by_name: self.by_name,
            at: self.at,
        }
    }
}
