use super::{Act, By, History};

impl History<'_> {
    pub(super) fn roadmap(&mut self) {
        for (place, one) in self.data.initiatives.iter() {
            self.add(one.at, one.at, By::Person(&one.by), place, Act::BeginInitiative(one));
        }
        for (place, one) in self.data.weightings.iter() {
            self.add(one.at, one.at, By::Person(&one.by), place, Act::SetWeights(one));
        }
        for (place, one) in self.data.debts.iter() {
            self.add(one.at, one.at, By::Person(&one.by), place, Act::NoteDebt(one));
        }
        for (place, one) in self.data.shares.iter() {
            self.add(one.at, one.at, By::Person(&one.by), place, Act::PlanShares(one));
        }
        for (place, project) in self.data.projects.iter() {
            self.add(project.at, project.at, By::Person(&project.by), place, Act::BeginProject(project));
            if project.state != "idea" {
                self.add(
                    project.gathered,
                    project.gathered,
                    By::Person(&project.by),
                    place,
                    Act::GatherIssues(project),
                );
            }
            for said in &project.said {
                self.add(said.at, said.at, By::Person(&said.by), place, Act::SayHealth(project, said));
            }
            for judged in &project.judged {
                self.add(judged.at, judged.at, By::Person(&judged.by), place, Act::JudgeProject(project, judged));
            }
        }
    }
}
