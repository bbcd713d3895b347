use super::{
    apply,
    plan::{self, Plan},
    reader::{Choice, Mapping, Order, Reading, read},
    report::{self, Report},
    state::State,
    upload::{self, Upload},
};
use crate::{access::cares_for_people, person};
use base64::{Engine, engine::general_purpose::STANDARD};
use kernel::{
    Actor, Error, Id,
    Method::Post,
    Operation, Result, Route, Tx,
    calendar::Week,
    text::{Line, Name},
};
use schemars::JsonSchema;
use serde::Deserialize;
use std::collections::BTreeMap;

/// What a caller sends.
#[derive(Clone, Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
struct Request {
    /// The text of the file, or its bytes in base64 on one line: at most 20 MB, 50,000 rows and 200 columns.
    csv: String,
    /// By column name, what a column holds where that is not recognised, or that it is to be left out.
    #[serde(default)]
    mapping: BTreeMap<String, Choice>,
    /// Which part of 05/01/2024 is the day, where the file does not show it.
    #[serde(default)]
    date_order: Option<Order>,
    #[serde(default)]
    defaults: Defaults,
    /// Only say what would happen.
    #[serde(default)]
    dry_run: bool,
    /// `next` of the report before: the rows listed are those after this line.
    #[serde(default)]
    after_line: u64,
}

/// What holds where the file says nothing.
#[derive(Clone, Debug, Default, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, default)]
pub struct Defaults {
    /// The time zone of new people, where neither the file nor their country tells it.
    pub zone: Option<Name<64>>,
    /// The working hours of new people. `Mon-Fri 09:00-17:00` if left out.
    pub hours: Option<Line<400>>,
    /// Make the teams that are not here yet.
    pub create_teams: bool,
}

/// Import people from the CSV file of a people system, as it was exported. People are recognised by mail address or
/// employee id; a row that cannot be imported is reported and does not stop the others; an empty cell changes nothing.
// Reading takes a while, so it happens before the transaction, when the input is made.
#[derive(Clone, Debug, Deserialize, JsonSchema)]
#[serde(try_from = "Request")]
#[schemars(with = "Request")]
pub struct ImportPeople {
    pub(super) reading: Reading,
    pub(super) rules: plan::Rules,
    pub dry_run: bool,
    pub after_line: u64,
    pub(super) upload: Option<Id<Upload>>,
}

impl ImportPeople {
    /// Reads the file; `Invalid` if it cannot be read as a whole, or if a default cannot be used.
    pub fn new(bytes: &[u8], mapping: &Mapping, defaults: &Defaults) -> Result<ImportPeople> {
        if let Some(zone) = &defaults.zone {
            person::zone("zone", zone)?;
        }
        let hours = match defaults.hours.as_deref() {
            None | Some("") => Week::standard(),
            Some(hours) => person::week("hours", hours)?,
        };
        let zone = defaults.zone.as_deref().map(str::to_owned);
        let rules = plan::Rules { zone, hours, create_teams: defaults.create_teams };
        let reading = read(bytes, mapping).map_err(|unreadable| Error::invalid("file", unreadable.sentence))?;
        Ok(ImportPeople { reading, rules, dry_run: false, after_line: 0, upload: None })
    }
}

impl TryFrom<Request> for ImportPeople {
    type Error = Error;

    fn try_from(request: Request) -> Result<ImportPeople> {
        let mapping = Mapping { columns: request.mapping, date_order: request.date_order };
        let is_text = request.csv.trim_end().contains(['\n', '\r']);
        let decoded = if is_text { None } else { STANDARD.decode(request.csv.trim_end()).ok() };
        let bytes = decoded.unwrap_or_else(|| request.csv.into_bytes());
        let import = ImportPeople::new(&bytes, &mapping, &request.defaults)?;
        Ok(ImportPeople { dry_run: request.dry_run, after_line: request.after_line, ..import })
    }
}

impl Operation for ImportPeople {
    const NAME: &str = "person.import";
    const ROUTE: Route = Route(Post, "/people/import");
    type Target = ();
    type Output = Report;

    async fn target(&self, tx: &mut Tx<'_>) -> Result<()> {
        match self.upload {
            Some(upload) => upload::visible(tx, upload).await,
            None => Ok(()),
        }
    }

    fn allows(actor: &Actor, _: &()) -> bool {
        cares_for_people(actor)
    }

    async fn run(&self, tx: &mut Tx<'_>, _: ()) -> Result<Report> {
        let state = State::load(tx).await?;
        let plan = self.plan(&state, tx);
        let report = report::of(&self.reading, &plan, self.after_line);
        if self.dry_run {
            return Ok(report);
        }
        if self.reading.date_question().is_some() {
            return Err(Error::invalid("date_order", "Say first whether the day or the month stands first in dates."));
        }
        apply::apply(tx, &plan, &report).await?;
        if let Some(upload) = self.upload {
            upload::finish(tx, upload, &report).await?;
        }
        Ok(report)
    }
}

impl ImportPeople {
    fn plan<'s>(&self, state: &'s State, tx: &Tx<'_>) -> Plan<'s> {
        plan::plan(state, &self.reading, &self.rules, tx.me(), tx.now())
    }
}

/// What an import would do. It reads beside the writer, so nobody waits for it.
#[derive(Clone, Debug, Deserialize, JsonSchema)]
#[serde(transparent)]
pub(super) struct PreviewImport(pub ImportPeople);

impl Operation for PreviewImport {
    const NAME: &str = "person.preview_import";
    const ROUTE: Route = Route(Post, "/people/import/preview");
    const READS: bool = true;
    type Target = ();
    type Output = Report;

    async fn target(&self, tx: &mut Tx<'_>) -> Result<()> {
        self.0.target(tx).await
    }

    fn allows(actor: &Actor, target: &()) -> bool {
        ImportPeople::allows(actor, target)
    }

    async fn run(&self, tx: &mut Tx<'_>, _: ()) -> Result<Report> {
        let state = State::load(tx).await?;
        let plan = self.0.plan(&state, tx);
        Ok(report::of(&self.0.reading, &plan, self.0.after_line))
    }
}
