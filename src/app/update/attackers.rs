//! Commands of the attackers screen, and of abuse scenarios.

use crate::analysis::attack::Who;
use crate::analysis::attack::scenario::{from_path, template};
use crate::analysis::attack::words;
use crate::analysis::journey::{By, Cargo, Certainty, Journey, Leg, Station};
use crate::app::attackers::{chosen, current, lines, reading, rows, scenarios};
use crate::app::command::CommandId;
use crate::app::controls;
use crate::app::layer::{Choose, Item, Layer, Picker, Reader};
use crate::app::state::{App, Pane, Screen};
use crate::app::toast::Tone;
use crate::library::attackers::{Profile, adopt};
use crate::model::text::counted;
use crate::model::threats::AbuseKind;
use crate::model::{ElementId, Section, Slug};

/// Runs a command of this family. Says whether it was one.
pub fn run(app: &mut App, id: CommandId) -> bool {
    use CommandId as C;
    match id {
        C::AttackerPaths => {
            let lines = reading(app);
            app.layers.push(Layer::Reader(Reader::new("Attacker", lines)));
        }
        C::NextGoal => choose_goal(app, true),
        C::PreviousGoal => choose_goal(app, false),
        C::NextPath => {
            let count = app.shown().paths.len().max(1);
            app.attackers.path = (app.attackers.path + 1) % count;
        }
        C::ToggleChange => {
            app.attackers.change = !app.attackers.change;
            app.attackers.path = 0;
        }
        C::AdoptProfile => take_in(app),
        C::LoseControl => ask_what_is_lost(app),
        C::PathOnMap => show_path(app),
        C::ReachOnMap => show_reach(app),
        C::MakeScenario => {
            let Some(path) = chosen(app).cloned() else { return true };
            let attack = app.attack_shared();
            let edit = from_path(&app.model, &attack.who, &attack.graph, &path, None);
            let before = current(app).and_then(|at| attack.who.get(at)).cloned();
            super::make(app, edit);
            // A profile has become an attacker of the model.
            if let Some(before) = before {
                follow(app, |who| match &before.own {
                    Some(own) => who.own.as_ref() == Some(own),
                    None => {
                        who.own.is_some()
                            && who.attacker.profile.as_ref().is_some_and(|name| name.as_str() == before.name)
                    }
                });
            }
        }
        C::Guardrails => list_guardrails(app),
        C::AddScenario => ask_what_scenario(app),
        C::Scenarios => {
            let lines = scenarios(app);
            app.layers.push(Layer::Reader(Reader::new("Abuse scenarios", lines)));
        }
        _ => return false,
    }
    true
}

fn choose_goal(app: &mut App, forward: bool) {
    let count = app.attack().goals.len().max(1);
    let at = app.attackers.goal.min(count - 1);
    app.attackers.goal = if forward { (at + 1) % count } else { (at + count - 1) % count };
    app.attackers.path = 0;
}

/// Makes the profile under the cursor an attacker of the model.
fn take_in(app: &mut App) {
    let Some(who) = current(app).and_then(|at| app.attack().who.get(at)).cloned() else { return };
    let (edit, id) = adopt(&app.model, &Profile { id: who.name, attacker: who.attacker });
    super::make(app, edit);
    follow(app, |who| who.own.as_ref() == Some(&id));
}

/// The cursor stays on an attacker, wherever it now is.
fn follow(app: &mut App, wanted: impl Fn(&Who) -> bool) {
    app.attack_now();
    let place = rows(app).iter().position(|at| app.attack().who.get(*at).is_some_and(&wanted));
    app.attackers.list.put(place.unwrap_or(app.attackers.list.at()));
}

/// Lists what stands alone, and whom nothing stops.
fn list_guardrails(app: &mut App) {
    app.attack_now();
    let (model, attack) = (&app.model, app.attack());
    let alone = attack.guarded.alone.iter().filter_map(|alone| {
        Some(Item {
            label: words::group(model, alone),
            detail: format!("alone before {}", words::stands_before(model, &attack.who, alone)),
            value: format!("control:{}", alone.controls.first()?),
            why_not: None,
        })
    });
    let open = attack.guarded.open.iter().enumerate().filter(|(_, open)| !open.is_empty());
    let open = open.map(|(at, open)| Item {
        label: attack.who[at].title().to_owned(),
        detail: format!("meets no guardrail before {}", words::datasets(model, open)),
        value: format!("attacker:{at}"),
        why_not: None,
    });
    let items: Vec<Item> = alone.chain(open).collect();
    if items.is_empty() {
        let why = "no certain way to data worth guarding meets fewer than two guardrails; questions may change that";
        return app.toasts.say(Tone::Info, why);
    }
    let title = "Where one guardrail stands alone, or none: enter goes there";
    app.layers.push(Layer::Picker(Picker { full: true, ..Picker::new(title, items, Choose::Guardrail) }));
}

/// Goes to a control, or to an attacker, that was chosen from that list.
pub fn go_to_guardrail(app: &mut App, value: &str) {
    match value.split_once(':') {
        Some(("control", slug)) => {
            app.screen = Screen::Controls;
            app.controls.filter.clear();
            app.controls.followed = None;
            let at = controls::slugs(app).iter().position(|own| own.as_str() == slug);
            app.controls.list.put(at.unwrap_or(0));
        }
        Some(("attacker", place)) => {
            app.screen = Screen::Attackers;
            app.attackers.filter.clear();
            let row = rows(app).iter().position(|at| at.to_string() == place);
            app.attackers.list.put(row.unwrap_or(0));
            app.attackers.path = 0;
        }
        _ => {}
    }
    app.wanted = Pane::Main;
}

/// Asks which controls are to be looked at as if they were lost.
fn ask_what_is_lost(app: &mut App) {
    let credit = crate::analysis::guardrails::credit::credited(&app.model, &app.derived().controls);
    let item = |(slug, control): (&Slug, &crate::model::threats::Control)| {
        let id = ElementId::new(Section::Controls, slug.clone());
        let group = control.dependency_group.as_ref().map_or(String::new(), |group| format!(" · group {group}"));
        let detail = match credit.of(slug) {
            Some(share) => format!("stops {:.0} %{group}", share * 100.0),
            None => format!("not counted{group}"),
        };
        Item { label: app.model.title_of(&id).to_owned(), detail, value: id.to_string(), why_not: None }
    };
    let items: Vec<Item> = app.model.controls.iter().map(item).collect();
    let is_lost = |slug: &Slug| app.attackers.lost.contains(slug);
    let marks = (0..).zip(app.model.controls.keys()).filter(|(_, slug)| is_lost(slug)).map(|(at, _)| at).collect();
    let mut picker = Picker::new("What opens when these are lost? tab marks several", items, Choose::Lose);
    picker.marks = Some(marks);
    app.layers.push(Layer::Picker(picker));
}

/// Looks at everything as if these controls were lost; nothing where all of them stand.
pub fn lose(app: &mut App, lost: Vec<Slug>) {
    let words = if lost.is_empty() {
        "every control stands".to_owned()
    } else {
        format!("as if {} were lost", counted(lost.len(), "control"))
    };
    app.attackers.lost = lost;
    app.attackers.path = 0;
    app.toasts.say(Tone::Info, words);
}

/// The element that a new scenario is about: what is selected, or the dataset to which paths are shown.
pub fn scenario_about(app: &App) -> Option<ElementId> {
    match app.screen {
        Screen::Attackers => {
            app.shown().goal.as_ref().map(|goal| ElementId::new(Section::Datasets, goal.dataset().clone()))
        }
        _ => app.cursor().filter(|id| id.section.is_node()).cloned(),
    }
}

fn ask_what_scenario(app: &mut App) {
    let Some(about) = scenario_about(app) else { return };
    let items = AbuseKind::CHOICES
        .iter()
        .map(|choice| Item {
            label: choice.name.to_owned(),
            detail: choice.doc.trim().to_owned(),
            value: choice.name.to_owned(),
            why_not: None,
        })
        .collect();
    let title = format!("A scenario about {}: of what kind?", app.model.title_of(&about));
    app.layers.push(Layer::Picker(Picker::new(title, items, Choose::Template(about))));
}

/// Adds a scenario of a kind about an element.
pub fn add_scenario(app: &mut App, about: &ElementId, kind: &str) {
    let Some(kind) = AbuseKind::ALL.iter().copied().find(|own| own.name() == kind) else { return };
    match template(&app.model, &app.derived().effective, kind, about) {
        Ok((edit, _)) => super::make(app, edit),
        Err(why) => app.toasts.say(Tone::Warning, why),
    }
}

/// Shows the chosen path on the map.
fn show_path(app: &mut App) {
    let (Some(path), Some(goal), Some(at)) = (chosen(app).cloned(), app.shown().goal.clone(), current(app)) else {
        return;
    };
    let attack = app.attack_shared();
    let mut stations: Vec<Station> = Vec::new();
    let mut legs = Vec::new();
    let mut certainty = Certainty::Certain;
    for place in &path.steps {
        let step = &attack.graph.steps[*place as usize];
        if !step.is_certain() {
            certainty = Certainty::Maybe(format!("unknown: {}", words::all_missing(&app.model, &step.unknown)));
        }
        for flow in step.proof.iter().filter(|proof| proof.id.section == Section::Flows) {
            legs.extend(flow_leg(app, &flow.id.slug, &certainty));
        }
        let position = &attack.graph.positions[step.to as usize];
        let seen = |id: &ElementId| stations.iter().any(|station| station.id == *id);
        let Some(id) = position.element().filter(|id| !seen(id)) else { continue };
        let hops = Some(stations.len() + 1);
        stations.push(Station { id, hops, certainty: certainty.clone(), readers: Vec::new() });
    }
    let title = format!(
        "path of {} to {}",
        attack.who[at].title(),
        app.model.title_of(&ElementId::new(Section::Datasets, goal.dataset().clone()))
    );
    show(app, title, goal.dataset().clone(), stations, legs);
}

/// Shows everything that the attacker reaches on the map.
fn show_reach(app: &mut App) {
    let Some(at) = current(app) else { return };
    let attack = app.attack_shared();
    let Some(reach) = attack.reach.get(at) else { return };
    let mut stations: Vec<Station> = reach
        .elements
        .iter()
        .map(|(id, (steps, certain))| {
            let maybe = || Certainty::Maybe("a step that leads here hangs on facts that nobody knows".into());
            let certainty = if *certain { Certainty::Certain } else { maybe() };
            Station { id: id.clone(), hops: Some((*steps).max(1)), certainty, readers: Vec::new() }
        })
        .collect();
    stations.sort_by_key(|station| (!station.certainty.is_certain(), station.hops, station.id.clone()));
    let reached = |end: &Slug| app.model.node(end.as_str()).and_then(|id| reach.elements.get(&id));
    let legs = app
        .model
        .flows
        .iter()
        .filter_map(|(slug, flow)| {
            let (from, to) = (reached(flow.from.slug())?, reached(flow.to.slug())?);
            let maybe = || Certainty::Maybe("one of its ends may be reached".into());
            let certainty = if from.1 && to.1 { Certainty::Certain } else { maybe() };
            flow_leg(app, slug, &certainty)
        })
        .collect();
    let title = format!("reach of {}", attack.who[at].title());
    show(app, title, Slug::default(), stations, legs);
}

fn flow_leg(app: &App, slug: &Slug, certainty: &Certainty) -> Option<Leg> {
    let flow = app.model.flows.get(slug)?;
    Some(Leg {
        by: By::Flow(slug.clone()),
        from: app.model.node(flow.from.slug().as_str())?,
        to: app.model.node(flow.to.slug().as_str())?,
        carries: certainty.clone(),
        encrypted: flow.encrypted,
        transformation: flow.transformation.clone(),
        walls: Vec::new(),
    })
}

fn show(app: &mut App, title: String, dataset: Slug, stations: Vec<Station>, legs: Vec<Leg>) {
    let hint = format!("{title}; {} ends it", app.key(CommandId::Back));
    let cargo = Cargo { dataset: dataset.clone(), field: None };
    app.map.journey = Some(Journey { cargo, title: Some(title), stations, legs });
    // All of the map, and the end of the way in view.
    app.map.view.around = None;
    app.map.unchosen = false;
    let end = Some(dataset).filter(|slug| !slug.is_empty()).map(|slug| ElementId::new(Section::Datasets, slug));
    app.select(end);
    // Where one reads with a role, the access that grants imply is a part of the way.
    app.map.view.access = true;
    app.screen = Screen::Map;
    app.wanted = Pane::Main;
    app.map.reveal = true;
    app.toasts.say(Tone::Info, hint);
}

/// The cursor stays on the list, and in the view.
pub fn keep_in_range(app: &mut App, room: usize) {
    if app.awaits_attack() {
        // The list comes back with all of its rows.
        return;
    }
    let lines = lines(app);
    app.attackers.list.settle_lines(&lines, room);
}
