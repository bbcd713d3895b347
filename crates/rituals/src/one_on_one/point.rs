//! Talking points: added by either at any time, carried over until they are closed or dropped with a reason.
use super::{Meeting, OneOnOne, meeting, questions, tell};
use kernel::{
    Actor, Error, Id,
    Method::{Patch, Post},
    Operation, Person, Result, Route, Time, Tx, args, columns, list, sql,
    text::{Markdown, Name},
    words,
};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

words! {
    pub enum PointState {
        Open = "open",
        Closed = "closed",
        Dropped = "dropped",
    }
}

/// Something to talk about.
#[derive(Clone, Debug, Serialize, JsonSchema)]
pub struct Point {
    pub id: Id<Point>,
    pub one_on_one_id: Id<OneOnOne>,
    pub author_id: Id<Person>,
    pub body: String,
    /// The question of the bank from which it came.
    pub question: Option<String>,
    pub added_at: Time,
    pub state: PointState,
    /// Why it was dropped.
    pub reason: String,
    pub ended_at: Option<Time>,
    /// The meeting that was the next one when it ended.
    pub meeting_id: Option<Id<Meeting>>,
}
columns!(Point { id, one_on_one_id, author_id, body, question, added_at, state, reason, ended_at, meeting_id });

/// What one of the two says on a point between meetings.
#[derive(Clone, Debug, Serialize, JsonSchema)]
pub struct Reply {
    pub id: Id<Reply>,
    pub point_id: Id<Point>,
    pub author_id: Id<Person>,
    pub body: String,
    pub at: Time,
}
columns!(Reply { id, point_id, author_id, body, at });

const SELECT: &str =
    "select id, one_on_one_id, author_id, body, question, added_at, state, reason, ended_at, meeting_id
       from talking_points ";

impl Point {
    /// The point and the one-on-one that it is in, if the actor is one of the two.
    pub(super) async fn visible(tx: &mut Tx<'_>, id: Id<Point>) -> Result<(OneOnOne, Point)> {
        let select = sql!(SELECT, "where workspace_id = $1 and id = $2");
        let point: Point = tx.one(select, args![tx.workspace(), id]).await?;
        Ok((OneOnOne::visible(tx, point.one_on_one_id).await?, point))
    }

    fn refuse_ended(&self) -> Result<()> {
        match self.state {
            PointState::Open => Ok(()),
            _ => Err(Error::conflict("This point is done. Open it again before you change it.")),
        }
    }
}

/// The open points, and so many of the latest that ended.
pub(super) async fn of(tx: &mut Tx<'_>, one_on_one: Id<OneOnOne>) -> Result<Vec<Point>> {
    let select = sql!(
        SELECT,
        "where workspace_id = $1 and one_on_one_id = $2
          order by case when state = 'open' then 0 else 1 end, coalesce(ended_at, 0) desc, added_at, id limit 200"
    );
    tx.all(select, args![tx.workspace(), one_on_one]).await
}

pub(super) async fn replies(tx: &mut Tx<'_>, points: &[Point]) -> Result<Vec<Reply>> {
    let select = sql!(
        "select id, point_id, author_id, body, at from talking_point_replies
          where workspace_id = $1 and point_id in (select value from json_each(cast($2 as text))) order by at, id"
    );
    tx.all(select, args![tx.workspace(), list(points.iter().map(|point| point.id))]).await
}

/// Add something to talk about. Either of the two can, at any time.
#[derive(Clone, Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct AddPoint {
    pub one_on_one: Id<OneOnOne>,
    pub body: Markdown,
    /// The key of a question of the bank.
    #[serde(default)]
    pub question: Option<Name<64>>,
}

impl Operation for AddPoint {
    const NAME: &str = "talking_point.add";
    const ROUTE: Route = Route(Post, "/one-on-ones/{one_on_one}/points");
    type Target = OneOnOne;
    type Output = Point;

    async fn target(&self, tx: &mut Tx<'_>) -> Result<OneOnOne> {
        OneOnOne::visible(tx, self.one_on_one).await
    }

    fn allows(actor: &Actor, one_on_one: &OneOnOne) -> bool {
        one_on_one.has(actor.person)
    }

    async fn run(&self, tx: &mut Tx<'_>, one_on_one: OneOnOne) -> Result<Point> {
        one_on_one.refuse_ended()?;
        refuse_empty(&self.body)?;
        if self.question.as_deref().is_some_and(|key| !questions::knows(key)) {
            return Err(Error::invalid("question", "The bank has no question with this key."));
        }
        let point = insert(tx, one_on_one.id, &self.body, self.question.as_deref()).await?;
        tell(tx, "one_on_one.point_added", &one_on_one);
        Ok(point)
    }
}

pub(super) async fn insert(
    tx: &mut Tx<'_>,
    one_on_one: Id<OneOnOne>,
    body: &str,
    question: Option<&str>,
) -> Result<Point> {
    let (id, me, now): (Id<Point>, _, _) = (tx.id(), tx.me(), tx.now());
    let insert = sql!(
        "insert into talking_points (workspace_id, id, one_on_one_id, author_id, body, question, added_at, state)
         values ($1, $2, $3, $4, $5, $6, $7, 'open')"
    );
    tx.run(insert, args![tx.workspace(), id, one_on_one, me, body, question, now]).await?;
    tx.one(sql!(SELECT, "where workspace_id = $1 and id = $2"), args![tx.workspace(), id]).await
}

fn refuse_empty(body: &str) -> Result<()> {
    match body.trim().is_empty() {
        true => Err(Error::invalid("body", "Write something here.")),
        false => Ok(()),
    }
}

/// Change what one's own point says.
#[derive(Clone, Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct EditPoint {
    pub point: Id<Point>,
    pub body: Markdown,
}

impl Operation for EditPoint {
    const NAME: &str = "talking_point.edit";
    const ROUTE: Route = Route(Patch, "/talking-points/{point}");
    type Target = (OneOnOne, Point);
    type Output = Point;

    async fn target(&self, tx: &mut Tx<'_>) -> Result<Self::Target> {
        Point::visible(tx, self.point).await
    }

    fn allows(actor: &Actor, (_, point): &Self::Target) -> bool {
        point.author_id == actor.person
    }

    async fn run(&self, tx: &mut Tx<'_>, (one_on_one, point): Self::Target) -> Result<Point> {
        one_on_one.refuse_ended()?;
        point.refuse_ended()?;
        refuse_empty(&self.body)?;
        let update = sql!("update talking_points set body = $3, edited_at = $4 where workspace_id = $1 and id = $2");
        tx.run(update, args![tx.workspace(), point.id, self.body, tx.now()]).await?;
        tell(tx, "one_on_one.point_changed", &one_on_one);
        Ok(Point { body: self.body.to_string(), ..point })
    }
}

/// Say that a point was talked about.
#[derive(Clone, Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct ClosePoint {
    pub point: Id<Point>,
}

impl Operation for ClosePoint {
    const NAME: &str = "talking_point.close";
    const ROUTE: Route = Route(Post, "/talking-points/{point}/closed");
    type Target = (OneOnOne, Point);
    type Output = Point;

    async fn target(&self, tx: &mut Tx<'_>) -> Result<Self::Target> {
        Point::visible(tx, self.point).await
    }

    fn allows(actor: &Actor, (one_on_one, _): &Self::Target) -> bool {
        one_on_one.has(actor.person)
    }

    async fn run(&self, tx: &mut Tx<'_>, target: Self::Target) -> Result<Point> {
        end(tx, target, PointState::Closed, "").await
    }
}

/// Drop a point, with the reason that the other one reads.
#[derive(Clone, Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct DropPoint {
    pub point: Id<Point>,
    pub reason: Name<200>,
}

impl Operation for DropPoint {
    const NAME: &str = "talking_point.drop";
    const ROUTE: Route = Route(Post, "/talking-points/{point}/dropped");
    type Target = (OneOnOne, Point);
    type Output = Point;

    async fn target(&self, tx: &mut Tx<'_>) -> Result<Self::Target> {
        Point::visible(tx, self.point).await
    }

    fn allows(actor: &Actor, (one_on_one, _): &Self::Target) -> bool {
        one_on_one.has(actor.person)
    }

    async fn run(&self, tx: &mut Tx<'_>, target: Self::Target) -> Result<Point> {
        end(tx, target, PointState::Dropped, &self.reason).await
    }
}

async fn end(
    tx: &mut Tx<'_>,
    (one_on_one, point): (OneOnOne, Point),
    state: PointState,
    reason: &str,
) -> Result<Point> {
    one_on_one.refuse_ended()?;
    point.refuse_ended()?;
    let meeting = meeting::next(tx, one_on_one.id).await?.id;
    let update = sql!(
        "update talking_points set state = $3, reason = $4, ended_at = $5, ended_by = $6, meeting_id = $7
          where workspace_id = $1 and id = $2"
    );
    let (me, now) = (tx.me(), tx.now());
    tx.run(update, args![tx.workspace(), point.id, state, reason, now, me, meeting]).await?;
    tell(tx, "one_on_one.point_ended", &one_on_one);
    Ok(Point { state, reason: reason.to_owned(), ended_at: Some(now), meeting_id: Some(meeting), ..point })
}

/// Open a point again.
#[derive(Clone, Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct ReopenPoint {
    pub point: Id<Point>,
}

impl Operation for ReopenPoint {
    const NAME: &str = "talking_point.reopen";
    const ROUTE: Route = Route(Post, "/talking-points/{point}/reopened");
    type Target = (OneOnOne, Point);
    type Output = Point;

    async fn target(&self, tx: &mut Tx<'_>) -> Result<Self::Target> {
        Point::visible(tx, self.point).await
    }

    fn allows(actor: &Actor, (one_on_one, _): &Self::Target) -> bool {
        one_on_one.has(actor.person)
    }

    async fn run(&self, tx: &mut Tx<'_>, (one_on_one, point): Self::Target) -> Result<Point> {
        one_on_one.refuse_ended()?;
        let update = sql!(
            "update talking_points set state = 'open', reason = '', ended_at = null, ended_by = null, meeting_id = null
              where workspace_id = $1 and id = $2"
        );
        tx.run(update, args![tx.workspace(), point.id]).await?;
        tell(tx, "one_on_one.point_opened", &one_on_one);
        Ok(Point { state: PointState::Open, reason: String::new(), ended_at: None, meeting_id: None, ..point })
    }
}

/// Answer a point between meetings, so that a call is not needed.
#[derive(Clone, Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct ReplyToPoint {
    pub point: Id<Point>,
    pub body: Markdown,
}

impl Operation for ReplyToPoint {
    const NAME: &str = "talking_point.reply";
    const ROUTE: Route = Route(Post, "/talking-points/{point}/replies");
    type Target = (OneOnOne, Point);
    type Output = Reply;

    async fn target(&self, tx: &mut Tx<'_>) -> Result<Self::Target> {
        Point::visible(tx, self.point).await
    }

    fn allows(actor: &Actor, (one_on_one, _): &Self::Target) -> bool {
        one_on_one.has(actor.person)
    }

    async fn run(&self, tx: &mut Tx<'_>, (one_on_one, point): Self::Target) -> Result<Reply> {
        one_on_one.refuse_ended()?;
        refuse_empty(&self.body)?;
        let (id, author_id, at): (Id<Reply>, _, _) = (tx.id(), tx.me(), tx.now());
        let insert = sql!(
            "insert into talking_point_replies (workspace_id, id, point_id, author_id, body, at)
             values ($1, $2, $3, $4, $5, $6)"
        );
        tx.run(insert, args![tx.workspace(), id, point.id, author_id, self.body, at]).await?;
        tell(tx, "one_on_one.replied", &one_on_one);
        Ok(Reply { id, point_id: point.id, author_id, body: self.body.to_string(), at })
    }
}
