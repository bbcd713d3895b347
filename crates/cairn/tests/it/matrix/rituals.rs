//! What a team has of check-ins and retrospectives.
use super::ids::{first_id, made};
use kernel::{Actor, Json, json};
use rituals::checkin::PassTime;
use testkit::World;

/// A check-in that has opened, and what somebody answered: `by` is on the team.
pub struct Asked {
    pub checkin: String,
    pub round: String,
    pub entry: String,
    pub blocker: String,
}

impl Asked {
    pub async fn of(world: &World, by: &Actor, team: &str, helper: &str) -> Asked {
        let all = ["mon", "tue", "wed", "thu", "fri"];
        let start =
            json!({ "team": team, "name": "Daily", "days": all, "opens": "09:30", "hours": 8, "questions": ["What?"] });
        let checkin = made(world, by, "checkin.start", start).await;
        world.call(&Actor::system(by.workspace), PassTime {}).await.expect("the round opens");
        let shown = world.ask(by, "checkin.show", json!({ "checkin": checkin })).await.expect("it is shown");
        let own = first_id(world, by, "checkin_entry.list", json!({})).await;
        let blockers = json!([{ "body": "No key to the vault", "ask": helper }]);
        let answer = json!({ "entry": own, "answers": [], "blockers": blockers });
        let round = world.ask(by, "checkin.answer", answer).await.expect("it is answered")["round_id"].clone();
        let round = round.as_str().expect("an entry has a round").to_owned();
        let rolled = world.ask(by, "checkin_round.show", json!({ "round": round })).await.expect("it is shown");
        let entry = format!("{own},{}", text(&shown["questions"][0]["id"]));
        Asked { checkin, round, entry, blocker: text(&rolled["blockers"][0]["id"]) }
    }
}

/// A board with a card, which is grouped and talked about; and another that is done.
pub struct Looked {
    pub board: String,
    pub link: String,
    pub ended: String,
    pub column: String,
    pub card: String,
    pub topic: String,
    pub action: String,
}

impl Looked {
    pub async fn of(world: &World, by: &Actor, team: &str) -> Looked {
        let session = Some(world.signed_in(by.workspace, by.person).await.1);
        let by = &Actor { session, ..by.clone() };
        let start = json!({ "team": team, "name": "Sprint", "format": "start_stop_continue", "guests": true });
        let board = made(world, by, "retrospective.start", start).await;
        let shown = world.ask(by, "retrospective.show", json!({ "retrospective": board })).await.expect("it is shown");
        let column = text(&shown["columns"][0]["id"]);
        let card = json!({ "retrospective": board, "column": column, "body": "Said." });
        world.ask(by, "retrospective_card.add", card).await.expect("the card is on the board");
        for phase in ["collect", "group", "vote"] {
            let on = json!({ "retrospective": board, "phase": phase });
            world.ask(by, "retrospective.move_on", on).await.expect("the board goes on");
        }
        let action = json!({ "retrospective": board, "owner": by.person, "body": "Done by Friday" });
        let action = made(world, by, "retrospective_action.add", action).await;
        let shown = world.ask(by, "retrospective.show", json!({ "retrospective": board })).await.expect("it is shown");
        world.ask(by, "retrospective_link.make", json!({ "retrospective": board, "days": 7 })).await.expect("a link");
        let links = world.ask(by, "retrospective_link.list", json!({ "retrospective": board })).await.expect("links");
        let empty = json!({ "team": team, "name": "Before", "format": "sailboat" });
        let ended = made(world, by, "retrospective.start", empty).await;
        for phase in ["collect", "group", "vote", "discuss"] {
            let on = json!({ "retrospective": ended, "phase": phase });
            world.ask(by, "retrospective.move_on", on).await.expect("the board goes on");
        }
        Looked {
            ended,
            link: text(&links["links"][0]["id"]),
            card: text(&shown["cards"][0]["id"]),
            topic: text(&shown["topics"][0]["id"]),
            column: format!("{board},{column}"),
            board,
            action,
        }
    }
}

/// What somebody hands over to a team.
pub async fn left(world: &World, by: &Actor, team: &str) -> String {
    made(world, by, "hand_over.write", json!({ "team": team, "body": "Left." })).await
}

fn text(json: &Json) -> String {
    json.as_str().expect("it has an id").to_owned()
}
