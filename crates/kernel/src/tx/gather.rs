//! Asks the parts what they have to say on pages that are not theirs.
use crate::{
    Actor, CalendarReply, Gather, GatherAbout, GatherIn, GatherNamed, GatherOf, GatherWithin, Id, Part, Person,
    Reference, Result, Taken, Team, Time, Tx,
};
use std::ops::Range;

impl Tx<'_> {
    /// What all parts have to say to the actor, in the order of the parts.
    pub async fn gather<T>(&mut self, of: fn(&Part) -> Option<Gather<T>>) -> Result<Vec<T>> {
        let mut all = Vec::new();
        for gather in self.parts.iter().filter_map(|part| of(part)) {
            all.extend(gather(self).await?);
        }
        Ok(all)
    }

    /// What all parts have to say to the actor about a record that the actor sees.
    pub async fn gather_about<T>(
        &mut self,
        about: &Reference,
        of: fn(&Part) -> Option<GatherAbout<T>>,
    ) -> Result<Vec<T>> {
        let mut all = Vec::new();
        for gather in self.parts.iter().filter_map(|part| of(part)) {
            all.extend(gather(self, about).await?);
        }
        Ok(all)
    }

    /// What all parts have to say to the actor about a record that is known by these names and that the actor sees.
    pub async fn gather_named<T>(
        &mut self,
        names: &[String],
        of: fn(&Part) -> Option<GatherNamed<T>>,
    ) -> Result<Vec<T>> {
        let mut all = Vec::new();
        for gather in self.parts.iter().filter_map(|part| of(part)) {
            all.extend(gather(self, names).await?);
        }
        Ok(all)
    }

    /// What all parts have to say to the actor about this time.
    pub async fn gather_in<T>(&mut self, time: Range<Time>, of: fn(&Part) -> Option<GatherIn<T>>) -> Result<Vec<T>> {
        let mut all = Vec::new();
        for gather in self.parts.iter().filter_map(|part| of(part)) {
            all.extend(gather(self, time.clone()).await?);
        }
        Ok(all)
    }

    /// What all parts have to say to the actor about this time of somebody whom the actor sees.
    pub async fn gather_of<T>(
        &mut self,
        person: Id<Person>,
        time: Range<Time>,
        of: fn(&Part) -> Option<GatherOf<T>>,
    ) -> Result<Vec<T>> {
        let mut all = Vec::new();
        for gather in self.parts.iter().filter_map(|part| of(part)) {
            all.extend(gather(self, person, time.clone()).await?);
        }
        Ok(all)
    }

    /// What all parts know of the work of a team, whose rituals the actor shares, in this time.
    pub async fn gather_within<T>(
        &mut self,
        team: Id<Team>,
        time: Range<Time>,
        of: fn(&Part) -> Option<GatherWithin<T>>,
    ) -> Result<Vec<T>> {
        let mut all = Vec::new();
        for gather in self.parts.iter().filter_map(|part| of(part)) {
            all.extend(gather(self, team, time.clone()).await?);
        }
        Ok(all)
    }

    /// Gives the answer of a calendar to the part that invited it; nothing if none did.
    pub async fn take_reply(&mut self, reply: &CalendarReply) -> Result<Option<Taken>> {
        for take in self.parts.iter().filter_map(|part| part.calendar_replies) {
            if let Some(taken) = take(self, reply).await? {
                return Ok(Some(taken));
            }
        }
        Ok(None)
    }

    /// Like [`gather_in`](Tx::gather_in), for somebody else.
    pub async fn gather_in_for<T>(
        &mut self,
        reader: &Actor,
        time: Range<Time>,
        of: fn(&Part) -> Option<GatherIn<T>>,
    ) -> Result<Vec<T>> {
        let mut eyes = self.through(reader);
        let found = eyes.gather_in(time, of).await;
        let left = eyes.leave();
        self.take_back(left);
        found
    }
}
