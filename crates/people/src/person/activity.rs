use super::Record;
use kernel::{Actor, Id, Json, Method::Get, Operation, Person, Result, Route, Time, Tx, args, columns, sql};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

/// What happened to a person's record, newest first.
#[derive(Clone, Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct ListActivity {
    pub person: Id<Person>,
    /// The last entry of the page before.
    #[serde(default)]
    pub before: Option<Id<kernel::Event>>,
}

#[derive(Clone, Debug, Serialize, JsonSchema)]
pub struct Activity {
    #[schemars(with = "String")]
    pub id: Id<kernel::Event>,
    pub at: Time,
    pub actor_id: Option<Id<Person>>,
    pub actor_name: Option<String>,
    pub verb: String,
    pub data: Json,
}

struct Stored {
    id: Id<kernel::Event>,
    at: Time,
    actor_id: Option<Id<Person>>,
    actor_name: Option<String>,
    verb: String,
    data: Option<String>,
}
columns!(Stored { id, at, actor_id, actor_name, verb, data });

const PAGE: i64 = 20;

impl Operation for ListActivity {
    const NAME: &str = "person.activity";
    const ROUTE: Route = Route(Get, "/people/{person}/activity");
    const READS: bool = true;
    type Target = Record;
    type Output = Vec<Activity>;

    async fn target(&self, tx: &mut Tx<'_>) -> Result<Record> {
        Record::visible(tx, self.person).await
    }

    fn allows(actor: &Actor, _: &Record) -> bool {
        actor.belongs()
    }

    async fn run(&self, tx: &mut Tx<'_>, person: Record) -> Result<Vec<Activity>> {
        before(tx, person.id, self.before.as_ref()).await
    }
}

/// The first page of a person's history, for someone who belongs here and can see the person.
pub(super) async fn latest(tx: &mut Tx<'_>, person: Id<Person>) -> Result<Vec<Activity>> {
    before(tx, person, None).await
}

/// Only what is anyone's to know: the terms of employment, accounts and sessions have events that are not listed.
async fn before(tx: &mut Tx<'_>, person: Id<Person>, event: Option<&Id<kernel::Event>>) -> Result<Vec<Activity>> {
    let select = sql!(
        "select e.id, e.at, a.id as actor_id, a.name as actor_name, e.verb, e.data
           from events e left join people a on a.workspace_id = e.workspace_id and a.id = e.actor
          where e.workspace_id = $1 and e.subject = $2 and e.id < $3
            and e.verb in ('person.added', 'person.profile_changed', 'person.role_changed', 'person.photo_changed',
                           'person.deactivated', 'person.reactivated', 'person.manager_changed',
                           'person.joined_team', 'person.left_team')
          order by e.id desc limit $4"
    );
    let before = event.map_or("z", Id::as_str);
    let found: Vec<Stored> = tx.all(select, args![tx.workspace(), person, before, PAGE]).await?;
    let read = |one: Stored| Activity {
        id: one.id,
        at: one.at,
        actor_id: one.actor_id,
        actor_name: one.actor_name,
        verb: one.verb,
        data: one.data.and_then(|text| text.parse().ok()).unwrap_or_default(),
    };
    Ok(found.into_iter().map(read).collect())
}

impl Activity {
    /// What the actor did: "changed the title from Engineer to Senior engineer".
    pub fn in_words(&self) -> String {
        match self.verb.as_str() {
            "person.added" => "added this person".into(),
            "person.photo_changed" => "changed the photo".into(),
            "person.deactivated" => "ended their access; they do not work here any more".into(),
            "person.reactivated" => "brought them back".into(),
            "person.manager_changed" => "changed who they report to".into(),
            "person.joined_team" => "put them on a team".into(),
            "person.left_team" => "took them off a team".into(),
            _ => self.changes_in_words(),
        }
    }

    fn changes_in_words(&self) -> String {
        let changes = self.data["changes"].as_object().into_iter().flatten();
        let one = |(field, pair): (&String, &Json)| match (field.as_str(), pair[0].as_str(), pair[1].as_str()) {
            ("about", ..) => "what they say of themselves".to_owned(),
            (field, Some(""), Some(new)) => format!("the {field} to {new}"),
            (field, Some(old), Some("")) => format!("the {field} from {old} to none"),
            (field, Some(old), Some(new)) => format!("the {field} from {old} to {new}"),
            (field, ..) => format!("the {field}"),
        };
        format!("changed {}", changes.map(one).collect::<Vec<_>>().join(", and "))
    }
}
