//! Guardrails: how much controls stop together, what fails with what, and whether too much rests on one of them.

pub mod alone;
pub mod choke;
pub mod credit;
pub mod reliance;

/// How much of the failure of a dependency group has one cause for all of its controls, where nobody knows better: an
/// assumption, in the manner of the β-factor of IEC 61508-6, annex D.
pub const COMMON_CAUSE: f64 = 0.1;

/// The chance that all controls of a dependency group fail, from the chance of each: [`group_failure_by`] with
/// [`COMMON_CAUSE`].
pub fn group_failure(failures: &[f64]) -> f64 {
    group_failure_by(failures, COMMON_CAUSE)
}

/// The chance that all controls of a group fail, when a share `beta` of the least likely failure has a cause that they have in
/// common. The chance of each control to fail stays what it is: with `c = beta · min p` and `q = (p − c) / (1 − c)`, it is
/// `c + (1 − c) · Π q`. One control alone fails as it does; with `beta` 1 a second of the same kind adds nothing.
pub fn group_failure_by(failures: &[f64], beta: f64) -> f64 {
    let common = beta * failures.iter().copied().fold(1.0, f64::min);
    if failures.is_empty() || common >= 1.0 {
        return 1.0;
    }
    common + (1.0 - common) * failures.iter().map(|failure| (failure - common) / (1.0 - common)).product::<f64>()
}
