//! What is asked of the keys of a team, and all that the answer rests upon.
use super::periods;
use crate::{
    code::Span,
    kept::Basis,
    pipeline::{Reach, RuleKind, Rules, rules_of},
    revision::{self, Facts},
};
use kernel::{Id, Result, Team, Tx};

pub struct Asked {
    pub team: Id<Team>,
    pub span: Span,
    pub rules: Rules,
    pub basis: Basis,
}

impl Asked {
    /// Everything from which the keys follow is named here, beside the definition, which is a part of the program. Facts that
    /// are many stand there by their revisions.
    pub async fn of(tx: &mut Tx<'_>, team: Id<Team>, reach: &Reach, span: Span) -> Result<Asked> {
        let rules = rules_of(tx, team).await?;
        let mut basis = Basis::default();
        let (period, _) = periods(span, tx.now());
        basis.add(format!("{} {}", period.from, period.to));
        for one in &reach.repositories {
            [one.id.as_str(), &one.name, &one.location].into_iter().for_each(|part| basis.add(part));
        }
        basis.add(reach.projects(tx).await?);
        rules.texts().for_each(|rule| basis.add(rule));
        for (subject, revision) in revision::of(tx, &subjects(reach, &rules)).await? {
            basis.add(subject);
            basis.add(revision);
        }
        Ok(Asked { team, span, rules, basis })
    }

    /// Under which the answer is kept; `more` is what is asked beside the span.
    pub fn question(&self, tx: &Tx<'_>, more: &str) -> String {
        format!("{} {} {} {more}", tx.workspace(), self.team, self.span.word())
    }
}

/// Builds and releases are deployments only where a rule says so.
fn subjects(reach: &Reach, rules: &Rules) -> Vec<String> {
    let mut all = vec![Facts::People.of_all(), Facts::Deployments.of_all(), Facts::Incidents.of_all()];
    let of_each = |facts: Facts| reach.repositories.iter().map(move |one| facts.of(one.id));
    all.extend(of_each(Facts::History).chain(of_each(Facts::Deployments)));
    if rules.has(RuleKind::Pipeline) {
        all.push(Facts::Builds.of_all());
    }
    if rules.has(RuleKind::Tag) {
        all.push(Facts::Releases.of_all());
        all.extend(of_each(Facts::Releases));
    }
    all
}
