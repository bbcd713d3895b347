use super::{Act, By, History};

impl History<'_> {
    /// What blocks an issue is said once both are there.
    pub(super) fn issues(&mut self) {
        for (place, issue) in self.data.issues.iter() {
            let by = By::Person(&issue.by);
            self.add(issue.at, issue.at, by, place, Act::CreateIssue(issue));
            if !issue.blocked_by.is_empty() {
                let others = self.data.issues.iter().filter(|(_, other)| issue.blocked_by.contains(&other.slug));
                let day = others.map(|(_, other)| other.at).chain([issue.at]).max().unwrap_or(issue.at);
                self.add(day, day, by, place, Act::RelateIssue(issue));
            }
            for one in &issue.moves {
                self.add(one.at, one.at, By::Person(&one.by), place, Act::MoveIssue(issue, one));
            }
        }
    }

    pub(super) fn sprints(&mut self) {
        for (place, sprint) in self.data.sprints.iter() {
            let by = By::Person(&sprint.by);
            self.add(sprint.planned, sprint.planned, by, place, Act::PlanSprint(sprint));
            if sprint.first <= super::LATEST {
                self.add(sprint.first, sprint.first, by, place, Act::StartSprint(sprint));
            }
            for change in &sprint.changes {
                self.add(change.at, change.at, By::Person(&change.by), place, Act::ChangeScope(sprint, change));
            }
            if let Some(day) = sprint.closed {
                self.add(day, day, by, place, Act::CloseSprint(sprint));
            }
        }
    }

    pub(super) fn rounds(&mut self) {
        for (place, round) in self.data.rounds.iter() {
            self.add(round.at, round.at, By::Person(&round.by), place, Act::Refine(place.row, round));
            for one in &round.steps {
                self.add(one.at, one.at, By::Person(&one.by), place, Act::InRound(place.row, one));
            }
        }
    }

    pub(super) fn plannings(&mut self) {
        for (place, planning) in self.data.plannings.iter() {
            self.add(planning.at, planning.at, By::Person(&planning.by), place, Act::BeginPlanning(planning));
            for one in &planning.steps {
                self.add(one.at, one.at, By::Person(&one.by), place, Act::InPlanning(planning, one));
            }
        }
    }

    pub(super) fn reviews(&mut self) {
        for (place, review) in self.data.reviews.iter() {
            self.add(review.at, review.at, By::Person(&review.by), place, Act::BeginReview(review));
            for one in &review.steps {
                self.add(one.at, one.at, By::Person(&one.by), place, Act::InReview(review, one));
            }
        }
    }

    pub(super) fn views(&mut self) {
        for (place, view) in self.data.views.iter() {
            self.add(view.at, view.at, By::Person(&view.by), place, Act::SaveView(view));
        }
    }

    pub(super) fn triages(&mut self) {
        for (place, triage) in self.data.triages.iter() {
            self.add(triage.at, triage.at, By::Person(&triage.by), place, Act::SettleTriage(triage));
        }
        for (place, habit) in self.data.habits.iter() {
            self.add(habit.at, habit.at, By::Person(&habit.by), place, Act::TakeUp(habit));
        }
    }
}
