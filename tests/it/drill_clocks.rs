//! Legal clocks: the pack that is shipped is sound, and deadlines keep their laws on every day of the calendar.

use proptest::prelude::*;
use sandtable::drill::duty::{Concerned, Occurred, Standing, applies, standing};
use sandtable::drill::moment::{Moment, Zone, is_business_day};
use sandtable::library::clocks::{self, ClockPack, Span, Threshold};
use sandtable::model::Slug;
use sandtable::model::facts::Day;

fn pack() -> ClockPack {
    clocks::shipped().unwrap_or_else(|error| panic!("{error}"))
}

fn day(text: &str) -> Day {
    text.parse().unwrap()
}

/// A moment in UTC, `2026-11-24 09:10`.
fn moment(text: &str) -> Moment {
    let (date, time) = text.split_once(' ').unwrap();
    let (hours, minutes) = time.split_once(':').unwrap();
    Moment::new(day(date), hours.parse::<i64>().unwrap() * 3_600 + minutes.parse::<i64>().unwrap() * 60, Zone::UTC)
}

fn occurred(events: &[(&str, &str)], submitted: &[(&str, &str)]) -> Occurred {
    let map = |pairs: &[(&str, &str)]| pairs.iter().map(|(name, at)| (Slug::new(name).unwrap(), moment(at))).collect();
    Occurred { events: map(events), submitted: map(submitted) }
}

#[test]
fn the_shipped_pack_says_where_everything_is_from() {
    let pack = pack();
    assert!(pack.warning.as_str().contains("Not legal advice"));
    for rule in &pack.rules {
        assert!(!rule.source.is_empty() && !rule.law.is_empty() && !rule.binds.is_empty(), "{}", rule.id);
    }
    assert!(pack.stale(day("2026-11-26")).is_empty());
    assert!(pack.stale(day("2027-05-25")).is_empty());
    assert_eq!(pack.stale(day("2027-05-26")).len(), pack.rules.len(), "old rules are told");
    for (from, to, says) in [
        ("Event(\"controller-aware\")", "Event(\"controler-aware\")", "did you mean `controller-aware`?"),
        (
            "Submitted(\"nis2-notification\")",
            "Submitted(\"nis2-final\")",
            "there is no rule `nis2-final` above this one",
        ),
        ("id: \"gdpr-34\"", "id: \"gdpr-33-1\"", "there are two rules `gdpr-33-1`"),
        ("format: 1", "format: 3", "clocks.ron:1:1: error: format 3 is not known"),
        ("limits: [(from: Event(\"controller-aware\"), within: Hours(72))]", "limits: []", "has no limit"),
    ] {
        let text = clocks::SHIPPED.replacen(from, to, 1);
        assert_ne!(text, clocks::SHIPPED, "{from}");
        let said = clocks::read("clocks.ron", &text).unwrap_err().to_string();
        assert!(said.starts_with("clocks.ron:") && said.contains(says), "{said}");
    }
}

#[test]
fn clocks_stand_as_the_laws_say() {
    let pack = pack();
    let aware = [("controller-aware", "2026-11-24 09:10")];
    for (rule, events, submitted, now, wanted) in [
        ("gdpr-33-1", &[][..], &[][..], "2026-11-24 09:10", "armed"),
        ("gdpr-33-1", &aware, &[], "2026-11-27 09:10", "running until 2026-11-27 09:10"),
        ("gdpr-33-1", &aware, &[], "2026-11-27 09:11", "breached 2026-11-27 09:10"),
        ("gdpr-33-1", &aware, &[("gdpr-33-1", "2026-11-27 08:10")], "2026-12-24 00:00", "met by 3600"),
        ("gdpr-33-1", &aware, &[("gdpr-33-1", "2026-11-27 09:11")], "2026-12-24 00:00", "breached by 60"),
        // Without a number a clock runs, and is never late by itself.
        ("gdpr-34", &[("high-risk-found", "2026-11-24 09:10")], &[], "2027-11-24 09:10", "running"),
        // Counted from one's own notification, not from awareness.
        ("nis2-final", &[("significant-incident-aware", "2026-01-28 10:00")], &[], "2027-01-01 00:00", "armed"),
        (
            "nis2-final",
            &[],
            &[("nis2-notification", "2026-01-31 10:00")],
            "2026-02-01 00:00",
            "running until 2026-02-28 10:00",
        ),
        // Four hours from classification, or twenty-four from awareness, whichever is earlier.
        ("dora-initial", &[("incident-aware", "2026-11-24 00:00")], &[], "2026-11-25 00:00", "armed"),
        (
            "dora-initial",
            &[("incident-aware", "2026-11-24 00:00"), ("classified-major", "2026-11-24 10:00")],
            &[],
            "2026-11-24 10:00",
            "running until 2026-11-24 14:00",
        ),
        (
            "dora-initial",
            &[("incident-aware", "2026-11-24 00:00"), ("classified-major", "2026-11-24 22:00")],
            &[],
            "2026-11-24 22:00",
            "running until 2026-11-25 00:00",
        ),
        // Classified after a day: four hours from there.
        (
            "dora-initial",
            &[("incident-aware", "2026-11-24 00:00"), ("classified-major", "2026-11-26 10:00")],
            &[],
            "2026-11-26 10:00",
            "running until 2026-11-26 14:00",
        ),
        (
            "dora-intermediate",
            &[("classified-major", "2026-11-24 10:00")],
            &[("dora-initial", "2026-11-24 13:00")],
            "2026-11-24 13:00",
            "running until 2026-11-27 13:00",
        ),
        // From the latest report.
        (
            "dora-final",
            &[],
            &[("dora-intermediate", "2026-12-31 13:00")],
            "2026-12-31 13:00",
            "running until 2027-01-31 13:00",
        ),
        (
            "sec-8k-105",
            &[("materiality-determined", "2026-11-24 15:00")],
            &[],
            "2026-11-24 15:00",
            "running until 2026-12-01 15:00",
        ),
        (
            "california-attorney-general",
            &[],
            &[("california-residents", "2026-02-20 15:00")],
            "2026-02-20 15:00",
            "running until 2026-03-07 15:00",
        ),
    ] {
        let found = standing(
            pack.rule(rule).unwrap(),
            &[],
            &occurred(events, submitted),
            moment(now),
            Zone::UTC,
            &[day("2026-11-26")],
        );
        let shown = match found {
            Standing::Excluded | Standing::Armed => found.word().to_owned(),
            Standing::Running(_, None) => "running".to_owned(),
            Standing::Running(_, Some(until)) => format!("running until {}", until.shown(Zone::UTC)),
            Standing::Met(_, margin) => format!("met by {}", margin.unwrap()),
            Standing::Breached(at, None) => format!("breached {}", at.shown(Zone::UTC)),
            Standing::Breached(_, Some(late)) => format!("breached by {late}"),
        };
        assert_eq!(shown, wanted, "{rule} {now}");
    }
}

#[test]
fn thresholds_know_what_they_do_not_know() {
    let data = |count: Option<u64>, residency: Option<&str>| Concerned {
        dataset: "people".into(),
        count,
        residency: residency.map(Into::into),
    };
    let regions = |region: &str| Threshold { regions: vec![region.into()], ..Threshold::default() };
    let at_least = |count| Threshold { at_least: Some(count), ..Threshold::default() };
    let fewer = |count| Threshold { fewer_than: Some(count), ..Threshold::default() };
    for (threshold, data, wanted) in [
        (Threshold::default(), vec![], Some(true)),
        (regions("EU"), vec![data(None, Some("eu"))], Some(true)),
        // Where data is kept does not say where its people live.
        (regions("EU"), vec![data(None, Some("US"))], None),
        (regions("EU"), vec![data(None, None)], None),
        (regions("EU"), vec![], None),
        (at_least(500), vec![data(Some(500), None)], Some(true)),
        (at_least(500), vec![data(Some(499), None)], Some(false)),
        (at_least(500), vec![data(None, None)], None),
        (at_least(500), vec![data(Some(10), None), data(None, None)], None),
        (at_least(500), vec![data(Some(900), None), data(None, None)], Some(true)),
        (at_least(500), vec![], None),
        (fewer(500), vec![data(Some(499), None)], Some(true)),
        (fewer(500), vec![data(Some(499), None), data(None, None)], None),
        (fewer(500), vec![data(Some(900), None), data(None, None)], Some(false)),
        (Threshold { at_least: Some(500), ..regions("EU") }, vec![data(Some(10), None)], Some(false)),
    ] {
        assert_eq!(applies(&threshold, &data), wanted, "{threshold:?} {data:?}");
    }
    let rule = pack();
    let small = [data(Some(20), None)];
    let found = standing(rule.rule("hipaa-hhs-large").unwrap(), &small, &occurred(&[], &[]), Moment(0), Zone::UTC, &[]);
    assert_eq!(found, Standing::Excluded);
}

proptest! {
    /// Hours are hours in every zone; days keep the time of the day; months never leave the month that is meant; business
    /// days end on one, and so many lie between.
    #[test]
    fn deadlines_keep_their_laws(from in 0i64..400 * 366, second in 0i64..86_400, zone in -14i64..=14, count in 1u32..60, holiday in 0i64..90) {
        let zone: Zone = format!("{}{:02}:00", if zone < 0 { '-' } else { '+' }, zone.abs()).parse().unwrap();
        let start = Day::from_count(from).unwrap();
        let at = Moment::new(start, second, zone);
        prop_assert_eq!(at.local(zone), Some((start, second)));
        let holidays = [start.plus(holiday).unwrap()];
        let after = |span| at.after(span, zone, &holidays).unwrap();

        prop_assert_eq!(after(Span::Hours(count)).0 - at.0, i64::from(count) * 3_600);
        let days = after(Span::Days(count)).local(zone).unwrap();
        prop_assert_eq!(days, (start.plus(i64::from(count)).unwrap(), second));

        let (month, time) = after(Span::Months(count)).local(zone).unwrap();
        prop_assert_eq!(time, second);
        let parts = |day: Day| -> Vec<u32> { day.to_string().split('-').map(|part| part.parse().unwrap()).collect() };
        let (from, to) = (parts(start), parts(month));
        prop_assert_eq!(to[0] * 12 + to[1], from[0] * 12 + from[1] + count);
        prop_assert!(to[2] == from[2] || to[2] < from[2] && parts(month.plus(1).unwrap())[2] == 1);

        let (end, _) = after(Span::BusinessDays(count)).local(zone).unwrap();
        prop_assert!(is_business_day(end, &holidays));
        let between = (1..=end.count() - start.count()).filter(|days| is_business_day(start.plus(*days).unwrap(), &holidays)).count();
        prop_assert_eq!(between, count as usize);

        let (late, _) = after(Span::DaysAfterYearEnd(count)).local(zone).unwrap();
        prop_assert_eq!(late.count() - start.year_end().count(), i64::from(count));
        // More is never earlier.
        for span in [Span::Hours, Span::Days, Span::BusinessDays, Span::Months, Span::DaysAfterYearEnd] {
            prop_assert!(after(span(count)) < after(span(count + 1)));
        }
    }

    /// Weekdays go around, and the day of a week later is the same one.
    #[test]
    fn weekdays_go_around(count in 0i64..2_000_000) {
        let day = Day::from_count(count).unwrap();
        prop_assert_eq!(day.count(), count);
        prop_assert_eq!(day.plus(1).unwrap().weekday(), (day.weekday() + 1) % 7);
        prop_assert_eq!(day.plus(7).unwrap().weekday(), day.weekday());
    }
}
