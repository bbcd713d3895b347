use kernel::{
    Actor, Error, Id, Job,
    Method::{Get, Post},
    Operation, Result, Route, Time, Tx, args, columns, json, sql,
};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use ui::{Answer, Flash, Markup, Submitted, chip, html};

/// The jobs that wait or were given up, those in trouble first.
#[derive(Clone, Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct ListJobs {}

/// A job in the queue. What it is about is not told: that may be private.
#[derive(Clone, Debug, Serialize, JsonSchema)]
pub struct Waiting {
    #[schemars(with = "String")]
    pub id: Id<Job>,
    pub kind: String,
    pub attempts: i64,
    pub run_at: Time,
    pub died_at: Option<Time>,
}
columns!(Waiting { id, kind, attempts, run_at, died_at });

impl Operation for ListJobs {
    const NAME: &str = "job.list";
    const ROUTE: Route = Route(Get, "/admin/jobs");
    const READS: bool = true;
    type Target = ();
    type Output = Vec<Waiting>;

    async fn target(&self, _: &mut Tx<'_>) -> Result<()> {
        Ok(())
    }

    fn allows(actor: &Actor, _: &()) -> bool {
        actor.runs_workspace()
    }

    async fn run(&self, tx: &mut Tx<'_>, _: ()) -> Result<Vec<Waiting>> {
        let select = sql!(
            "select id, kind, attempts, run_at, died_at from jobs where workspace_id = $1
              order by case when died_at is null then 1 else 0 end, attempts desc, run_at limit 200"
        );
        tx.all(select, args![tx.workspace()]).await
    }
}

/// Try a job again that was given up, or that waits for its next attempt.
#[derive(Clone, Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct RetryJob {
    #[schemars(with = "String")]
    pub job: Id<Job>,
}

impl Operation for RetryJob {
    const NAME: &str = "job.retry";
    const ROUTE: Route = Route(Post, "/admin/jobs/{job}/retry");
    type Target = ();
    type Output = ();

    async fn target(&self, tx: &mut Tx<'_>) -> Result<()> {
        let there = sql!("select 1 from jobs where workspace_id = $1 and id = $2");
        let runs = tx.actor().runs_workspace();
        match runs && tx.exists(there, args![tx.workspace(), self.job]).await? {
            true => Ok(()),
            false => Err(Error::NotFound),
        }
    }

    fn allows(actor: &Actor, _: &()) -> bool {
        actor.runs_workspace()
    }

    async fn run(&self, tx: &mut Tx<'_>, _: ()) -> Result<()> {
        let update = sql!(
            "update jobs set run_at = $3, died_at = null, attempts = 0 where workspace_id = $1 and id = $2 and lease is null"
        );
        tx.run(update, args![tx.workspace(), self.job, tx.now()]).await?;
        tx.record("job.retried", self.job, json!({}));
        Ok(())
    }
}

/// `POST /admin/jobs/{job}/retry`
pub async fn retry(form: Submitted) -> Answer {
    form.submit::<RetryJob>().await?;
    Ok(form.go("/admin", Flash::says("The job will be tried again now.")))
}

pub(super) fn card(cx: &ui::Cx, jobs: &[Waiting]) -> Markup {
    html! {
        section.card #jobs {
            header { h2 { "Work in the background" } span.right.small.muted { (jobs.len()) " waiting" } }
            @if jobs.is_empty() { div.body { p.muted { "Nothing waits." } } } @else {
                table.data.listed {
                    caption.vh { "Jobs in the queue" }
                    thead { tr { th scope="col" { "Job" } th scope="col" { "State" } th.n scope="col" { "Attempts" } th scope="col" { span.vh { "Again" } } } }
                    tbody { @for job in jobs {
                        tr id={ "job-" (job.id) } {
                            td { (job.kind) }
                            td data-label="State" { (state(cx, job)) }
                            td.n data-label="Attempts" { (job.attempts) }
                            td { @if job.attempts > 0 {
                                form method="post" action={ "/admin/jobs/" (job.id) "/retry" } { (ui::token(cx)) button.button.small { "Try now" } }
                            } }
                        }
                    } }
                }
            }
        }
    }
}

fn state(cx: &ui::Cx, job: &Waiting) -> Markup {
    match (job.died_at, job.attempts) {
        (Some(at), _) => html! { (chip("bad", "Given up")) " " (ui::ago(at, cx.now(), &cx.viewer.zone)) },
        (None, 0) => html! { (chip("", "Waits")) " " span.muted { (ui::day_and_time(job.run_at, &cx.viewer.zone)) } },
        (None, _) => {
            html! { (chip("warn", "Failed")) " tries again " (ui::ago(job.run_at, cx.now(), &cx.viewer.zone)) }
        }
    }
}
