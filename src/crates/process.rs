//! A program that runs beside this one, never longer than it may, and of which no more is kept than there is a reason for.

use std::io::{self, BufRead, BufReader, Read};
use std::process::{Child, ChildStderr, ChildStdout, Command, ExitStatus, Stdio};
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::mpsc::{self, Receiver, RecvTimeoutError, Sender};
use std::time::{Duration, Instant};

use crate::fs::read;

/// A program that runs, or has run.
pub(super) struct Process {
    /// Until its end has been seen.
    child: Option<Child>,
    /// The first line as soon as it is there, and then, where there is one, the rest.
    stdout: Receiver<Vec<u8>>,
    /// Drained while we do something else: a full pipe would stop the program.
    stderr: Receiver<Vec<u8>>,
    /// Whether the first line is there, or none will come.
    spoken: Arc<AtomicBool>,
    deadline: Instant,
}

/// What a program says.
pub(super) enum Said {
    Bytes(Vec<u8>),
    /// It says no more.
    All,
    /// It was given time enough.
    TooLate,
}

/// How a program ended.
pub(super) enum End {
    Of { status: ExitStatus, stderr: Vec<u8> },
    TooLate,
    Lost(io::Error),
}

impl Process {
    /// Starts a program that has `limit` to end.
    pub(super) fn spawn(mut command: Command, limit: Duration) -> io::Result<Self> {
        let command = command.stdin(Stdio::null()).stdout(Stdio::piped()).stderr(Stdio::piped());
        let mut child = command.spawn()?;
        let deadline = Instant::now() + limit;
        let (out, err) = child.stdout.take().zip(child.stderr.take()).ok_or(io::ErrorKind::BrokenPipe)?;
        let ((send_out, stdout), (send_err, stderr)) = (mpsc::channel(), mpsc::channel());
        let spoken = Arc::new(AtomicBool::new(false));
        let speaks = Arc::clone(&spoken);
        std::thread::spawn(move || read(out, &send_out, &speaks));
        std::thread::spawn(move || drain(err, &send_err));
        Ok(Self { child: Some(child), stdout, stderr, spoken, deadline })
    }

    fn has_spoken(&self) -> bool {
        self.spoken.load(Ordering::Relaxed)
    }

    /// Waits for what it says next.
    pub(super) fn listen(&mut self) -> Said {
        match self.stdout.recv_timeout(left(self.deadline)) {
            Ok(bytes) => Said::Bytes(bytes),
            Err(RecvTimeoutError::Disconnected) => Said::All,
            Err(RecvTimeoutError::Timeout) => {
                if let Some(mut child) = self.child.take() {
                    stop(&mut child);
                }
                Said::TooLate
            }
        }
    }

    /// Waits for the end.
    pub(super) fn end(mut self) -> End {
        let Some(child) = self.child.take() else { return End::TooLate };
        let status = match wait(child, self.deadline) {
            Ok(Some(status)) => status,
            Ok(None) => return End::TooLate,
            Err(error) => return End::Lost(error),
        };
        let mut stderr = Vec::new();
        // What it has started itself may hold the pipe for ever.
        while let Ok(bytes) = self.stderr.recv_timeout(left(self.deadline).min(LAST_WORDS)) {
            stderr.extend(bytes);
        }
        End::Of { status, stderr }
    }
}

impl Drop for Process {
    /// Does not wait for the end of a program that has answered: the system takes a millisecond or two to end it. A thread of
    /// this process makes sure that it ends. A program that has printed nothing is stopped at once, because it may never end,
    /// and its answer is not needed any more.
    fn drop(&mut self) {
        let Some(mut child) = self.child.take() else { return };
        let deadline = self.deadline;
        if let Ok(None) = child.try_wait() {
            if !self.has_spoken() {
                stop(&mut child);
                return;
            }
            // If no thread can be started, the system cleans up when this process ends.
            let _ = std::thread::Builder::new().spawn(move || wait(child, deadline));
        }
    }
}

fn left(deadline: Instant) -> Duration {
    deadline.saturating_duration_since(Instant::now())
}

/// Waits for the end; `None` where it did not come in time, and was brought about.
fn wait(mut child: Child, deadline: Instant) -> io::Result<Option<ExitStatus>> {
    let mut pause = Duration::from_micros(50);
    loop {
        let left = left(deadline);
        match child.try_wait()? {
            Some(status) => return Ok(Some(status)),
            None if left.is_zero() => {
                stop(&mut child);
                return Ok(None);
            }
            None => std::thread::sleep(pause.min(left)),
        }
        pause = (pause * 2).min(Duration::from_millis(20));
    }
}

/// Ends a program by force, and on Linux and Windows what it has started: rustup's cargo runs the real one.
fn stop(child: &mut Child) {
    #[cfg(target_os = "linux")]
    let started = descendants(child.id());
    #[cfg(windows)]
    kill_tree(child.id());
    let _ = child.kill();
    #[cfg(target_os = "linux")]
    kill(&started);
    let _ = child.wait();
}

/// What a pipe holds on Linux.
const PIPE: usize = 1 << 16;

/// Hands on what is said: the first line as soon as it is there.
fn read(stdout: ChildStdout, answer: &Sender<Vec<u8>>, spoken: &AtomicBool) {
    let mut stdout = BufReader::with_capacity(PIPE, stdout.take(read::LARGEST));
    let (mut line, mut rest) = (Vec::new(), Vec::new());
    // A broken pipe ends the answer; the exit status or the parser shows what went wrong. When nothing receives any more,
    // the pipe is closed, so that the program does not wait to write the rest.
    let _ = stdout.read_until(b'\n', &mut line);
    spoken.store(true, Ordering::Relaxed);
    if answer.send(line).is_ok() {
        let _ = stdout.read_to_end(&mut rest);
        let _ = answer.send(rest);
    }
}

/// What is kept of complaints, in bytes.
const COMPLAINT: usize = 1 << 20;

/// How long complaints may be on their way when their author is gone.
const LAST_WORDS: Duration = Duration::from_millis(200);

/// Hands on complaints as they come.
fn drain(mut pipe: ChildStderr, complaint: &Sender<Vec<u8>>) {
    let mut kept = 0;
    let mut buffer = [0; 4096];
    // What was read before a failure is complaint enough.
    while let Ok(count @ 1..) = pipe.read(&mut buffer) {
        if kept < COMPLAINT && complaint.send(buffer[..count].to_vec()).is_err() {
            return;
        }
        kept += count;
    }
}

/// The processes that `process` has started and that still run, and what those have started.
///
/// A group of its own would be simpler to end, and would outlive the Ctrl-C that ends this program.
#[cfg(target_os = "linux")]
fn descendants(process: u32) -> Vec<rustix::process::Pid> {
    let (mut found, mut pending) = (Vec::new(), vec![process.to_string()]);
    while let Some(parent) = pending.pop() {
        let tasks = std::fs::read_dir(format!("/proc/{parent}/task")).into_iter().flatten().filter_map(Result::ok);
        let children = tasks.filter_map(|task| std::fs::read_to_string(task.path().join("children")).ok());
        let children: Vec<String> =
            children.flat_map(|list| list.split(' ').map(str::to_owned).collect::<Vec<_>>()).collect();
        found.extend(children.iter().filter_map(|child| rustix::process::Pid::from_raw(child.parse().ok()?)));
        pending.extend(children.into_iter().filter(|child| !child.is_empty()));
    }
    found
}

#[cfg(target_os = "linux")]
fn kill(processes: &[rustix::process::Pid]) {
    for process in processes {
        // One that has ended meanwhile needs no more.
        let _ = rustix::process::kill_process(*process, rustix::process::Signal::KILL);
    }
}

/// Ends a process that still runs and those that it has started. A job object would leave no gap between the two, and is
/// made by no crate that is small.
#[cfg(windows)]
fn kill_tree(process: u32) {
    let mut taskkill = Command::new("taskkill");
    taskkill.args(["/T", "/F", "/PID", &process.to_string()]);
    // Where it fails, the process itself is ended by what follows.
    let _ = taskkill.stdin(Stdio::null()).stdout(Stdio::null()).stderr(Stdio::null()).status();
}

#[cfg(test)]
#[cfg(windows)]
mod tests {
    use super::*;

    /// Under wine, whose taskkill knows no `/T`, the one of tests/windows/taskkill.c stands beside the tests.
    #[test]
    fn what_a_program_has_started_ends_with_it() {
        let mut command = Command::new("cmd");
        command.args(["/c", "ping -n 60 127.0.0.1"]);
        let mut process = Process::spawn(command, Duration::from_secs(1)).unwrap();
        let mut said = process.listen();
        while matches!(said, Said::Bytes(_)) {
            said = process.listen();
        }
        assert!(matches!(said, Said::TooLate));
        // ping would hold the pipe open for a minute.
        let closed = process.stdout.recv_timeout(Duration::from_secs(20));
        assert!(!matches!(closed, Err(RecvTimeoutError::Timeout)));
    }
}
