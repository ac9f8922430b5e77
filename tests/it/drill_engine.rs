//! The engine: the worked example gives its numbers, a log replayed gives the same state, and what can not be is refused.

use proptest::prelude::*;
use sandtable::drill::console;
use sandtable::drill::event::{Begin, Body, Entry, Event, NoteSort, Rating, Sort, Words};
use sandtable::drill::metrics::{self, Part};
use sandtable::drill::moment::{Moment, Zone};
use sandtable::drill::player;
use sandtable::drill::state::{Phase, Plan, State};
use sandtable::drill::step::{replay, step};
use sandtable::drill::{bundled, playbook, scenario};
use sandtable::library::clocks;
use sandtable::model::Slug;

pub fn slug(text: &str) -> Slug {
    Slug::new(text).unwrap()
}

fn words(text: &str) -> Words {
    Words::new(text)
}

pub fn first_plan() -> Plan {
    static PLAN: std::sync::LazyLock<Plan> = std::sync::LazyLock::new(read_first_plan);
    PLAN.clone()
}

fn read_first_plan() -> Plan {
    let scenario = bundled::scenario("s1-open-list").unwrap().unwrap();
    let playbook = bundled::playbook("data-exposure").unwrap().unwrap();
    Plan { scenario, playbook, clocks: clocks::shipped().unwrap() }
}

pub fn begin(plan: &Plan) -> Body {
    Body::Begin(Box::new(Begin {
        scenario: plan.scenario.id.slug().clone(),
        starter: false,
        files: Default::default(),
        story_zero: Moment::new("2026-12-01".parse().unwrap(), 33_000, Zone::UTC),
        zone: Zone::UTC,
        scale: plan.scenario.scale,
        holidays: Vec::new(),
        words: sandtable::drill::binding::words(&sandtable::drill::binding::unbound(&plan.scenario))
            .into_iter()
            .map(|(name, text)| (name, Words { text: Some(text) }))
            .collect(),
        elements: Vec::new(),
        places: [("leak".to_owned(), vec!["booking-page".into(), "lab-inbox".into()])].into(),
        data: Vec::new(),
        attack: None,
        simulated: true,
    }))
}

/// A drill that is played by a test.
struct Played {
    plan: Plan,
    state: State,
    entries: Vec<Entry>,
}

impl Played {
    fn new(plan: Plan) -> Played {
        let mut played = Played { state: State::default(), entries: Vec::new(), plan };
        played.ok(0, begin(&played.plan));
        played
    }

    fn take(&mut self, at: u64, body: Body) -> Result<(), String> {
        let entry = Entry { id: format!("e{}", self.entries.len()), event: Event { at, by: slug("test"), body } };
        let before = self.state.clone();
        let (state, outcome) = step(&self.plan, std::mem::take(&mut self.state), entry.clone());
        self.state = state;
        match outcome {
            Ok(_) => {
                self.entries.push(entry);
                Ok(())
            }
            Err(refusal) => {
                assert_eq!(self.state, before, "what is refused changes nothing");
                Err(refusal.to_string())
            }
        }
    }

    #[track_caller]
    fn ok(&mut self, at: u64, body: Body) {
        self.take(at, body).unwrap();
    }
}

const EXAMPLE: &str = r#"Scenario(
  format: 1, id: "example", version: 1, title: "Example", about: "The worked example of the measures.",
  playbook: "example", minutes: 90, scale: 4, begins: (weekday: Tuesday, at: "9h"), opening: "It begins.",
  cast: ["soc"], truth: [(event: "exposure-began", at: "-3d", fact: "It began.")],
  injects: [(id: "i1", title: "First", at: "0m", channel: Email, from: "Somebody", to: ["soc"], text: "Look.",
    expect: [(id: "x", role: "soc", action: "Looks.", within: Play("5m"), task: "look", emits: ["controller-aware"])])],
  objectives: [(id: "o", text: "See.", targets: [(id: "t", text: "See.", tasks: [(id: "look", text: "Look.")])])],
  duties: [(rule: "gdpr-33-1", role: "soc")],
)"#;

const EXAMPLE_ROLES: &str = r#"Playbook(format: 1, id: "example", title: "Example", about: "x", steps: [], calls: [], roles: [
  (id: "soc", title: "SOC"), (id: "ic", title: "IC"), (id: "platform", title: "Platform"),
  (id: "app_owner", title: "App owner"), (id: "dpo", title: "DPO")])"#;

/// The worked example of the research: every number that it prints, to the second.
#[test]
fn the_worked_example_gives_its_numbers() {
    let plan = Plan {
        scenario: scenario::read("example.ron", EXAMPLE).unwrap(),
        playbook: playbook::read("roles.ron", EXAMPLE_ROLES).unwrap(),
        clocks: clocks::shipped().unwrap(),
    };
    let mut played = Played::new(plan);
    let open = |item: &str, sort, owner: &str, by: Option<&str>, needs: &[&str], rule: Option<&str>| Body::Open {
        item: slug(item),
        sort,
        what: words(item),
        owner: Some(slug(owner)),
        assigned_by: by.map(slug),
        needs: needs.iter().map(|need| slug(need)).collect(),
        meets: None,
        rule: rule.map(slug),
    };
    let take = |item: &str| Body::Take { item: slug(item) };
    let done = |item: &str| Body::Done { item: slug(item) };
    let emit = |event: &str| Body::Emit { event: slug(event) };
    let decide = |item: &str, option: &str, role: &str| Body::Decide {
        decision: slug(item),
        option: slug(option),
        role: slug(role),
        rationale: words("since"),
    };
    let (task, decision, ic) = (Sort::Task, Sort::Decision, Some("ic"));
    for (at, body) in [
        (60, Body::Send { inject: slug("i1"), forced: false }),
        (150, Body::Ack { inject: slug("i1"), role: slug("soc") }),
        (420, emit("detected")),
        (450, open("T1", task, "soc", None, &[], None)),
        (510, take("T1")),
        (570, done("T1")),
        (570, emit("mobilised")),
        (600, open("T2", task, "platform", ic, &[], None)),
        (600, open("T3", task, "soc", ic, &[], None)),
        (600, open("D1", decision, "app_owner", ic, &["T2"], None)),
        (660, take("T2")),
        (690, take("T3")),
        (960, done("T2")),
        (1_500, take("D1")),
        (1_680, decide("D1", "unpublish", "app_owner")),
        (1_680, open("T4", task, "platform", ic, &["D1"], None)),
        (1_740, take("T4")),
        (1_800, Body::Pause { reason: words("fire alarm test") }),
        (2_100, Body::Resume),
        (2_280, done("T4")),
        (2_280, emit("contained")),
        (2_300, done("T3")),
        (2_320, open("D2", decision, "dpo", ic, &["T3"], None)),
        (2_500, take("D2")),
        (2_800, decide("D2", "yes", "dpo")),
        (2_800, emit("controller-aware")),
        (2_900, Body::Jump { seconds: 72_000, reason: words("next morning") }),
        (2_920, open("N1", Sort::Notification, "dpo", ic, &["D2"], Some("gdpr-33-1"))),
        (3_000, take("N1")),
        (3_600, done("N1")),
        (4_200, emit("recovered")),
        (5_400, Body::End),
    ] {
        played.ok(at, body);
    }
    let state = &played.state;
    let work: Vec<(String, i64, i64, i64)> = metrics::work(state)
        .into_iter()
        .map(|work| (work.item.to_string(), work.blocked, work.queue, work.service))
        .collect();
    let wanted = [
        ("T1", 0, 60, 60),
        ("T2", 0, 60, 300),
        ("T3", 0, 90, 1_310),
        ("D1", 360, 540, 180),
        ("T4", 0, 60, 240),
        ("D2", 0, 180, 300),
        ("N1", 0, 80, 600),
    ];
    assert_eq!(work, wanted.map(|(item, blocked, queue, service)| (item.to_owned(), blocked, queue, service)));
    let roles = metrics::by_role(&metrics::work(state));
    assert_eq!(roles["soc"], (0, 150, 1_370));
    assert_eq!(roles["platform"], (0, 120, 540));
    assert_eq!(roles["app_owner"], (360, 540, 180));
    assert_eq!(roles["dpo"], (0, 260, 900));

    let path = metrics::critical_path(state, "detected", "contained").unwrap();
    let parts: Vec<(&str, Part, i64)> = path
        .iter()
        .map(|segment| (segment.item.as_ref().map_or("", |item| item.as_str()), segment.part, segment.seconds))
        .collect();
    let wanted = [
        ("", Part::Lead, 180),
        ("T2", Part::Queue, 60),
        ("T2", Part::Service, 300),
        ("D1", Part::Queue, 540),
        ("D1", Part::Service, 180),
        ("T4", Part::Queue, 60),
        ("T4", Part::Service, 240),
    ];
    assert_eq!(parts, wanted);
    assert_eq!(path.iter().map(|segment| segment.seconds).sum::<i64>(), 1_560);

    let measures = metrics::measures(state);
    let measure = |name: &str| measures.iter().find(|found| found.name == name).unwrap();
    assert_eq!(measure("time to discovery").story, Some(260_880), "72.47 hours");
    assert_eq!(measure("time to contain").play, Some(1_560), "the naive wall time is 1860");
    assert_eq!(measure("time to contain").story, Some(6_240), "1.73 hours");
    assert_eq!(measure("time to recover").story, Some(85_920), "23.87 hours");
    assert_eq!(measure("time to recover").jumps, 72_000, "of which the facilitator jumped 20");
    assert_eq!(measure("time to mobilise").play, Some(150));
    assert_eq!(measure("outage (RTO)").story, None, "there was no outage, which is not zero");
    assert_eq!(metrics::acknowledgements(&played.plan, state), [(slug("i1"), Some(90))]);
    let span = &metrics::spans(state)[0];
    assert_eq!((span.most, span.owner_seconds * 100 / span.seconds), (3, 84));
    // 72 hours less 20.89 used.
    assert_eq!(metrics::margins(&played.plan, state), [(slug("gdpr-33-1"), "met", Some(259_200 - 75_200))]);
    assert_eq!(metrics::frictions(&played.plan, state).to_decide, [(slug("D1"), 720), (slug("D2"), 480)]);
}

#[test]
fn what_can_not_be_is_refused() {
    let mut played = Played::new(first_plan());
    let send = |inject: &str, forced| Body::Send { inject: slug(inject), forced };
    let decide = |option: &str, role: &str, why: &str| Body::Decide {
        decision: slug("d-unpublish"),
        option: slug(option),
        role: slug(role),
        rationale: words(why),
    };
    let refused = |played: &mut Played, body: Body, says: &str| {
        let said = played.take(10, body).unwrap_err();
        assert!(said.contains(says), "{said}");
    };
    let again = begin(&played.plan);
    refused(&mut played, again, "begun already");
    refused(&mut played, send("i9", false), "there is no inject `i9`");
    refused(&mut played, send("i2", false), "the guard of `i2` does not hold");
    refused(&mut played, decide("keep", "app", "so"), "there is no work `d-unpublish`");
    refused(&mut played, Body::Resume, "not paused");
    refused(&mut played, Body::Emit { event: slug("containd") }, "did you mean `contained`?");
    refused(&mut played, Body::Ack { inject: slug("i1"), role: slug("soc") }, "not sent yet");
    played.ok(10, send("i1", false));
    refused(&mut played, send("i1", false), "sent already");
    refused(&mut played, Body::Ack { inject: slug("i1"), role: slug("app") }, "not addressed to `app`");
    played.ok(10, send("i2", false));
    refused(&mut played, decide("burn", "app", "so"), "no option `burn`");
    refused(&mut played, decide("keep", "app", "  "), "a decision without a reason");
    refused(&mut played, decide("keep", "nobody", "so"), "there is no role `nobody`");
    played.ok(10, decide("unpublish", "comms", "it was in the way"));
    assert_eq!(played.state.decisions[0].authorised, Some(false), "communications may not take it down");
    refused(&mut played, send("i3b", false), "guard of `i3b`");
    played.ok(10, send("i3a", false));
    refused(&mut played, send("i3b", true), "`i3a` was sent in its place");
    let rate = |text: &str| Body::Rate { task: slug("take-command"), rating: Rating::S, observation: words(text) };
    refused(&mut played, rate(""), "a rating without an observation is none");
    // What other events rest on is not taken back under them.
    let of = |played: &Played, at: usize| Body::Undo { entry: played.entries[at].id.clone() };
    let sent_second = of(&played, 2);
    refused(&mut played, sent_second, "rests on it");
    let last = of(&played, 4);
    played.ok(11, last.clone());
    assert_eq!(played.state.sent("i3a"), None);
    refused(&mut played, last, "taken back already");
    played.ok(11, send("i3a", false));
    played.ok(12, Body::Pause { reason: words("") });
    refused(&mut played, send("i4", false), "paused");
    played.ok(12, Body::End);
    refused(&mut played, Body::Resume, "the drill is over");
    played.ok(13, rate("seen"));
    assert_eq!(played.state.phase, Phase::Ended);
}

/// What the team names is held against what the query finds.
/// A facilitator may change what an inject says, and send it once more; what was sent stays as it was.
#[test]
fn an_inject_reads_otherwise_and_goes_out_again() {
    let mut played = Played::new(first_plan());
    let seen = |played: &Played, role: &str| player::stream(&played.plan, &played.state, role, played.state.last());
    let line = |played: &mut Played, at: u64, line: &str| {
        let now = played.state.stamp(at);
        match console::parse(line, &played.plan, &played.state, now) {
            Ok(console::Command::Event(body)) => played.take(at, body),
            Ok(other) => panic!("{other:?}"),
            Err(wrong) => Err(wrong),
        }
    };
    assert!(line(&mut played, 1, "resend i1").unwrap_err().contains("was not sent yet"));
    assert!(line(&mut played, 1, "reword i1").unwrap_err().contains("what it is to say"));
    line(&mut played, 1, "reword i1 A list can be read by anybody.").unwrap();
    assert!(!seen(&played, "soc").contains("A list can be read"), "it was not sent yet");
    line(&mut played, 2, "send i1").unwrap();
    assert!(seen(&played, "soc").contains("A list can be read by anybody."));
    assert!(!seen(&played, "soc").contains("I stopped there"), "the scenario's own words are gone");
    assert!(line(&mut played, 3, "reword i1 Too late").unwrap_err().contains("resend i1"));
    line(&mut played, 60, "resend i1").unwrap();
    line(&mut played, 120, "resend i1 It is two lists.").unwrap();
    let stream = seen(&played, "soc");
    assert_eq!(stream.matches("(once more)").count(), 2, "{stream}");
    assert_eq!(stream.matches("A list can be read by anybody.").count(), 2, "{stream}");
    assert!(stream.ends_with("It is two lists.\n") || stream.contains("It is two lists."), "{stream}");
    // Only whom it is for.
    assert!(!seen(&played, "comms").contains("two lists"));
    // Taken back like anything else.
    line(&mut played, 121, "undo").unwrap();
    assert!(!seen(&played, "soc").contains("two lists"));
    assert_eq!(replay(&played.plan, played.entries.clone()), played.state);
}

#[test]
fn siblings_are_scored_against_the_model() {
    let mut played = Played::new(first_plan());
    assert_eq!(metrics::siblings(&played.state)[0].found, None, "not asked is not none");
    let body = console::parse("named leak portal-api, lab-inbox", &played.plan, &played.state, played.state.last());
    let Ok(console::Command::Event(body)) = body else { panic!("{body:?}") };
    played.ok(5, body);
    let found = &metrics::siblings(&played.state)[0];
    assert_eq!(found.found, Some(vec!["lab-inbox".into()]));
    assert_eq!(found.beside, ["portal-api".into()]);
    assert!(played.take(5, Body::Named { binding: slug("lake"), places: Vec::new() }).is_err());
}

/// A contingency is ready when the time of what was expected is over, by the clock of the story.
#[test]
fn a_contingency_waits_for_its_failure() {
    let mut played = Played::new(first_plan());
    played.ok(0, Body::Send { inject: slug("i1"), forced: false });
    let ready = |played: &Played, at| {
        played.state.ready(&played.plan, played.state.stamp(at)).any(|inject| inject.id.as_str() == "i1c")
    };
    // An hour of the story is a quarter of an hour of play.
    assert!(!ready(&played, 900) && ready(&played, 901));
    let met = Body::Met { expected: slug("answer-researcher"), role: slug("soc"), note: words("answered") };
    played.ok(600, met);
    assert!(!ready(&played, 5_000));
}

/// Nothing hidden is in what any role sees, whatever was sent.
#[test]
fn players_never_see_hidden_words() {
    let view = sandtable::drill::hidden::Facilitator::view();
    // The right to read what is hidden is not even named where players' views are made.
    assert!(!include_str!("../../src/drill/player.rs").contains("Facilitator"));
    for (file, text) in bundled::SCENARIOS {
        let scenario = scenario::read(file, text).unwrap();
        let playbook = bundled::playbook(scenario.playbook.as_str()).unwrap().unwrap();
        let plan = Plan { scenario, playbook, clocks: clocks::shipped().unwrap() };
        let mut played = Played::new(plan);
        let injects: Vec<Slug> = played.plan.scenario.injects.iter().map(|inject| inject.id.slug().clone()).collect();
        for inject in injects {
            // Of a group only one is sent.
            let _ = played.take(60, Body::Send { inject, forced: true });
        }
        let hidden: Vec<String> = played
            .plan
            .scenario
            .injects
            .iter()
            .flat_map(|inject| {
                let behind = &inject.hidden;
                let texts = behind.probes.iter().chain(&behind.hints).chain(&behind.red_flags).chain([&behind.truth]);
                texts.chain(inject.expect.iter().map(|expected| &expected.action)).chain([&inject.title])
            })
            .map(|hidden| hidden.words(view).to_owned())
            .filter(|words| !words.is_empty())
            .collect();
        assert!(hidden.len() > 20);
        let roles: Vec<String> = played.plan.roles().map(|role| role.id.to_string()).collect();
        for role in roles {
            let stream = player::stream(&played.plan, &played.state, &role, played.state.last());
            assert!(stream.starts_with(sandtable::drill::EXERCISE));
            let open: Vec<&str> = sandtable::drill::binding::placeholders(&stream).collect();
            assert!(open.is_empty(), "{file}: {open:?} stands for nothing");
            for words in &hidden {
                assert!(!stream.contains(words.as_str()), "{file}: {role} reads {words}");
            }
        }
    }
}

/// An event that fits or not, from three numbers.
pub fn body(plan: &Plan, (op, arg, _): (u8, u8, u8), entries: &[Entry]) -> Body {
    let at = usize::from(arg);
    let pick = |names: Vec<&str>| slug(names[at % names.len()]);
    let inject = || pick(plan.scenario.injects.iter().map(|inject| inject.id.as_str()).collect());
    let role = || pick(plan.scenario.cast.iter().map(|role| role.as_str()).collect());
    let expected = || pick(plan.scenario.all_expected().map(|(_, expected)| expected.id.as_str()).collect());
    let item = || slug(&format!("t{}", at % 4));
    match op % 20 {
        0..=3 => Body::Send { inject: inject(), forced: arg > 128 },
        4 => Body::Ack { inject: inject(), role: role() },
        5 => Body::Met { expected: expected(), role: role(), note: words("seen") },
        6 => Body::Open {
            item: item(),
            sort: Sort::Task,
            what: words("do"),
            owner: Some(role()),
            assigned_by: Some(slug("ic")),
            needs: if at % 4 > 0 && arg > 128 { vec![slug(&format!("t{}", at % 4 - 1))] } else { Vec::new() },
            meets: None,
            rule: None,
        },
        7 => Body::Take { item: item() },
        8 => Body::Done { item: item() },
        9 => Body::Reopen { item: item(), reason: words("no") },
        10 => Body::Assign { item: item(), owner: role() },
        11 => Body::Pause { reason: words("break") },
        12 => Body::Resume,
        13 => Body::Jump { seconds: u32::from(arg) * 600 + 1, reason: words("later") },
        14 => {
            let decision = &plan.scenario.decisions[at % plan.scenario.decisions.len()];
            let option = decision.options[at % decision.options.len()].id.slug().clone();
            Body::Decide { decision: decision.id.slug().clone(), option, role: role(), rationale: words("since") }
        }
        15 => Body::Scale { scale: u32::from(arg % 8) + 1 },
        16 => Body::Note { sort: NoteSort::Gap, role: Some(role()), about: vec![slug("i1")], text: words("a gap") },
        17 => Body::Hold { inject: inject() },
        _ => Body::Undo { entry: entries[at % entries.len()].id.clone() },
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(48))]

    /// The state after all events is the state made from the log of them, and the clocks keep their laws.
    #[test]
    fn a_log_replayed_is_the_same_state(ops in prop::collection::vec(any::<(u8, u8, u8)>(), 1..40)) {
        let mut played = Played::new(first_plan());
        let mut at = 0u64;
        for op in ops {
            at += u64::from(op.2);
            let body = body(&played.plan, op, &played.entries);
            let _ = played.take(at, body);
        }
        let again = replay(&played.plan, played.entries.clone());
        prop_assert!(again.misfits.is_empty(), "{:?}", again.misfits);
        prop_assert_eq!(&again, &played.state);
        for pair in played.state.history.windows(2) {
            prop_assert!(pair[0].at.wall <= pair[1].at.wall && pair[0].at.play <= pair[1].at.play);
            prop_assert!(pair[1].at.play <= pair[1].at.wall);
            prop_assert!(pair[0].at.story <= pair[1].at.story);
        }
        // Whatever was played, the parts of a path add up to the whole, and waiting is never negative.
        for (from, to) in [("detected", "contained"), ("detected", "mobilised"), ("containment-ordered", "contained")] {
            if let Some(path) = metrics::critical_path(&played.state, from, to) {
                let whole = played.state.emitted[&slug(to)].play - played.state.emitted[&slug(from)].play;
                prop_assert_eq!(path.iter().map(|segment| segment.seconds).sum::<i64>(), whole);
            }
        }
        for work in metrics::work(&played.state) {
            prop_assert!(work.blocked >= 0 && work.queue >= 0 && work.service >= 0, "{:?}", work);
        }
    }

    /// Whatever is typed, it is a command or refused.
    #[test]
    fn any_line_can_be_typed(line in "(send|open|decide|note|rate|act|jump|undo|met|seat|gap|skip|contain|lift|contain disable|attacker)?[ a-z0-9@=,\\-\u{3000}é]{0,40}|.{0,60}") {
        let played = Played::new(first_plan());
        let now = played.state.last();
        if let Ok(console::Command::Event(body)) = console::parse(&line, &played.plan, &played.state, now) {
            let mut played = played;
            let _ = played.take(5, body);
        }
    }

    /// Taking an event back and taking that back is as if nothing had been taken back.
    #[test]
    fn undo_undone_is_nothing_undone(ops in prop::collection::vec(any::<(u8, u8, u8)>(), 1..20), which: u8) {
        let mut played = Played::new(first_plan());
        let mut at = 0u64;
        for op in ops.into_iter().filter(|op| op.0 % 20 < 18) {
            at += u64::from(op.2);
            let body = body(&played.plan, op, &played.entries);
            let _ = played.take(at, body);
        }
        let before = played.state.clone();
        let target = played.entries[usize::from(which) % played.entries.len()].id.clone();
        if played.take(at, Body::Undo { entry: target }).is_ok() {
            let undo = played.entries.last().unwrap().id.clone();
            played.take(at, Body::Undo { entry: undo }).unwrap();
            let mut after = played.state.clone();
            after.history.truncate(before.history.len());
            prop_assert_eq!(after, before);
        }
    }
}
