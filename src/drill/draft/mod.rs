//! A draft of a scenario from an attack path of a model: an inject for each step, what cuts it, and what has to be decided.
//! It is text to edit; the same model and path give the same text. What is the same in every draft is in `skeleton.ron` and
//! `inject.ron`, what a step looks like in `templates`.

mod templates;

use crate::analysis::attack::graph::{Graph, Position, Step};
use crate::analysis::attack::kinds::Kind;
use crate::analysis::attack::paths::Path;
use crate::analysis::attack::{Who, words};
use crate::drill::binding::fill;
use crate::drill::containment::Verb;
use crate::model::reflect::to_ron;
use crate::model::text::{Text, one_line};
use crate::model::{ElementId, Model, Section, Slug};
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

/// A text with values between its signs: `@name@`. Values are not looked through again, whatever they hold.
fn put(text: &str, values: &[(&str, String)]) -> String {
    let mut out = String::with_capacity(text.len() * 2);
    for (at, part) in text.split('@').enumerate() {
        let value = values.iter().find(|(name, _)| at % 2 == 1 && *name == part);
        out.push_str(value.map_or(part, |(_, value)| value));
    }
    out
}

/// The text of a scenario with a name.
pub fn draft(source: &Source<'_>, id: &Slug) -> String {
    let scenes = source.scenes();
    let title = safe(source.model.title_of(&ElementId::new(Section::Datasets, source.dataset.clone())));
    let data = source.model.datasets.get(source.dataset);
    let count = data.and_then(|data| data.subject_count);
    let is_about_people = data.is_some_and(|data| data.subject_count.is_some() || !data.subjects.is_empty());
    let own_cuts = || scenes.iter().filter_map(|scene| Some((scene, scene.own_cut()?)));
    let queries = own_cuts().map(|(Scene { number, .. }, cut)| {
        let about = quoted(&format!("Where step {number} can be cut: {}.", cut.title));
        let (subject, condition) = (cut.subject, quoted(&cut.condition));
        format!("    (id: \"step-{number}\", about: {about}, of: {subject}, where: {condition}, otherwise: {{}}),\n")
    });
    let cuts = own_cuts().map(|(scene, cut)| {
        let text = quoted(&format!("{}: {}.", capitalised(cut.verb.word()), cut.title));
        let effects = effects(std::iter::once(scene));
        let number = scene.number;
        format!("        (id: \"cut-{number}\", text: {text}, emits: [\"containment-ordered\"]{effects}),\n")
    });
    let duties = "  duties: [(rule: \"gdpr-33-1\", role: \"privacy\", argue: \"From which of the signals on was it certain enough?\")],\n";
    let values = [
        ("id", id.to_string()),
        ("title", quoted(&format!("A way to {title}"))),
        ("about", quoted(&format!("Rehearse seeing, cutting and judging one way to {title}."))),
        ("playbook", PLAYBOOK.to_owned()),
        ("data_is", quoted(&format!("dataset.id == '{}'", source.dataset))),
        ("data", quoted(&title)),
        ("count", quoted(&count.map_or("an unknown number".to_owned(), |count| count.to_string()))),
        ("queries", queries.collect()),
        ("attacker", source.who.first().map_or(String::new(), |who| who.name.clone())),
        ("injects", scenes.iter().map(|scene| inject(source, scene, scenes.len())).collect()),
        ("last", scenes.len().to_string()),
        ("cuts", cuts.collect()),
        ("all_cuts", effects(scenes.iter().filter(|scene| scene.own_cut().is_some()))),
        ("duties", if is_about_people { duties.to_owned() } else { String::new() }),
    ];
    put(include_str!("skeleton.ron"), &values)
}

/// The injects of a step: as it is seen, and as it comes to light where nobody said how it could be.
fn inject(source: &Source<'_>, scene: &Scene, last: usize) -> String {
    let number = scene.number;
    let row = template(scene.kind);
    let at = scene.cut.as_ref().map_or(scene.to.as_str(), |cut| cut.title.as_str());
    let told = |text: &str| {
        let parts = [("from", &scene.from), ("to", &scene.to), ("at", &at.to_owned())];
        let parts = parts.map(|(name, words)| (name.to_owned(), Text::new(words)));
        quoted(&fill(text, &parts.into_iter().collect()))
    };
    let minutes = (number - 1) * 10;
    let is_first = number == 1;
    let mut more = String::new();
    if is_first {
        more.push_str("        (id: \"name-commander\", role: \"ic\", action: \"Takes command aloud, and names a deputy and a scribe.\", within: Play(\"15m\"), task: \"take-command\", emits: [\"mobilised\"]),\n");
    }
    if let Some(cut) = &scene.cut {
        let action =
            quoted(&format!("Stops step {number} ({} {}), and shows that it is refused.", cut.verb.word(), cut.title));
        let (evidence, effects) = (evidence(source.model, scene), effects(std::iter::once(scene)));
        more.push_str(&format!("        (id: \"stop-{number}\", role: \"platform\", action: {action}, within: Story(\"4h\"), task: \"cut-the-path\"{evidence}{effects}),\n"));
    }
    let values = [
        ("n", number.to_string()),
        ("part", if number * 2 <= last { "1" } else { "2" }.to_owned()),
        ("minutes", minutes.to_string()),
        ("late", (minutes + 40).to_string()),
        ("when", if is_first { "Always".to_owned() } else { format!("Sent(\"i{}\")", number - 1) }),
        ("seen", told(row.seen)),
        ("unseen", told(row.unseen)),
        ("truth", quoted(&format!("Behind it: {} {}", scene.sentence, row.lost))),
        ("detected", if is_first { ", emits: [\"detected\"]".to_owned() } else { String::new() }),
        ("more", more),
    ];
    put(include_str!("inject.ron"), &values)
}

/// The controls that guard a step: that it is stopped is evidence for them.
fn evidence(model: &Model, scene: &Scene) -> String {
    let Some(first) = scene.controls.first() else { return String::new() };
    let title = quoted(&safe(model.title_of(&ElementId::new(Section::Controls, first.clone()))));
    let controls: Vec<String> = scene.controls.iter().map(|slug| format!("\"{slug}\"")).collect();
    format!(", control: {title}, controls: [{}], proves: Demonstrated", controls.join(", "))
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
