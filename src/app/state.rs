//! What the workbench knows: the model and its history, what is selected, what is shown, what is asked.

use super::attackers::{Attack, Attackers, Shown};
use super::badge::Known;
use super::choosing::Choosing;
use super::command::CommandId;
use super::config::{Settings, Theme};
use super::controls::ControlsScreen;
use super::drag::Drag;
use super::drills::{DrillEffect, Drills};
use super::frame::Frame;
use super::judging::{Inquiry, Judging};
use super::key::Key;
use super::keymap::Keymap;
use super::layer::{EvidenceDraft, Layer, Styled};
use super::list::Cursor;
use super::map::{Map, Room};
use super::outline::Outline;
use super::queue::Queue;
use super::threats::Threats;
use super::toast::Toasts;
use super::touched::Touched;
use super::tutor::Tutor;
use super::walk::Walk;
use crate::analysis::access::{Access, direct, effective, effective_after};
use crate::analysis::evidence::{Circumstances, Controls, Looks};
use crate::analysis::exposure::Matrix;
use crate::analysis::journey::journey;
use crate::analysis::threats::RuleSet;
use crate::diagram::{Graph, Size};
use crate::model::edit::{Edit, History};
use crate::model::facts::{Day, Operation};
use crate::model::reflect::Step;
use crate::model::validate::{Checked, Problem, validate};
use crate::model::wording::Wording;
use crate::model::{Element, ElementId, Model, Section, Slug};
use crate::store::ron::wording::commented;
use crate::store::ron::{ElementLines, weave};
use std::cell::OnceCell;
use std::collections::BTreeSet;
use std::path::PathBuf;
use std::sync::{Arc, LazyLock};

/// A screen.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Screen {
    /// Elements, boundaries and flows.
    #[default]
    Map,
    /// Who can do what with which dataset.
    Exposure,
    /// What the rules say.
    Threats,
    /// Who may attack, and on which paths.
    Attackers,
    /// What stands against it, and what shows that.
    Controls,
    /// What is rehearsed.
    Drills,
}

impl Screen {
    /// Every screen, in the order of their keys.
    pub const ALL: [Screen; 6] =
        [Screen::Map, Screen::Exposure, Screen::Threats, Screen::Attackers, Screen::Controls, Screen::Drills];

    /// What it is called.
    pub fn name(self) -> &'static str {
        match self {
            Screen::Map => "Map",
            Screen::Exposure => "Exposure",
            Screen::Threats => "Threats",
            Screen::Attackers => "Attackers",
            Screen::Controls => "Controls",
            Screen::Drills => "Drills",
        }
    }

    /// The digit of its key.
    pub fn digit(self) -> u8 {
        match self {
            Screen::Map => 1,
            Screen::Exposure => 2,
            Screen::Threats => 3,
            Screen::Attackers => 4,
            Screen::Controls => 5,
            Screen::Drills => 7,
        }
    }
}

/// A part of the screen that can have the focus.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Pane {
    /// The tree on the left.
    Outline,
    /// The middle.
    #[default]
    Main,
    /// The facts on the right.
    Inspector,
}

/// The cursor in the inspector.
#[derive(Debug, Clone, Default)]
pub struct Inspector {
    /// The facts.
    pub list: Cursor,
    /// Records and maps whose inside is shown.
    pub open: BTreeSet<Vec<Step>>,
    /// Shows only what matches.
    pub filter: String,
}

/// The exposure screen as the person left it.
#[derive(Debug, Clone, Default)]
pub struct Exposure {
    /// The columns.
    pub roles: Cursor,
    /// The rows.
    pub datasets: Cursor,
    /// Whether declared grants alone are shown.
    pub direct: bool,
    /// The operation that is shown, or all of them.
    pub op: Option<Operation>,
    /// Shows only datasets and roles that match.
    pub filter: String,
}

/// What follows from the model, kept until the model changes. What not every screen shows is computed when it is first
/// asked for.
#[derive(Debug, Clone, Default)]
pub struct Derived {
    /// Effective access.
    pub effective: Arc<Access>,
    /// Every control as it stands today.
    pub controls: Controls,
    /// What is wrong with the model as it is now.
    pub checked: Checked,
    /// The elements that are otherwise in the file.
    unsaved: BTreeSet<ElementId>,
    direct: OnceCell<Access>,
    effective_matrix: OnceCell<Matrix>,
    direct_matrix: OnceCell<Matrix>,
    is_dirty: OnceCell<bool>,
    /// Of which revision, and on which day.
    of: Option<(u64, Option<Day>)>,
}

/// What `update` wants done outside of the state.
#[derive(Debug, Clone, PartialEq)]
pub enum Effect {
    /// End the program.
    Quit,
    /// Write the model to its file.
    Save,
    /// Write the model to another file.
    SaveCopy(PathBuf),
    /// Read the file again and drop unsaved edits.
    Reload,
    /// Note an edit in the journal.
    Journal(Edit),
    /// Take up edits that an earlier session did not save, or drop them.
    Recover(bool),
    /// Open a text in the person's editor; the answer comes as a message.
    OpenEditor(ElementId),
    /// Put a text on the clipboard.
    Clipboard(String),
    /// Lay this out on the worker.
    Arrange(Arc<Graph>),
    /// Choose on the worker what the map draws.
    Choose(Box<Choosing>),
    /// Ask the rules on the worker.
    Judge(Box<Inquiry>),
    /// Look at the evidence of the model; whether somebody asked for it.
    Look(bool),
    /// Compute the checksum of the file that this names.
    Hash(Box<EvidenceDraft>),
    /// Stop until the shell lets the program go on.
    Suspend,
    /// Take the mouse, or give it back to the terminal.
    Mouse(bool),
    /// Do something with files of drills.
    Drill(DrillEffect),
}

/// Rows of the inspector above its first fact.
pub const INSPECTOR_TOP_ROWS: usize = 4;
/// Rows of the inspector that are no facts: those above, and the explanation below.
pub const INSPECTOR_EXTRA_ROWS: usize = INSPECTOR_TOP_ROWS + 5;

/// Columns that the header keeps for the file and whether it is saved, before names of screens stand closer together, and
/// before most of them are left out.
const ROOM_FOR_FILE: [i32; 2] = [32, 20];

/// The names of the screens and where they stand in the header, in columns: with room around them where there is some, and
/// where there is little as digits, but for the one that is shown.
pub fn tab_places(app: &App) -> Vec<(std::ops::Range<i32>, Screen, String)> {
    if app.size.0 < 40 || app.drills.alone {
        return Vec::new();
    }
    let room = ROOM_FOR_FILE.map(|columns| i32::from(app.size.0) - columns);
    let whole = |screen: Screen| format!(" {} {} ", screen.digit(), screen.name());
    let tight = |screen: Screen| format!("{} {}", screen.digit(), screen.name());
    let digits = |screen: Screen| if screen == app.screen { tight(screen) } else { screen.digit().to_string() };
    let place = |name: &dyn Fn(Screen) -> String| {
        let mut x = 1;
        let places = Screen::ALL.iter().map(|screen| {
            let text = name(*screen);
            let width = i32::try_from(text.len()).unwrap_or(0);
            let place = x..x + width;
            x += width + 1;
            (place, *screen, text)
        });
        places.collect::<Vec<_>>()
    };
    let end = |places: &[(std::ops::Range<i32>, Screen, String)]| places.last().map_or(0, |(range, ..)| range.end);
    let (wide, close) = (place(&whole), place(&tight));
    if end(&wide) <= room[0] {
        wide
    } else if end(&close) <= room[1] {
        close
    } else {
        place(&digits)
    }
}

/// The whole state.
#[derive(Debug, Clone)]
pub struct App {
    /// The model, to be shared with whoever works on it beside the loop: an edit meanwhile copies it.
    pub model: Arc<Model>,
    /// Its edits.
    pub history: History,
    /// Grows with every change of the model.
    pub revision: u64,
    /// The model as it stands in the file.
    pub saved: Model,
    /// The text of the file, which has the comments; empty where there is no file.
    pub saved_text: String,
    /// What the file is called.
    pub file: String,
    /// What is wrong in the file, as lines to read.
    pub problems: Vec<Styled>,
    /// The line in the file on which an element begins.
    pub lines: Arc<ElementLines>,
    /// The screen.
    pub screen: Screen,
    /// The pane that has the focus, if it is shown.
    pub wanted: Pane,
    /// Whether the outline is shown; nothing: where there is room.
    pub outline_shown: Option<bool>,
    /// Whether the inspector is shown; nothing: where there is room.
    pub inspector_shown: Option<bool>,
    /// Columns and rows of the terminal.
    pub size: (u16, u16),
    cursor: Option<ElementId>,
    /// The marked elements.
    pub marked: BTreeSet<ElementId>,
    /// The tree on the left.
    pub outline: Outline,
    /// The facts on the right.
    pub inspector: Inspector,
    /// The map.
    pub map: Map,
    /// The exposure screen.
    pub exposure: Exposure,
    /// The threats screen.
    pub threats: Threats,
    /// The attackers screen.
    pub attackers: Attackers,
    /// The question queue.
    pub queue: Queue,
    /// The walk through STRIDE and LINDDUN.
    pub walk: Walk,
    /// The controls screen.
    pub controls: ControlsScreen,
    /// The drills screen.
    pub drills: Drills,
    /// What was seen of the evidence; nothing where nobody looked.
    pub looks: Option<Looks>,
    /// The rules that are asked; read when the first of them is, so that nobody waits for them at the start.
    pub rules: Arc<LazyRules>,
    /// Why the workspace's own rules can not be used: nothing is judged by a part of the rules.
    pub rules_error: Option<String>,
    /// The day on which the model is judged; without it what depends on the day is unknown.
    pub today: Option<Day>,
    /// What asks for something, the topmost last.
    pub layers: Vec<Layer>,
    /// The keys of a sequence that is not finished.
    pub pending: Vec<Key>,
    /// Messages.
    pub toasts: Toasts,
    /// Keys.
    pub keymap: Keymap,
    /// The user's settings.
    pub settings: Settings,
    /// The palette that is used.
    pub theme: Theme,
    /// Whether the mouse belongs to the program.
    pub mouse: bool,
    /// What was copied.
    pub copied: Vec<(ElementId, Element)>,
    /// The walk through the most used keys.
    pub tutor: Option<Tutor>,
    /// What the mouse drags.
    pub drag: Option<Drag>,
    /// Whether the first picture is there, so that the rules may be asked without anybody waiting for it.
    pub rested: bool,
    /// Whether the selection went to another box of the map just now and may go on at once: the panes beside the map follow
    /// when it rests, and a held key has no more to send over a slow line than what changes on the map.
    pub hurried: bool,
    /// What is to be done outside, in order.
    pub effects: Vec<Effect>,
    derived: Derived,
    since_derived: Touched,
    since_drawn: Touched,
    pub(super) judging: Judging,
    attack: Option<(u64, Vec<Slug>, Arc<Attack>)>,
    shown: Option<(u64, Attackers, Arc<Shown>)>,
}

impl App {
    /// The workbench with a model.
    pub fn new(model: Model, file: impl Into<String>, settings: Settings) -> App {
        let problems = validate(&model);
        App::opened(model, problems, file, settings)
    }

    /// The workbench with a model that was just read, and with what [`validate`] found wrong with it then.
    pub fn opened(model: Model, problems: Vec<Problem>, file: impl Into<String>, settings: Settings) -> App {
        let (keymap, complaints) = settings.keymap();
        let mut toasts = Toasts::default();
        for complaint in complaints {
            toasts.say(super::toast::Tone::Warning, complaint);
        }
        let map = Map::new(&model);
        let mut app = App {
            saved: model.clone(),
            map,
            model: Arc::new(model),
            history: History::default(),
            revision: 0,
            saved_text: String::new(),
            file: file.into(),
            problems: Vec::new(),
            lines: Arc::default(),
            screen: Screen::Map,
            wanted: Pane::Main,
            outline_shown: None,
            inspector_shown: None,
            size: (80, 24),
            cursor: None,
            marked: BTreeSet::new(),
            outline: Outline::default(),
            inspector: Inspector::default(),
            exposure: Exposure::default(),
            threats: Threats::default(),
            attackers: Attackers::default(),
            queue: Queue::default(),
            walk: Walk::default(),
            controls: ControlsScreen::default(),
            drills: Drills::default(),
            looks: None,
            rules: Arc::new(LazyLock::new(Box::new(shipped_rules))),
            rules_error: None,
            today: None,
            layers: Vec::new(),
            pending: Vec::new(),
            toasts,
            keymap,
            theme: settings.theme,
            mouse: settings.mouse,
            settings,
            copied: Vec::new(),
            tutor: None,
            drag: None,
            rested: false,
            hurried: false,
            effects: Vec::new(),
            derived: Derived::default(),
            judging: Judging::default(),
            since_derived: Touched::default(),
            since_drawn: Touched::default(),
            attack: None,
            shown: None,
        };
        // It is what was saved, and no edit was made.
        let effective = Arc::new(effective(&app.model));
        app.derive_with(Checked::of(problems), BTreeSet::new(), effective);
        app
    }

    /// The selected element.
    pub fn cursor(&self) -> Option<&ElementId> {
        self.cursor.as_ref()
    }

    /// Selects an element, and forgets where the cursor was among its facts.
    pub fn select(&mut self, id: Option<ElementId>) {
        // The picture may still be that of before an edit that took it away.
        let id = id.filter(|id| self.model.has(id.section, id.slug.as_str()));
        if self.cursor != id {
            self.inspector = Inspector::default();
            // A map inside is what the element is about: the fields of a dataset are shown at once.
            self.inspector.open.insert(vec![Step::Field("fields")]);
        }
        self.cursor = id;
    }

    /// What an element is called in a sentence: a flow without a title by its ends.
    pub fn name_of(&self, id: &ElementId) -> String {
        let flow = self.model.flows.get(&id.slug).filter(|flow| id.section == Section::Flows && flow.title.is_empty());
        let Some(flow) = flow else { return self.model.title_of(id).to_owned() };
        let end = |slug: &Slug| match self.model.node(slug.as_str()) {
            Some(id) => self.model.title_of(&id).to_owned(),
            None => slug.to_string(),
        };
        format!("{} → {}", end(flow.from.slug()), end(flow.to.slug()))
    }

    /// The marked elements, or the selected one where none is marked.
    pub fn targets(&self) -> Vec<ElementId> {
        if self.marked.is_empty() {
            self.cursor.iter().cloned().collect()
        } else {
            self.marked.iter().cloned().collect()
        }
    }

    /// Whether there are edits that are not in the file.
    pub fn is_dirty(&self) -> bool {
        let (model, saved) = (&*self.model, &self.saved);
        let says_else = |differs: bool| differs || (&model.title, &model.about) != (&saved.title, &saved.about);
        // Asked for every frame: of models of thousands of elements it is known which are otherwise.
        match self.derived.of == Some((self.revision, self.today)) {
            _ if self.revision == 0 => false,
            true => {
                let is_dirty = || says_else(!self.derived.unsaved.is_empty()) || self.is_reworded();
                *self.derived.is_dirty.get_or_init(is_dirty)
            }
            false => model != saved || self.is_reworded(),
        }
    }

    /// Whether a save would change comments, where it would change no fact.
    fn is_reworded(&self) -> bool {
        !self.model.wordings.is_empty()
            && weave(&self.saved_text, &self.saved, &self.model).is_ok_and(|text| text != self.saved_text)
    }

    /// The file holds the model as it is, with every wording.
    pub fn note_saved(&mut self) {
        Arc::make_mut(&mut self.model).wordings.clear();
        self.saved = Model::clone(&self.model);
        self.derived.unsaved.clear();
        self.derived.is_dirty = OnceCell::new();
    }

    /// The texts of those elements that people commented, as a save would write them now.
    pub fn commented(&self, ids: &[ElementId]) -> Vec<(ElementId, Wording)> {
        match weave(&self.saved_text, &self.saved, &self.model) {
            Ok(text) => commented(&text, ids),
            Err(_) => Vec::new(),
        }
    }

    /// The pane that has the focus: the wanted one if it is shown.
    pub fn focus(&self) -> Pane {
        let frame = self.frame();
        let shown = match self.wanted {
            Pane::Outline => frame.outline.is_some(),
            Pane::Inspector => frame.inspector.is_some(),
            Pane::Main => true,
        };
        if shown { self.wanted } else { Pane::Main }
    }

    /// The most important key of a command, as help shows it.
    pub fn key(&self, id: CommandId) -> String {
        self.keymap.keys_of(id).into_iter().next().unwrap_or_else(|| super::command::spec(id).name.to_owned())
    }

    /// Where the parts of the screen are.
    pub fn frame(&self) -> Frame {
        Frame::new(self)
    }

    /// Columns and rows of the map's canvas.
    pub fn canvas(&self) -> Size {
        let main = self.frame().main;
        Size { width: main.width, height: main.height }
    }

    /// The room that there is for the map.
    pub fn room(&self) -> Room {
        Frame::room(self)
    }

    /// What follows from the model.
    pub fn derived(&self) -> &Derived {
        &self.derived
    }

    /// Computes again what follows from the model, if it changed.
    pub fn derive(&mut self) {
        if self.derived.of == Some((self.revision, self.today)) {
            return;
        }
        let mut then = std::mem::take(&mut self.derived);
        let revision = then.of.map(|(revision, _)| revision);
        match revision.and_then(|revision| self.since_derived.take(revision, self.revision)) {
            Some(before) => {
                let is_other = |id: &&ElementId| !self.model.agrees_on(id, &self.saved);
                then.unsaved.retain(|id| !before.contains_key(id));
                then.unsaved.extend(before.keys().filter(is_other).cloned());
                then.checked.follow(&self.model, &before);
                then.effective = effective_after(&self.model, &then.effective, &before);
            }
            None => {
                then.unsaved = self.model.differences(&self.saved);
                then.checked = Checked::new(&self.model);
                then.effective = Arc::new(effective(&self.model));
            }
        }
        self.derive_with(then.checked, then.unsaved, then.effective);
    }

    fn derive_with(&mut self, checked: Checked, unsaved: BTreeSet<ElementId>, effective: Arc<Access>) {
        self.derived = Derived {
            effective,
            controls: Controls::new(&self.model, self.circumstances()),
            checked,
            unsaved,
            of: Some((self.revision, self.today)),
            ..Derived::default()
        };
        // They are of the model before, and are not brought up to date at once.
        if !self.marks_findings() {
            self.forget_judged();
        }
        // A journey follows the model; one of data that is gone has ended, and a path may be gone with any edit.
        let journey_of_data = self.map.journey.take().filter(|journey| journey.title.is_none());
        let cargo = journey_of_data.map(|journey| journey.cargo);
        let cargo = cargo.filter(|cargo| self.model.datasets.contains_key(&cargo.dataset));
        self.map.journey = cargo.map(|cargo| journey(&self.model, &self.derived.effective, &cargo));
        let known = Known::new(&self.model, self.derived.effective.clone(), self.derived.checked.problems())
            .with_controls(&self.model, &self.derived.controls);
        self.map.noticed.append(&mut known.differences(&self.map.known));
        self.map.known = Arc::new(known);
    }

    /// Tells the map which edits were made since it was drawn, if nothing else changed the model.
    pub fn tell_map(&mut self) {
        let drawn = self.map.drawn().map(|(revision, _)| *revision);
        if let Some(drawn) = drawn.filter(|drawn| *drawn != self.revision) {
            self.map.edited = self.since_drawn.take(drawn, self.revision);
        }
    }

    /// On what judgements depend beside the model.
    pub fn circumstances(&self) -> Circumstances<'_> {
        Circumstances { today: self.today, looks: self.looks.as_ref() }
    }

    /// What follows from the model is to be computed anew, although the model is the same: something else that it depends
    /// on has changed.
    pub fn forget_derived(&mut self) {
        self.revision += 1;
    }

    /// Notes an edit that is about to be made, so that what follows from the model need not be worked out anew.
    pub fn note(&mut self, edit: &Edit) {
        self.since_derived.note(self.revision, &self.model, edit);
        self.since_drawn.note(self.revision, &self.model, edit);
        self.note_for_rules(edit);
    }

    /// What attackers can do: with the revision for which that was last looked at, see [`App::attack_now`].
    pub fn attack(&self) -> &Attack {
        static NOTHING: LazyLock<Attack> = LazyLock::new(Attack::default);
        self.attack.as_ref().map_or(&NOTHING, |(.., attack)| attack)
    }

    /// The same, to be held while the state changes.
    pub fn attack_shared(&self) -> Arc<Attack> {
        self.attack.as_ref().map(|(.., attack)| attack.clone()).unwrap_or_default()
    }

    /// Whether what attackers can do was looked at since the model changed, and what is looked at as if it were lost.
    pub(super) fn is_attack_current(&self) -> bool {
        let same =
            |(revision, lost, _): &(u64, Vec<Slug>, _)| *revision == self.revision && *lost == self.attackers.lost;
        self.attack.as_ref().is_some_and(same)
    }

    /// Looks at what attackers can do, if that is not current.
    pub fn attack_now(&mut self) {
        self.derive();
        if !self.is_attack_current() {
            let derived = &self.derived;
            let attack = Attack::new(&self.model, &derived.effective, &derived.controls, &self.attackers.lost);
            self.take_attack(self.attackers.lost.clone(), attack);
        }
        // A filter may have taken the row away on which the cursor stood.
        let rows = super::attackers::rows(self).len();
        self.attackers.list.clamp(rows);
        let same = |shown: &(u64, Attackers, Arc<Shown>)| shown.0 == self.revision && shown.1.shows_as(&self.attackers);
        if !self.shown.as_ref().is_some_and(same) {
            self.shown = Some((self.revision, self.attackers.clone(), Arc::new(Shown::new(self))));
        }
    }

    /// Takes what attackers can do with the model as it is, without some controls.
    pub(super) fn take_attack(&mut self, lost: Vec<Slug>, attack: Attack) {
        self.attack = Some((self.revision, lost, Arc::new(attack)));
    }

    /// Nothing is known of what attackers can do any more.
    pub(super) fn forget_attack(&mut self) {
        (self.attack, self.shown) = (None, None);
    }

    /// Whether somebody still looks at what attackers can do.
    pub fn awaits_attack(&self) -> bool {
        self.attack.is_none()
    }

    /// What is shown of the attacker under the cursor, as it was last worked out.
    pub fn shown(&self) -> &Shown {
        static NOTHING: LazyLock<Shown> = LazyLock::new(Shown::default);
        self.shown.as_ref().map_or(&NOTHING, |(.., shown)| shown)
    }

    /// The facts and the matrix that the exposure screen shows.
    pub fn exposure_data(&self) -> (&Access, &Matrix) {
        match self.exposure.direct {
            true => (self.direct(), self.derived.direct_matrix.get_or_init(|| Matrix::new(&self.model, self.direct()))),
            false => (&self.derived.effective, self.effective_matrix()),
        }
    }

    /// Declared grants.
    pub fn direct(&self) -> &Access {
        self.derived.direct.get_or_init(|| direct(&self.model))
    }

    /// Roles × datasets by effective access.
    pub fn effective_matrix(&self) -> &Matrix {
        self.derived.effective_matrix.get_or_init(|| Matrix::new(&self.model, &self.derived.effective))
    }

    /// The roles and datasets that the exposure screen shows: those that match the filter. A word of the filter may
    /// name either; a filter that names roles leaves all datasets, and the other way round.
    pub fn exposure_axes(&self) -> (Vec<&Slug>, Vec<&Slug>) {
        let matrix = self.exposure_data().1;
        let filter = &self.exposure.filter;
        let named = |slugs: &'_ Vec<Slug>, section: Section| -> Vec<usize> {
            let matches = |slug: &Slug| {
                if filter.is_empty() {
                    return true;
                }
                let node = self.model.node(slug.as_str()).filter(|_| section.is_node());
                let id = node.unwrap_or_else(|| ElementId::new(section, slug.clone()));
                super::fuzzy::filter_matches(filter, &[slug.as_str(), self.model.title_of(&id)])
            };
            slugs.iter().enumerate().filter(|(_, slug)| matches(slug)).map(|(at, _)| at).collect()
        };
        let all = |slugs: &'_ Vec<Slug>| -> Vec<usize> { (0..slugs.len()).collect() };
        let mut roles = named(&matrix.roles, Section::Roles);
        let mut datasets = named(&matrix.datasets, Section::Datasets);
        match (roles.is_empty(), datasets.is_empty()) {
            (true, false) => roles = all(&matrix.roles),
            (false, true) => datasets = all(&matrix.datasets),
            (false, false) if !filter.is_empty() && roles.len() < matrix.roles.len() => {
                // Both match: the word most likely names datasets, of which there are many.
                roles = all(&matrix.roles);
            }
            _ => {}
        }
        (
            roles.into_iter().map(|at| &matrix.roles[at]).collect(),
            datasets.into_iter().map(|at| &matrix.datasets[at]).collect(),
        )
    }
}

/// Rules that are read when the first of them is asked.
pub type LazyRules = LazyLock<RuleSet, Box<dyn FnOnce() -> RuleSet + Send>>;

/// The rules that are shipped. That they can be read and asked is tested.
fn shipped_rules() -> RuleSet {
    crate::library::rule::shipped().and_then(RuleSet::new).unwrap_or_default()
}
