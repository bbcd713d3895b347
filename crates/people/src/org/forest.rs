/// Who stands below whom, by place in a list. Everyone is in it exactly once.
#[derive(Clone, Debug)]
pub struct Forest {
    pub roots: Vec<usize>,
    pub below: Vec<Vec<usize>>,
    /// Everyone, behind whoever they stand below.
    pub order: Vec<usize>,
}

/// A line of more managers than any company has begins anew, so that nothing that walks down runs without end.
const DEEPEST: usize = 40;

impl Forest {
    /// From the place of each one's superior. Where they go round in a circle, the first of them stands at the top.
    pub fn of(above: &[Option<usize>]) -> Forest {
        let mut children = vec![Vec::new(); above.len()];
        for (one, superior) in above.iter().enumerate() {
            if let Some(superior) = superior {
                children[*superior].push(one);
            }
        }
        let mut forest = Forest { roots: Vec::new(), below: vec![Vec::new(); above.len()], order: Vec::new() };
        let mut placed = vec![false; above.len()];
        let tops = (0..above.len()).filter(|one| above[*one].is_none());
        for top in tops.chain(0..above.len()) {
            if !placed[top] {
                forest.plant(top, &children, &mut placed);
            }
        }
        forest
    }

    fn plant(&mut self, top: usize, children: &[Vec<usize>], placed: &mut [bool]) {
        placed[top] = true;
        self.roots.push(top);
        let mut waiting = vec![(top, 0)];
        while let Some((one, depth)) = waiting.pop() {
            self.order.push(one);
            if depth == DEEPEST {
                continue;
            }
            for child in children[one].iter().copied() {
                if !std::mem::replace(&mut placed[child], true) {
                    self.below[one].push(child);
                    waiting.push((child, depth + 1));
                }
            }
        }
    }
}
