//! Works on many projects at once, in an order that lets cargo begin early and asks it once for each workspace.
//!
//! The first project of each workspace has cargo asked. Until the answer is there, that project and the others of the
//! workspace are begun: worked on as far as goes without cargo. Then the first is finished, and after it the others, begun or
//! not.

use std::sync::{Condvar, Mutex, MutexGuard, PoisonError};

use super::parallel;

/// What is done with a member of a group, by its index.
pub(super) trait Work: Sync {
    /// What is made before cargo answers.
    type Begun: Send;
    type Done: Send;

    /// Never waits for cargo. For the `first` of its group, cargo is asked.
    fn begin(&self, index: usize, first: bool) -> Self::Begun;

    /// Whether an answer is still out, and it is worth to begin more.
    fn is_waiting(&self) -> bool;

    /// Waits for cargo, where nobody has.
    fn finish(&self, index: usize, begun: Option<Self::Begun>) -> Self::Done;
}

/// Does the work on every member of every group, in several threads.
pub(super) fn run<W: Work>(groups: Vec<Vec<usize>>, work: &W) -> Vec<(usize, W::Done)> {
    let members: usize = groups.iter().map(Vec::len).sum();
    let threads = if members > 1 { parallel::cores().min(members) } else { 1 };
    let queue = Queue { work, state: Mutex::new(State::new(groups, threads)), changed: Condvar::new() };
    let run = || queue.drain();
    if threads == 1 {
        return run();
    }
    std::thread::scope(|scope| {
        let others: Vec<_> = (1..threads).map(|_| scope.spawn(run)).collect();
        let mut done = run();
        for other in others {
            match other.join() {
                Ok(more) => done.extend(more),
                Err(panic) => std::panic::resume_unwind(panic),
            }
        }
        done
    })
}

/// The members of a group that are not done. Those that are not begun are reversed.
struct Group<B> {
    /// Until it is finished, the others are not; `None` while somebody works on it.
    first: Option<(usize, B)>,
    begun: Vec<(usize, B)>,
    waiting: Vec<usize>,
}

enum Job<B> {
    Begin {
        index: usize,
        group: usize,
        first: bool,
    },
    /// Where it is the first of a group: of which.
    Finish {
        index: usize,
        begun: Option<B>,
        first_of: Option<usize>,
    },
}

struct State<B> {
    groups: Vec<Group<B>>,
    /// So many have been begun, from the front.
    asked: usize,
    /// Those of them whose first is not finished.
    open: Vec<usize>,
    /// Those of them whose first is finished, and which have more.
    answered: Vec<usize>,
    /// How many may be open at a time: one for each core.
    limit: usize,
    /// How many members of open groups are being begun.
    beginning: usize,
    /// Jobs that somebody works on: there may be more to come of them.
    under_way: usize,
    /// Threads that wait for a job.
    idle: usize,
}

impl<B> State<B> {
    fn new(groups: Vec<Vec<usize>>, limit: usize) -> Self {
        let group = |mut waiting: Vec<usize>| {
            waiting.reverse();
            Group { first: None, begun: Vec::new(), waiting }
        };
        let groups = groups.into_iter().filter(|group| !group.is_empty()).map(group).collect();
        Self { groups, asked: 0, open: Vec::new(), answered: Vec::new(), limit, beginning: 0, under_way: 0, idle: 0 }
    }

    fn take(&mut self, is_waiting: impl Fn() -> bool) -> Option<Job<B>> {
        let job = self.of_answered().or_else(|| self.of_new()).or_else(|| {
            // What is begun meanwhile is time won, but only meanwhile, and not where cargo itself has to wait for it.
            let more = self.open.iter().any(|group| !self.groups[*group].waiting.is_empty());
            if more && self.is_core_free() && is_waiting() { self.of_open() } else { self.first() }
        });
        self.under_way += usize::from(job.is_some());
        job
    }

    /// A member of a group whose first is finished.
    fn of_answered(&mut self) -> Option<Job<B>> {
        while let Some(group) = self.answered.last() {
            let group = &mut self.groups[*group];
            let begun = group.begun.pop().map(|(index, begun)| (index, Some(begun)));
            if let Some((index, begun)) = begun.or_else(|| Some((group.waiting.pop()?, None))) {
                return Some(Job::Finish { index, begun, first_of: None });
            }
            self.answered.pop();
        }
        None
    }

    /// The first member of the next group.
    fn of_new(&mut self) -> Option<Job<B>> {
        if self.open.len() >= self.limit {
            return None;
        }
        let group = self.asked;
        let index = self.groups.get_mut(group)?.waiting.pop()?;
        self.asked += 1;
        self.open.push(group);
        Some(Job::Begin { index, group, first: true })
    }

    /// Whether there is a core for one more beginning: all but those on which cargo runs, or one at least.
    fn is_core_free(&self) -> bool {
        self.beginning < self.limit.saturating_sub(self.open.len()).max(1)
    }

    /// Another member of a group that waits for cargo.
    fn of_open(&mut self) -> Option<Job<B>> {
        let group = *self.open.iter().find(|group| !self.groups[**group].waiting.is_empty())?;
        let index = self.groups[group].waiting.pop()?;
        self.beginning += 1;
        Some(Job::Begin { index, group, first: false })
    }

    /// The first member of a group, to be finished.
    fn first(&mut self) -> Option<Job<B>> {
        let group = *self.open.iter().find(|group| self.groups[**group].first.is_some())?;
        let (index, begun) = self.groups[group].first.take()?;
        Some(Job::Finish { index, begun: Some(begun), first_of: Some(group) })
    }

    fn is_begun(&mut self, group: usize, index: usize, begun: B, first: bool) {
        let is_answered = !self.open.contains(&group);
        let group_of = &mut self.groups[group];
        if first {
            group_of.first = Some((index, begun));
        } else {
            self.beginning -= 1;
            group_of.begun.push((index, begun));
            if is_answered {
                self.answered.push(group);
            }
        }
    }

    fn is_answered(&mut self, group: usize) {
        self.open.retain(|open| *open != group);
        self.answered.push(group);
    }
}

struct Queue<'a, W: Work> {
    work: &'a W,
    state: Mutex<State<W::Begun>>,
    changed: Condvar,
}

impl<W: Work> Queue<'_, W> {
    fn lock(&self) -> MutexGuard<'_, State<W::Begun>> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn drain(&self) -> Vec<(usize, W::Done)> {
        let mut done = Vec::new();
        while let Some(job) = self.next() {
            // Tells the others to go on, also where the work panics.
            let ended = Ended(self);
            match job {
                Job::Begin { index, group, first } => {
                    let begun = self.work.begin(index, first);
                    self.lock().is_begun(group, index, begun, first);
                }
                Job::Finish { index, begun, first_of } => {
                    done.push((index, self.work.finish(index, begun)));
                    if let Some(group) = first_of {
                        self.lock().is_answered(group);
                    }
                }
            }
            drop(ended);
        }
        done
    }

    /// The next job; waits where there may be one later.
    fn next(&self) -> Option<Job<W::Begun>> {
        let mut state = self.lock();
        loop {
            let job = state.take(|| self.work.is_waiting());
            if job.is_some() || state.under_way == 0 {
                return job;
            }
            state.idle += 1;
            state = self.changed.wait(state).unwrap_or_else(PoisonError::into_inner);
            state.idle -= 1;
        }
    }
}

struct Ended<'a, 'b, W: Work>(&'b Queue<'a, W>);

impl<W: Work> Drop for Ended<'_, '_, W> {
    fn drop(&mut self) {
        let mut state = self.0.lock();
        state.under_way -= 1;
        // To tell nobody takes a system call too.
        if state.idle > 0 {
            self.0.changed.notify_all();
        }
    }
}

#[cfg(test)]
mod tests {
    use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};

    use super::*;

    /// Groups of ten times their number and some more; cargo "answers" after so many questions.
    #[derive(Default)]
    struct Trial {
        asked: Vec<AtomicBool>,
        answered: Vec<AtomicBool>,
        patience: AtomicUsize,
        begun: AtomicUsize,
        /// How many others than firsts are begun now.
        others: AtomicUsize,
    }

    impl Work for Trial {
        type Begun = usize;
        type Done = usize;

        fn begin(&self, index: usize, first: bool) -> usize {
            assert_eq!(first, index.is_multiple_of(10));
            if first {
                assert!(!self.asked[index / 10].swap(true, Ordering::SeqCst), "{index} is asked about twice");
            }
            self.begun.fetch_add(1, Ordering::SeqCst);
            let others = usize::from(!first);
            let now = self.others.fetch_add(others, Ordering::SeqCst) + others;
            std::thread::yield_now();
            let cores = std::thread::available_parallelism().map_or(1, usize::from);
            assert!(first || now <= (cores - 1).max(1), "cargo has no core: {now} of {cores}");
            self.others.fetch_sub(others, Ordering::SeqCst);
            index * 2
        }

        fn is_waiting(&self) -> bool {
            self.patience.fetch_update(Ordering::SeqCst, Ordering::SeqCst, |left| left.checked_sub(1)).is_ok()
        }

        fn finish(&self, index: usize, begun: Option<usize>) -> usize {
            assert_eq!(begun.unwrap_or(index * 2), index * 2);
            let answered = &self.answered[index / 10];
            if index.is_multiple_of(10) {
                std::thread::yield_now();
                assert!(!answered.swap(true, Ordering::SeqCst), "{index} is finished twice");
            }
            assert!(answered.load(Ordering::SeqCst), "{index} came before the first");
            index
        }
    }

    #[test]
    fn all_are_finished_once_and_after_the_first_of_their_group() {
        let groups: Vec<Vec<usize>> = (0..7).map(|group| (group * 10..=group * 11).collect()).collect();
        let expected = groups.concat();
        let mut begun = Vec::new();
        for patience in [0, 1, 5, 12, 1000] {
            let flags = || (0..7).map(|_| AtomicBool::new(false)).collect();
            let trial = Trial { asked: flags(), answered: flags(), patience: patience.into(), ..Trial::default() };
            let mut done = run(groups.clone(), &trial);
            done.sort_unstable();
            assert_eq!(done, expected.iter().map(|index| (*index, *index)).collect::<Vec<_>>());
            begun.push(trial.begun.into_inner());
        }
        // The firsts always; more where there is time.
        assert!(begun[0] == 7 && begun[4] > 7, "{begun:?}");
        assert!(run(vec![], &Trial::default()).is_empty());
    }
}
