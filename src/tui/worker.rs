//! What is worked out beside the loop, so that no key waits: large maps are laid out, of several jobs the newest alone and
//! none that nobody wants any more. Of large models it is chosen what they draw, and the rules are asked.

use crate::app::choosing::Choosing;
use crate::app::judging::Inquiry;
use crate::app::msg::Msg;
use crate::diagram::{Graph, Indexed, arrange_while};
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::mpsc::{Sender, channel};
use std::time::{Duration, Instant};

/// Asks the rules. A mistake in asking them is a message, not the end of the program, here and below.
pub(super) fn ask(inquiry: &Inquiry) -> Msg {
    let heard = catch_unwind(AssertUnwindSafe(|| inquiry.ask()));
    Msg::Judged(Box::new(heard.unwrap_or_else(|_| inquiry.fail("the rules could not be asked; this is a bug"))))
}

/// Chooses what the map draws.
pub(super) fn choose(choosing: &Choosing) -> Msg {
    let chosen = catch_unwind(AssertUnwindSafe(|| choosing.choose()));
    Msg::Chosen(Box::new(chosen.unwrap_or_else(|_| choosing.fail())))
}

/// How often it says how far it is.
const TELL_EVERY: Duration = Duration::from_millis(250);

/// The other end of the worker's thread.
pub(super) struct Worker {
    jobs: Sender<Arc<Graph>>,
    /// Whether somebody waits for a layout.
    wanted: Arc<AtomicBool>,
}

impl Worker {
    /// Starts it. `send` says whether there still is anybody to whom messages can be sent.
    pub fn start(send: impl Fn(Msg) -> bool + Send + 'static) -> Worker {
        let (jobs, receiver) = channel::<Arc<Graph>>();
        let wanted = Arc::new(AtomicBool::new(false));
        let is_wanted = wanted.clone();
        std::thread::spawn(move || {
            let mut next: Option<Arc<Graph>> = None;
            while let Some(first) = next.take().or_else(|| receiver.recv().ok()) {
                let graph = receiver.try_iter().last().unwrap_or(first);
                let mut told = Instant::now();
                // A mistake in the layout is a message, not the end of the program.
                let laid_out = catch_unwind(AssertUnwindSafe(|| {
                    arrange_while(Arc::unwrap_or_clone(graph), &mut |percent| {
                        next = receiver.try_iter().last().or(next.take());
                        if told.elapsed() >= TELL_EVERY {
                            told = Instant::now();
                            send(Msg::Arranging(percent));
                        }
                        next.is_none() && is_wanted.load(Ordering::Relaxed)
                    })
                    .map(Indexed::from)
                }));
                let message = match laid_out {
                    Ok(Some(arranged)) => Msg::Arranged(Box::new(arranged)),
                    Ok(None) => continue,
                    Err(_) => Msg::Failed("the map could not be laid out; this is a bug".into()),
                };
                if !send(message) {
                    return;
                }
            }
        });
        Worker { jobs, wanted }
    }

    /// Has a graph laid out; says whether there still is a worker.
    pub fn lay_out(&self, graph: Arc<Graph>) -> bool {
        self.wanted.store(true, Ordering::Relaxed);
        self.jobs.send(graph).is_ok()
    }

    /// Says whether anybody still waits for a layout.
    pub fn want(&self, wanted: bool) {
        self.wanted.store(wanted, Ordering::Relaxed);
    }
}
