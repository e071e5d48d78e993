//! Works on many projects at once, in an order that lets cargo begin early and asks it once for each workspace.
//!
//! The first project of each workspace comes first, and waits for cargo's answer; the others of that workspace follow when it
//! is there.

use std::sync::{Condvar, Mutex, MutexGuard, PoisonError};

use crate::paths;

/// Calls `work` on every member of every group, in several threads; those of a group only after its first.
pub(super) fn run<T: Send>(groups: Vec<Vec<usize>>, work: impl Fn(usize) -> T + Sync) -> Vec<(usize, T)> {
    let members: usize = groups.iter().map(Vec::len).sum();
    // To count the processors takes a dozen system calls.
    let threads =
        if members > 1 { std::thread::available_parallelism().map_or(1, usize::from).min(members) } else { 1 };
    let queue = Queue { state: Mutex::new(State::new(groups)), changed: Condvar::new() };
    let run = || paths::remembering(|| queue.drain(&work));
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

struct Job {
    index: usize,
    /// Of a group's first: the group that waits for it.
    leads: Option<usize>,
}

struct State {
    /// In each group, those that wait for the first. Reversed, as `begun` counts the groups from the front.
    waiting: Vec<Vec<usize>>,
    firsts: Vec<usize>,
    /// The groups whose first is being worked on, or done.
    begun: usize,
    ready: Vec<usize>,
    /// Firsts that are being worked on: they have more to give.
    leading: usize,
}

impl State {
    fn new(groups: Vec<Vec<usize>>) -> Self {
        let (mut firsts, mut waiting) = (Vec::new(), Vec::new());
        for mut group in groups {
            group.reverse();
            firsts.extend(group.pop());
            waiting.push(group);
        }
        Self { waiting, firsts, begun: 0, ready: Vec::new(), leading: 0 }
    }

    fn take(&mut self) -> Option<Job> {
        if let Some(&index) = self.firsts.get(self.begun) {
            self.begun += 1;
            self.leading += 1;
            return Some(Job { index, leads: Some(self.begun - 1) });
        }
        self.ready.pop().map(|index| Job { index, leads: None })
    }
}

struct Queue {
    state: Mutex<State>,
    changed: Condvar,
}

impl Queue {
    fn lock(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn drain<T>(&self, work: impl Fn(usize) -> T) -> Vec<(usize, T)> {
        let mut done = Vec::new();
        while let Some(job) = self.next() {
            // Tells the others to go on, also where the work panics.
            let ended = Ended { queue: self, job: &job };
            done.push((job.index, work(job.index)));
            drop(ended);
        }
        done
    }

    /// The next job; waits where there may be one later.
    fn next(&self) -> Option<Job> {
        let mut state = self.lock();
        loop {
            let job = state.take();
            if job.is_some() || state.leading == 0 {
                return job;
            }
            state = self.changed.wait(state).unwrap_or_else(PoisonError::into_inner);
        }
    }
}

struct Ended<'a> {
    queue: &'a Queue,
    job: &'a Job,
}

impl Drop for Ended<'_> {
    fn drop(&mut self) {
        let Some(group) = self.job.leads else { return };
        let mut state = self.queue.lock();
        state.leading -= 1;
        let others = std::mem::take(&mut state.waiting[group]);
        state.ready.extend(others);
        self.queue.changed.notify_all();
    }
}

#[cfg(test)]
mod tests {
    use std::sync::atomic::{AtomicBool, Ordering};

    use super::*;

    #[test]
    fn all_are_worked_on_once_and_after_the_first_of_their_group() {
        let groups: Vec<Vec<usize>> = (0..7).map(|group| (group * 10..=group * 11).collect()).collect();
        let led: Vec<AtomicBool> = groups.iter().map(|_| AtomicBool::new(false)).collect();
        let mut done = run(groups.clone(), |index| {
            if index % 10 == 0 {
                std::thread::yield_now();
                led[index / 10].store(true, Ordering::SeqCst);
            }
            assert!(led[index / 10].load(Ordering::SeqCst), "{index} came before the first");
            index * 2
        });
        done.sort_unstable();
        let expected: Vec<(usize, usize)> = groups.concat().into_iter().map(|index| (index, index * 2)).collect();
        assert_eq!(done, expected);
    }
}
