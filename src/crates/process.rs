//! A program that runs in the background, with a limit on its time and on how much of its output is kept.

use std::io::{self, BufRead, BufReader, Read};
use std::process::{Child, ChildStderr, ChildStdout, Command, ExitStatus, Stdio};
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::mpsc::{self, Receiver, RecvTimeoutError, Sender};
use std::time::{Duration, Instant};

use crate::fs::read;

/// A program that runs, or has run.
pub(super) struct Process {
    /// `None` once it has ended.
    child: Option<Child>,
    /// The first line as soon as it is complete, then the rest if there is more.
    stdout: Receiver<Vec<u8>>,
    /// Read all the time, because a full pipe would block the program.
    stderr: Receiver<Vec<u8>>,
    /// Whether the first line is complete, or no line will come.
    spoken: Arc<AtomicBool>,
    deadline: Instant,
}

/// A result of reading a program's output.
pub(super) enum Said {
    Bytes(Vec<u8>),
    /// The output has ended.
    All,
    /// The time limit has passed.
    TooLate,
}

/// How a program ended.
pub(super) enum End {
    Of { status: ExitStatus, stderr: Vec<u8> },
    TooLate,
    Lost(io::Error),
}

impl Process {
    /// Starts a program with a time limit.
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

    /// Waits for the next part of its output.
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

    /// Waits for it to end.
    pub(super) fn end(mut self) -> End {
        let Some(child) = self.child.take() else { return End::TooLate };
        let status = match wait(child, self.deadline) {
            Ok(Some(status)) => status,
            Ok(None) => return End::TooLate,
            Err(error) => return End::Lost(error),
        };
        let mut stderr = Vec::new();
        // A process that the program started may keep the pipe open for ever.
        while let Ok(bytes) = self.stderr.recv_timeout(left(self.deadline).min(LAST_WORDS)) {
            stderr.extend(bytes);
        }
        End::Of { status, stderr }
    }
}

impl Drop for Process {
    /// Does not wait for the end of a program that has answered, because ending takes the system a millisecond or two. A thread
    /// of this process makes sure that it ends. A program that has printed nothing is stopped at once, because it may never end,
    /// and its answer is no longer needed.
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

/// Waits for the end. Stops the process and returns `None` if the time limit passes.
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

/// Kills a program, and on Linux and Windows also the programs that it started: rustup's cargo runs the real one.
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

/// The capacity of a pipe on Linux.
const PIPE: usize = 1 << 16;

/// Passes the output on. The first line is sent as soon as it is complete.
fn read(stdout: ChildStdout, answer: &Sender<Vec<u8>>, spoken: &AtomicBool) {
    let mut stdout = BufReader::with_capacity(PIPE, stdout.take(read::LARGEST));
    let (mut line, mut rest) = (Vec::new(), Vec::new());
    // A broken pipe ends the answer; the exit status or the parser shows what went wrong. If the receiver is gone, the pipe is
    // closed, so that the program does not wait to write the rest.
    let _ = stdout.read_until(b'\n', &mut line);
    spoken.store(true, Ordering::Relaxed);
    if answer.send(line).is_ok() {
        let _ = stdout.read_to_end(&mut rest);
        let _ = answer.send(rest);
    }
}

/// The size of error output that is kept, in bytes.
const COMPLAINT: usize = 1 << 20;

/// How long to wait for error output after the program has ended.
const LAST_WORDS: Duration = Duration::from_millis(200);

/// Passes error output on as it comes.
fn drain(mut pipe: ChildStderr, complaint: &Sender<Vec<u8>>) {
    let mut kept = 0;
    let mut buffer = [0; 4096];
    // If reading fails, the output so far is used.
    while let Ok(count @ 1..) = pipe.read(&mut buffer) {
        if kept < COMPLAINT && complaint.send(buffer[..count].to_vec()).is_err() {
            return;
        }
        kept += count;
    }
}

/// The running processes that `process` has started, and those that they have started.
///
/// A process group would be simpler to kill, but would survive the Ctrl-C that ends this program.
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
        // An error means that the process has ended meanwhile.
        let _ = rustix::process::kill_process(*process, rustix::process::Signal::KILL);
    }
}

/// Kills a running process and the processes that it has started. A job object would also catch a process that is started
/// meanwhile, but no small crate provides one.
#[cfg(windows)]
fn kill_tree(process: u32) {
    let mut taskkill = Command::new("taskkill");
    taskkill.args(["/T", "/F", "/PID", &process.to_string()]);
    // If this fails, the caller still kills the process itself.
    let _ = taskkill.stdin(Stdio::null()).stdout(Stdio::null()).stderr(Stdio::null()).status();
}

#[cfg(test)]
#[cfg(windows)]
mod tests {
    use super::*;

    /// wine's taskkill does not support `/T`. Under wine, the one built from tests/windows/taskkill.c lies beside the tests.
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
        // ping would keep the pipe open for a minute.
        let closed = process.stdout.recv_timeout(Duration::from_secs(20));
        assert!(!matches!(closed, Err(RecvTimeoutError::Timeout)));
    }
}
