//! Every operation, asked by everyone about everything: the answers are written down in `policy/matrix.txt`, and what
//! must hold whatever that file says is asserted.
mod escalation;
mod ground;
mod ids;
mod issues;
mod pages;
mod rest;
mod rituals;
mod roadmap;
mod talk;
mod targets;

use expect_test::expect_file;
pub use ground::Ground;
use ground::{ELSEWHERE, ONESELF, UNKNOWN};
use kernel::{Actor, Error, Json};
pub use pages::addresses;
use std::{collections::BTreeSet, fmt::Write};
pub use targets::targets;
use testkit::{World, worlds};

/// One question, and the answer to each persona.
struct Row {
    operation: &'static str,
    label: String,
    answers: Vec<&'static str>,
}

#[tokio::test]
async fn everyone_reaches_what_the_policy_says_and_nothing_else() {
    for world in worlds().await {
        let ground = Ground::of(&world).await;
        let rows = ask_everything(&world, &ground).await;
        assert_eq!(broken(&world, &ground, &rows), [""; 0]);
        expect_file!["../../../../policy/matrix.txt"].assert_eq(&written(&world, &ground, &rows));
    }
}

#[tokio::test]
async fn every_operation_has_targets_and_every_target_an_operation() {
    let world = worlds().await.remove(0);
    let ground = Ground::of(&world).await;
    let declared: BTreeSet<&str> = targets(&ground).iter().map(|(name, _)| *name).collect();
    let there: BTreeSet<&str> = world.opened.app.operations().map(|op| op.name).collect();
    let missing: Vec<_> = there.difference(&declared).collect();
    assert!(missing.is_empty(), "declare what is asked of {missing:?} in crates/cairn/tests/it/matrix/targets.rs");
    let unused: Vec<_> = declared.difference(&there).collect();
    assert!(unused.is_empty(), "crates/cairn/tests/it/matrix/targets.rs names {unused:?}, which the program has not");
}

async fn ask_everything(world: &World, ground: &Ground) -> Vec<Row> {
    let mut rows = Vec::new();
    for (operation, questions) in targets(ground) {
        let op = world.op(operation);
        for (label, input) in questions {
            let mut answers = Vec::new();
            for (_, actor) in &ground.personas {
                let answer = world.opened.app.may(op, actor, as_self(&input, actor)).await;
                answers.push(word(operation, &label, answer));
            }
            rows.push(Row { operation, label, answers });
        }
    }
    rows
}

pub fn as_self(input: &Json, actor: &Actor) -> Json {
    let mut input = input.clone();
    for (_, value) in input.as_object_mut().expect("an input is an object") {
        if *value == ONESELF {
            *value = kernel::json!(actor.person);
        }
    }
    input
}

fn word(operation: &str, label: &str, answer: kernel::Result<()>) -> &'static str {
    match answer {
        Ok(()) => "yes",
        Err(Error::Forbidden) => "no",
        Err(Error::NotFound) => "404",
        Err(Error::SignedOut) => "401",
        Err(Error::Unproven) => "proof",
        Err(Error::Conflict(_)) => "409",
        Err(error) => panic!("{operation}, {label}: {error:?}"),
    }
}

/// Where an id only narrows a list, one that is not there leaves nothing of it, and tells nothing.
const NARROWED: &[&str] =
    &["person.list with team", "leave.calendar with team", "leave.preview with leave", "onboarding.list with person"];

/// What must hold whatever the file says; each answer that breaks a rule, in words.
fn broken(world: &World, ground: &Ground, rows: &[Row]) -> Vec<String> {
    let mut found = Vec::new();
    for row in rows {
        let op = world.op(row.operation);
        let question = format!("{} {}", row.operation, row.label);
        let narrows = NARROWED.iter().any(|start| question.starts_with(start));
        let foreign = row.label.ends_with(ELSEWHERE) || row.label.ends_with(UNKNOWN);
        let team = row.operation.starts_with("team.");
        for ((persona, _), answer) in ground.personas.iter().zip(&row.answers) {
            let good = match *persona {
                "nobody" => *answer == "401",
                "other" if row.label.is_empty() || row.label.contains("oneself") || row.label.ends_with(ELSEWHERE) => {
                    true
                }
                "other" => matches!(*answer, "404" | "proof") || narrows,
                "*:read" if !op.reads => *answer == "no",
                "team:w" if !team => *answer == "no",
                "paula" if !op.reads => *answer == "401",
                _ => !foreign || matches!(*answer, "404" | "proof") || narrows || (op.session_only && *answer == "no"),
            };
            if !good {
                found.push(format!("{question}, asked by {persona}: {answer}"));
            }
        }
    }
    found
}

fn written(world: &World, ground: &Ground, rows: &[Row]) -> String {
    let mut text = String::from(PREFACE);
    let mut last = "";
    for row in rows {
        if row.operation != last {
            let op = world.op(row.operation);
            let kind = if op.reads { "reads" } else { "changes" };
            let _ = write!(text, "\n{:<58}", format!("{} ({kind})", row.operation));
            line(&mut text, ground.personas.iter().map(|(persona, _)| *persona));
            last = row.operation;
        }
        let _ = write!(text, "{:<58}", format!("  {}", if row.label.is_empty() { "-" } else { &row.label }));
        line(&mut text, row.answers.iter().copied());
    }
    text
}

const PREFACE: &str = "\
Who may do what, as the program answers. Made by crates/cairn/tests/it/matrix.rs; UPDATE_EXPECT=1 writes it anew.
yes: it would be done. no: it is seen, and refused. 404: it is not there for this reader. 401: nobody is signed in, or
the access has ended. 409: not in this state. proof: the password is asked for once more.

nobody has not signed in. grace is a guest stakeholder. priya is an engineer on payments, led by mara, who reports to
ngozi. camila leads another team. wanjiru is the people partner, joana the admin, hanneke the owner, farah the recruiter,
ebru in finance. paula has left; she acts with the access that she had. *:read and team:w are tokens of the owner with
the scopes *:read and team:write. other is the owner of another workspace.
";

fn line<'a>(text: &mut String, words: impl Iterator<Item = &'a str>) {
    let cells: Vec<String> = words.map(|word| format!("{word:<8}")).collect();
    text.push_str(cells.concat().trim_end());
    text.push('\n');
}
