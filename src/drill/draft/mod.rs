//! A draft of a scenario from an attack path of a model: an inject for each step, what cuts it, and what has to be decided.
//! It is text to edit; the same model and path give the same text.

mod templates;

use crate::analysis::attack::graph::{Graph, Position, Step};
use crate::analysis::attack::kinds::Kind;
use crate::analysis::attack::paths::Path;
use crate::analysis::attack::{Who, words};
use crate::drill::containment::Verb;
use crate::model::reflect::to_ron;
use crate::model::text::{Text, one_line};
use crate::model::{ElementId, Model, Section, Slug};
use std::fmt::Write;
use templates::template;

/// The playbook with whose roles a draft is played.
pub const PLAYBOOK: &str = "data-exposure";

/// From what a draft is made.
#[derive(Clone, Copy)]
pub struct Source<'a> {
    /// The model.
    pub model: &'a Model,
    /// The attacker, alone in the graph.
    pub who: &'a [Who],
    /// The graph.
    pub graph: &'a Graph,
    /// The path.
    pub path: &'a Path,
    /// The dataset to which it leads.
    pub dataset: &'a Slug,
}

/// A step of the path that is worth an inject.
struct Scene {
    number: usize,
    kind: Kind,
    /// What happens, in the words of the attack path.
    sentence: String,
    from: String,
    to: String,
    /// What cuts it.
    cut: Option<Cut>,
    /// The first step that the same cut cuts: its query is asked.
    first: usize,
    controls: Vec<Slug>,
}

impl Scene {
    /// What cuts it, where no step before is cut by the same.
    fn own_cut(&self) -> Option<&Cut> {
        self.cut.as_ref().filter(|_| self.first == self.number)
    }
}

/// What cuts a step: a verb, what people call the element, and the query that finds it.
#[derive(PartialEq)]
struct Cut {
    verb: Verb,
    title: String,
    subject: &'static str,
    condition: String,
}

/// Text that goes into a scenario: on one line, and without braces, which would name a query.
fn safe(text: &str) -> String {
    one_line(text, 160).replace('{', "(").replace('}', ")")
}

fn quoted(text: &str) -> String {
    to_ron(&Text::new(text))
}

impl<'a> Source<'a> {
    fn scenes(&self) -> Vec<Scene> {
        let steps = self.path.steps.iter().map(|place| &self.graph.steps[*place as usize]);
        let telling = steps.filter(|step| !words::is_idle(self.graph, step));
        let mut scenes: Vec<Scene> = Vec::new();
        for (at, step) in telling.enumerate() {
            let mut scene = self.scene(at + 1, step);
            let same = scenes.iter().find(|known| known.cut.is_some() && known.cut == scene.cut);
            scene.first = same.map_or(scene.number, |known| known.first);
            scenes.push(scene);
        }
        scenes
    }

    fn scene(&self, number: usize, step: &Step) -> Scene {
        let at = |place: u32| safe(&words::position(self.model, self.who, &self.graph.positions[place as usize]));
        Scene {
            number,
            kind: step.kind,
            sentence: safe(&words::sentence(self.model, self.who, self.graph, step)),
            from: at(step.from),
            to: at(step.to),
            cut: template(step.kind).cut.and_then(|verb| self.cut(step, verb)),
            first: number,
            controls: step.controls.clone(),
        }
    }

    fn cut(&self, step: &Step, verb: Verb) -> Option<Cut> {
        let place = &self.graph.positions[step.to as usize];
        // What everybody is can not be taken away from anybody.
        if matches!(verb, Verb::Suspend | Verb::Challenge) && self.is_open_to_all(place) {
            return None;
        }
        let ends = [step.to, step.from].map(|end| self.graph.positions[end as usize].element());
        let near = step.proof.iter().map(|proof| proof.id.clone()).chain(ends.into_iter().flatten());
        let near: Vec<ElementId> = near.collect();
        let id = verb.sections().iter().find_map(|section| near.iter().find(|id| id.section == *section))?;
        let title = safe(self.model.title_of(id));
        let by_id = |subject: &'static str, word: &str| Some((subject, format!("{word}.id == '{}'", id.slug)));
        let (subject, condition) = match id.section {
            Section::Grants => self.exposure(step, &id.slug)?,
            Section::Endpoints => by_id("Endpoint", "endpoint")?,
            Section::Services => by_id("Service", "service")?,
            Section::Platforms => by_id("Platform", "platform")?,
            Section::Roles => by_id("Role", "role")?,
            Section::Flows => by_id("Flow", "flow")?,
            Section::Parties => by_id("Party", "party")?,
            Section::Datasets => by_id("Dataset", "dataset")?,
            // No query of a scenario is about actors.
            _ => return None,
        };
        Some(Cut { verb, title, subject, condition })
    }

    fn is_open_to_all(&self, position: &Position) -> bool {
        let Position::Role(slug) = position else { return false };
        let kind = self.model.roles.get(slug).and_then(|role| role.kind);
        kind == Some(crate::model::access::RoleKind::Anonymous)
    }

    /// The query that finds the fact of a grant.
    fn exposure(&self, step: &Step, grant: &Slug) -> Option<(&'static str, String)> {
        let known = self.model.grants.get(grant)?;
        let role = match &self.graph.positions[step.from as usize] {
            Position::Asking(Some(role), _) => role,
            _ => known.role.slug(),
        };
        let dataset = known.dataset.as_ref()?.slug();
        let endpoint = known.endpoint.slug();
        let op = known.op.map_or(String::new(), |op| format!(" && exposure.op == '{op:?}'"));
        let condition = format!(
            "exposure.role.id == '{role}' && exposure.endpoint.id == '{endpoint}' && exposure.dataset.id == '{dataset}'{op}"
        );
        Some(("Exposure", condition))
    }
}

/// The text of a scenario with a name.
pub fn draft(source: &Source<'_>, id: &Slug) -> String {
    let scenes = source.scenes();
    let mut out = String::new();
    // Writing into a String has no way to fail.
    let mut line = |text: &str| {
        let _ = writeln!(out, "{text}");
    };
    let dataset = ElementId::new(Section::Datasets, source.dataset.clone());
    let title = safe(source.model.title_of(&dataset));
    let data = source.model.datasets.get(source.dataset);
    let count =
        data.and_then(|data| data.subject_count).map_or("an unknown number".to_owned(), |count| count.to_string());
    let about_people = data.is_some_and(|data| data.subject_count.is_some() || !data.subjects.is_empty());
    let last = scenes.len();

    line("#![enable(implicit_some)]");
    line(
        "// EXERCISE. A draft that was made from an attack path of a model: read it, cut what does not fit, and put your own",
    );
    line("// words in. Every inject is a step of the path; its hidden part says what the attacker did.");
    line("Scenario(");
    line(&format!("  format: 1,\n  id: \"{id}\",\n  version: 1,"));
    line(&format!("  title: {},", quoted(&format!("A way to {title}"))));
    line(&format!("  about: {},", quoted(&format!("Rehearse seeing, cutting and judging one way to {title}."))));
    line(&format!(
        "  playbook: \"{PLAYBOOK}\",\n  minutes: 90,\n  scale: 4,\n  begins: (weekday: Tuesday, at: \"9h\"),"
    ));
    line(&format!(
        "  opening: {},",
        quoted("It is an ordinary morning. {data.title} is used as on every other day, and no alarm is open.")
    ));
    line(
        "  cast: [\"ic\", \"deputy\", \"scribe\", \"soc\", \"platform\", \"app\", \"data\", \"privacy\", \"comms\", \"executive\"],",
    );
    line("  bindings: [");
    line(&format!(
        "    (id: \"data\", about: \"The data at the end of the path.\", of: Dataset, where: {}, otherwise: {{\"title\": {}, \"count\": {}}}),",
        quoted(&format!("dataset.id == '{}'", source.dataset)),
        quoted(&title),
        quoted(&count)
    ));
    for (scene, cut) in scenes.iter().filter_map(|scene| Some((scene, scene.own_cut()?))) {
        line(&format!(
            "    (id: \"step-{}\", about: {}, of: {}, where: {}, otherwise: {{}}),",
            scene.number,
            quoted(&format!("Where step {} can be cut: {}.", scene.number, cut.title)),
            cut.subject,
            quoted(&cut.condition)
        ));
    }
    line("  ],");
    if let Some(who) = source.who.first() {
        line(&format!("  attacker: (profile: \"{}\"),", who.name));
    }
    line("  truth: [");
    line("    (event: \"exposure-began\", at: \"-2d\", fact: \"The first of them came two days ago.\"),");
    line("  ],");
    line("  injects: [");
    for scene in &scenes {
        inject(source, scene, last, &mut line);
    }
    line(&format!(
        "    (id: \"i-where\", title: \"Where to cut\", part: 2, at: \"1h30m\", when: Sent(\"i{last}\"), channel: InPerson, from: \"The analyst on duty\", to: [\"ic\", \"platform\"], text: \"We see several places at which we could stop this. Each of them stops something else as well. Where do we begin?\","
    ));
    line(
        "      hidden: (probes: [\"What stops working, for whom, and who is told?\", \"Is what you need as evidence kept by now?\"], red_flags: [\"The place is cut that is easiest, and nobody asks what is left.\"]), decision: \"d-cut\"),",
    );
    line(
        "    (id: \"i-hour\", title: \"The authority asks\", part: 3, at: \"20h\", when: Sent(\"i-where\"), channel: Phone, from: \"The supervisory authority\", to: [\"privacy\", \"ic\"], text: \"We have heard about {data.title}. Since when do you know, and do you intend to notify?\",",
    );
    line(
        "      expect: [(id: \"name-the-hour\", role: \"privacy\", action: \"Names one hour, the reason for it, and where it was written down.\", within: Play(\"10m\"), task: \"judge-the-risk\", emits: [\"controller-aware\"]),",
    );
    line(
        "        (id: \"count-people\", role: \"data\", action: \"Says how many people it is about ({data.count} by the model), with a label for how sure that is.\", within: Play(\"20m\"), task: \"judge-the-risk\")], decision: \"d-notify\"),",
    );
    line(
        "    (id: \"i-end\", title: \"The end\", part: 3, at: \"22h\", when: Sent(\"i-hour\"), channel: InPerson, from: \"The commander\", text: \"Last round. What is still open, who has it, and by which day?\",",
    );
    line(
        "      expect: [(id: \"prove-closed\", role: \"platform\", action: \"Shows by a test, as the attacker would, that every part of the way is refused.\", within: Play(\"20m\"), task: \"cut-the-path\", emits: [\"contained\"]),",
    );
    line(
        "        (id: \"follow-up-owner\", role: \"ic\", action: \"Ends with follow-ups, each with one owner and one day.\", within: Play(\"20m\"), task: \"learn-from-it\", emits: [\"recovered\"])]),",
    );
    line("  ],");
    line("  decisions: [");
    line(
        "    (id: \"d-cut\", question: \"Where is it cut first?\", owner: \"ic\", power: \"take-offline\", informs: [\"platform\", \"app\"], options: [",
    );
    for (scene, cut) in scenes.iter().filter_map(|scene| Some((scene, scene.own_cut()?))) {
        line(&format!(
            "      (id: \"cut-{}\", text: {}, emits: [\"containment-ordered\"]{}),",
            scene.number,
            quoted(&format!("{}: {}.", capitalised(cut.verb.word()), cut.title)),
            effects(std::iter::once(scene))
        ));
    }
    line(
        "      (id: \"watch\", text: \"Nowhere yet: watch it, and find out more.\", follows: \"It goes on while you look.\"),",
    );
    line(&format!(
        "      (id: \"all-at-once\", text: \"Everywhere at once, whatever stops with it.\", emits: [\"containment-ordered\"]{}),",
        effects(scenes.iter().filter(|scene| scene.own_cut().is_some()))
    ));
    line("    ]),");
    line(
        "    (id: \"d-notify\", question: \"Notify the supervisory authority, and the people?\", owner: \"privacy\", power: \"notify-authority\", informs: [\"ic\", \"executive\"], options: [",
    );
    line(
        "      (id: \"both\", text: \"The authority and the people.\"),\n      (id: \"authority\", text: \"The authority alone, for now.\"),\n      (id: \"nobody\", text: \"Nobody, and write down why.\"),\n    ]),",
    );
    line("  ],");
    line("  objectives: [(id: \"o1\", text: \"See the way, cut it, and judge what it cost.\", targets: [");
    line("    (id: \"t-way\", text: \"The way is seen as a whole, and cut where it is shown to be cut.\", tasks: [");
    line(
        "      (id: \"see-the-path\", text: \"Each step is seen, or somebody says how it could be.\"),\n      (id: \"cut-the-path\", text: \"The way is cut, and tested as the attacker would.\"),\n    ]),",
    );
    line("    (id: \"t-judge\", text: \"Risk and follow-ups are with those who may.\", tasks: [");
    line(
        "      (id: \"take-command\", text: \"Somebody is in command, and everybody knows who.\"),\n      (id: \"judge-the-risk\", text: \"The hour and the people are written down.\"),\n      (id: \"learn-from-it\", text: \"Every follow-up has one owner and one day.\"),\n    ]),",
    );
    line("  ])],");
    if about_people {
        line(
            "  duties: [(rule: \"gdpr-33-1\", role: \"privacy\", argue: \"From which of the signals on was it certain enough?\")],",
        );
    }
    line(")");
    out
}

/// The injects of a step: as it is seen, and as it comes to light where nobody said how it could be.
fn inject(source: &Source<'_>, scene: &Scene, last: usize, line: &mut impl FnMut(&str)) {
    let Scene { number, .. } = scene;
    let row = template(scene.kind);
    let at = scene.cut.as_ref().map_or(scene.to.as_str(), |cut| cut.title.as_str());
    let fill = |text: &str| text.replace("{from}", &scene.from).replace("{to}", &scene.to).replace("{at}", at);
    let when = if *number == 1 { "Always".to_owned() } else { format!("Sent(\"i{}\")", number - 1) };
    let minutes = number * 10 - 10;
    line(&format!(
        "    (id: \"i{number}\", title: {}, part: {}, at: \"{minutes}m\", when: {when}, channel: Alert, from: \"Monitoring\", to: [\"soc\", \"ic\"], text: {},",
        quoted(&format!("Step {number}, seen")),
        if number * 2 <= last { 1 } else { 2 },
        quoted(&fill(row.seen))
    ));
    line(&format!(
        "      hidden: (truth: {}, probes: [\"Who would see this on an ordinary day, and where?\", \"What is the next step from here?\"]),",
        quoted(&format!("Behind it: {} {}", scene.sentence, row.lost))
    ));
    let controls: Vec<String> = scene.controls.iter().map(|slug| format!("\"{slug}\"")).collect();
    let evidence = match scene.controls.first() {
        Some(first) => {
            let id = ElementId::new(Section::Controls, first.clone());
            let title = quoted(&safe(source.model.title_of(&id)));
            format!(", control: {title}, controls: [{}], proves: Demonstrated", controls.join(", "))
        }
        None => String::new(),
    };
    let detected = if *number == 1 { ", emits: [\"detected\"]" } else { "" };
    line(&format!(
        "      expect: [(id: \"see-{number}\", role: \"soc\", action: {}, within: Play(\"10m\"), task: \"see-the-path\"{detected}),",
        quoted(&format!("Says by which record step {number} can be seen, looks at it, and keeps it."))
    ));
    if *number == 1 {
        line(
            "        (id: \"name-commander\", role: \"ic\", action: \"Takes command aloud, and names a deputy and a scribe.\", within: Play(\"15m\"), task: \"take-command\", emits: [\"mobilised\"]),",
        );
    }
    if let Some(cut) = &scene.cut {
        line(&format!(
            "        (id: \"stop-{number}\", role: \"platform\", action: {}, within: Story(\"4h\"), task: \"cut-the-path\"{evidence}{}),",
            quoted(&format!("Stops step {number} ({} {}), and shows that it is refused.", cut.verb.word(), cut.title)),
            effects(std::iter::once(scene))
        ));
    }
    line("      ]),");
    line(&format!(
        "    (id: \"i{number}c\", title: {}, kind: Contingency, part: 2, at: \"{}m\", when: Missing(\"see-{number}\"), channel: Ticket, from: \"Somebody outside of the room\", to: [\"ic\"], text: {}),",
        quoted(&format!("Step {number}, unseen")),
        minutes + 40,
        quoted(&fill(row.unseen))
    ));
}

/// What cuts these steps, as effects.
fn effects<'s>(scenes: impl Iterator<Item = &'s Scene>) -> String {
    let one = |scene: &'s Scene| {
        let cut = scene.cut.as_ref()?;
        Some(format!("(does: {:?}, to: \"step-{}\")", cut.verb, scene.first))
    };
    let all: Vec<String> = scenes.filter_map(one).collect();
    if all.is_empty() { String::new() } else { format!(", effects: [{}]", all.join(", ")) }
}

fn capitalised(word: &str) -> String {
    let mut chars = word.chars();
    chars.next().map_or(String::new(), |first| first.to_uppercase().chain(chars).collect())
}
