//! A rule runs: the issue is looked at as it is now, changed, and what was done is written into the log.
use super::{Automation, Cause, When, follow::DEEPEST, topic};
use crate::{
    issue::{Fitting, Issue, Wanted, Which, apply, differences},
    triage,
};
use kernel::{
    Error, Id, Job, JobKind, Later, NewAsk, Person, Reference, Result, Run, Silence, Tx, Verb, args, json, parse, sql,
};
use serde::Deserialize;

pub const JOB: JobKind = JobKind { name: "automation.run", run: Run::Inside(run) };

#[derive(Deserialize)]
struct Happened {
    issue: Id<Issue>,
    when: When,
    depth: u8,
}

/// All rules that fit run, whatever the others do: what these change sets off rules of its own.
fn run<'a>(tx: &'a mut Tx<'_>, job: &'a Job) -> Later<'a, ()> {
    Box::pin(async move {
        let Happened { issue, when, depth } = parse(job.args.clone())?;
        let issue = match Issue::visible(tx, &Which::Id(issue), false).await {
            Err(Error::NotFound) => return Ok(()),
            issue => issue?,
        };
        let mut fitting = Vec::new();
        for rule in Automation::at_work(tx, issue.team_id, when).await? {
            if !rule.among(tx, &[issue.id]).await?.is_empty() {
                fitting.push(rule);
            }
        }
        for rule in fitting {
            perform(tx, &rule, issue.id, &job.id.to_string(), depth).await?;
        }
        Ok(())
    })
}

impl Automation {
    /// Those of these issues that the rule is about: none while its condition names what is gone, as the list of rules says.
    pub(super) async fn among(&self, tx: &mut Tx<'_>, issues: &[Id<Issue>]) -> Result<Vec<Id<Issue>>> {
        match Fitting::read(tx, self.team_id, &self.q).await {
            Ok(fitting) => Ok(fitting.among(tx, issues).await?.into_iter().map(|issue| issue.id).collect()),
            Err(Error::Invalid(_)) => Ok(Vec::new()),
            Err(error) => Err(error),
        }
    }

    /// Why the condition cannot be read any more.
    pub(super) async fn flaw(&self, tx: &mut Tx<'_>) -> Result<Option<String>> {
        match Fitting::read(tx, self.team_id, &self.q).await {
            Ok(_) => Ok(None),
            Err(Error::Invalid(flaws)) => {
                Ok(Some(flaws.iter().map(|flaw| flaw.sentence.as_str()).collect::<Vec<_>>().join(" ")))
            }
            Err(error) => Err(error),
        }
    }
}

/// Does what a rule says about an issue, if the rule has not done it on this occasion.
pub(super) async fn perform(
    tx: &mut Tx<'_>,
    rule: &Automation,
    issue: Id<Issue>,
    occasion: &str,
    depth: u8,
) -> Result<()> {
    let issue = Issue::visible(tx, &Which::Id(issue), false).await?;
    let zone = triage::zone_of(tx, rule.team_id).await?;
    let (mut wanted, left) = rule.then.wanted(tx, &issue, &zone).await?;
    let asked = rule.then.asked(tx).await?;
    let changes = match differences(tx, &issue, &wanted).await {
        Ok(changes) => changes,
        Err(Error::Invalid(flaws)) => {
            let why: Vec<&str> = flaws.iter().map(|flaw| flaw.sentence.as_str()).collect();
            return told(tx, rule, &issue, occasion, &format!("Nothing was done. {}", why.join(" "))).await;
        }
        Err(error) => return Err(error),
    };
    if changes.is_empty() && rule.then.say.is_empty() && asked.is_none() && left.is_none() {
        return Ok(());
    }
    if depth >= DEEPEST {
        let why = format!("Nothing was done, as {DEEPEST} rules in a row had set each other off.");
        return told(tx, rule, &issue, occasion, &why).await;
    }
    let mut did: Vec<String> = changes.iter().map(|one| words(one.title(), &one.before, &one.after)).collect();
    did.extend((!rule.then.say.is_empty()).then(|| format!("Said “{}”.", &*rule.then.say)));
    did.extend(asked.map(|_| "Asked somebody to look at it.".to_owned()));
    did.extend(left);
    let Some(run) = rule.begin_run(tx, issue.id, occasion, &did.join(" ")).await? else { return Ok(()) };
    wanted.cause = Cause::Rule(depth + 1);
    tx.record("issue.ruled", issue.id, json!({ "rule": rule.name }));
    change(tx, run, &issue, &wanted).await?;
    say(tx, rule, &issue, asked)?;
    tx.touch(topic(rule.team_id));
    Ok(())
}

fn words(field: &str, from: &str, to: &str) -> String {
    match (from, to) {
        ("", to) => format!("{field}: {to}."),
        (from, "") => format!("{field}: {from} was taken away."),
        (from, to) => format!("{field}: {from} became {to}."),
    }
}

async fn told(tx: &mut Tx<'_>, rule: &Automation, issue: &Issue, occasion: &str, why: &str) -> Result<()> {
    tx.touch(topic(rule.team_id));
    rule.begin_run(tx, issue.id, occasion, why).await.map(drop)
}

async fn change(tx: &mut Tx<'_>, run: Id<super::Run>, issue: &Issue, wanted: &Wanted) -> Result<()> {
    let batch = tx.id();
    if !apply(tx, issue, wanted, batch).await? {
        return Ok(());
    }
    let update = sql!("update automation_runs set batch = $3 where workspace_id = $1 and id = $2");
    tx.run(update, args![tx.workspace(), run, batch]).await.map(drop)
}

fn say(tx: &mut Tx<'_>, rule: &Automation, issue: &Issue, asked: Option<Id<Person>>) -> Result<()> {
    if !rule.then.say.is_empty() {
        tx.record("issue.noted", issue.id, json!({ "words": rule.then.say }));
    }
    let Some(person) = asked else { return Ok(()) };
    tx.ask(&NewAsk {
        to: vec![person],
        from: None,
        verb: Verb::Review,
        subject: format!("{} {}", issue.key, issue.title),
        about: Some(Reference::to("issue", issue.id)),
        due: None,
        silence: Silence::Nothing,
        escalate_to: None,
        urgent: false,
    })
}
