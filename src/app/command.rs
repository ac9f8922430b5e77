//! The one table of commands: what can be done, with which keys, where, and why not when it can not.
//!
//! Keymap, which-key, palette, help, hints in the status line, man page and the cheat sheet in the documentation are
//! made from it. A command that is not in here does not exist.

use super::drills::{self, Face};
use super::projection::Zoom;
use super::state::{App, Pane, Screen};
use crate::model::Section;

/// Where the keys of a command work.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Scope {
    /// Everywhere but in a layer that asks for something.
    Global,
    /// On the canvas of the map.
    Map,
    /// In the outline.
    Outline,
    /// In the inspector.
    Inspector,
    /// On the exposure screen.
    Exposure,
    /// On the threats screen.
    Threats,
    /// On the attackers screen.
    Attackers,
    /// On the controls screen.
    Controls,
    /// On the drills screen: what there is to play, and what was played.
    Drills,
    /// On the board of an open drill, whoever looks.
    Board,
    /// On the board of whoever runs the drill.
    Console,
    /// On the board of whoever rates it.
    Evaluation,
    /// On the board of somebody who plays alone.
    Solo,
    /// In a list that asks to choose: palette, picker.
    Picker,
    /// In a line that asks for text.
    Prompt,
    /// In a question that asks to confirm.
    Confirm,
    /// In a text to read: help, history of messages, proofs.
    Reader,
    /// In the question queue.
    Queue,
    /// In the walk.
    Walk,
}

impl Scope {
    /// Every scope, in the order of help.
    pub const ALL: [Scope; 19] = [
        Scope::Global,
        Scope::Map,
        Scope::Outline,
        Scope::Inspector,
        Scope::Exposure,
        Scope::Threats,
        Scope::Attackers,
        Scope::Controls,
        Scope::Drills,
        Scope::Board,
        Scope::Console,
        Scope::Evaluation,
        Scope::Solo,
        Scope::Picker,
        Scope::Prompt,
        Scope::Confirm,
        Scope::Reader,
        Scope::Queue,
        Scope::Walk,
    ];

    /// As configuration and headings write it.
    pub fn name(self) -> &'static str {
        match self {
            Scope::Global => "global",
            Scope::Map => "map",
            Scope::Outline => "outline",
            Scope::Inspector => "inspector",
            Scope::Exposure => "exposure",
            Scope::Threats => "threats",
            Scope::Attackers => "attackers",
            Scope::Controls => "controls",
            Scope::Drills => "drills",
            Scope::Board => "board of a drill",
            Scope::Console => "console of a drill",
            Scope::Evaluation => "evaluation of a drill",
            Scope::Solo => "drill alone",
            Scope::Picker => "picker",
            Scope::Prompt => "prompt",
            Scope::Confirm => "confirm",
            Scope::Reader => "reader",
            Scope::Queue => "queue",
            Scope::Walk => "walk",
        }
    }

    /// The scope whose keys work beside its own. An open drill has keys of its own for everything, so that no key of the
    /// model is pressed by mistake, and a player's terminal leads nowhere else.
    pub fn behind(self) -> Option<Scope> {
        match self {
            Scope::Map
            | Scope::Outline
            | Scope::Inspector
            | Scope::Exposure
            | Scope::Threats
            | Scope::Attackers
            | Scope::Controls
            | Scope::Drills => Some(Scope::Global),
            Scope::Console | Scope::Evaluation | Scope::Solo => Some(Scope::Board),
            _ => None,
        }
    }

    /// Whether its keys work where those of the whole program do not: in a layer over the screen, in an open drill.
    pub fn is_layer(self) -> bool {
        self != Scope::Global && self.behind() != Some(Scope::Global)
    }
}

/// A row of the table.
#[derive(Debug)]
pub struct Command {
    /// The command.
    pub id: CommandId,
    /// As configuration writes it.
    pub name: &'static str,
    /// What it does, in two or three words.
    pub title: &'static str,
    /// What it does, in a sentence.
    pub doc: &'static str,
    /// Where its keys work.
    pub scope: Scope,
    /// The keys, the most important first; configuration may replace them.
    pub keys: &'static [&'static str],
    /// Why it can not be done now; nothing where it can.
    pub why_not: fn(&App) -> Option<&'static str>,
}

macro_rules! commands {
    ($( $id:ident $name:literal $scope:ident [$($key:literal),*] $title:literal $doc:literal $(, $why_not:expr)?; )*) => {
        /// A command.
        #[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
        pub enum CommandId { $( #[doc = $doc] $id ),* }

        /// The table.
        pub static COMMANDS: &[Command] = &[$( Command {
            id: CommandId::$id,
            name: $name,
            title: $title,
            doc: $doc,
            scope: Scope::$scope,
            keys: &[$($key),*],
            why_not: commands!(@why $($why_not)?),
        } ),*];
    };
    (@why) => { |_| None };
    (@why $why_not:expr) => { $why_not };
}

commands! {
    // Everywhere.
    Palette "palette" Global [":", "<Space><Space>"] "Commands" "Search every command by name, meaning or key, and run it.";
    Help "help" Global ["?", "<F1>"] "Help" "Show the keys that work here, and what they do.";
    Back "back" Global ["<Esc>"] "Back" "Go one level out: end a selection, a filter, a view. Never loses anything.";
    ScreenMap "screen-map" Global ["1"] "Map" "Show the map: elements, boundaries and flows.";
    ScreenExposure "screen-exposure" Global ["2"] "Exposure" "Show who can do what with which dataset.";
    ScreenThreats "screen-threats" Global ["3"] "Threats" "Show what the rules say: threats, questions, what is answered.";
    ScreenAttackers "screen-attackers" Global ["4"] "Attackers" "Show who may attack, what each reaches, on which paths, and what stands in the way.";
    ScreenControls "screen-controls" Global ["5"] "Controls" "Show what stands against threats, and whether its evidence still holds.";
    ScreenDrills "screen-drills" Global ["7"] "Drills" "Show what incidents there are to rehearse, what was rehearsed, and the drill that is open.";
    Questions "questions" Global ["Q"] "Questions" "Ask what to find out next, what decides most first: one question, and what each answer would change.";
    Guardrails "guardrails" Global ["<Space>g"] "Guardrails" "List the controls that stand alone before data worth guarding, and the attackers whom nothing stops; enter goes there.", no_elements;
    Walk "walk" Global ["W"] "Walk" "Go through STRIDE and LINDDUN element by element: raise a threat, dismiss with a reason, or move on.", no_elements;
    NextPane "next-pane" Global ["<Tab>"] "Next pane" "Move the focus to the next pane.";
    PreviousPane "previous-pane" Global ["<BackTab>"] "Previous pane" "Move the focus to the previous pane.";
    ToggleOutline "toggle-outline" Global ["<Space>o"] "Outline" "Show or hide the outline.";
    ToggleInspector "toggle-inspector" Global ["<Space>i"] "Inspector" "Show or hide the inspector.";
    Filter "filter" Global ["/"] "Filter" "Show only what matches a text.";
    Find "find" Global ["<Space>f"] "Find element" "Search any element by its name and go there.", no_elements;
    Undo "undo" Global ["u"] "Undo" "Take the last edit back.", |app| app.history.undo_names().next().is_none().then_some("there is nothing to undo");
    Redo "redo" Global ["U"] "Redo" "Make the edit again that was taken back last.", |app| app.history.redo_names().next().is_none().then_some("there is nothing to redo");
    Save "save" Global ["<Space>s"] "Save" "Write the model to its file.";
    SaveCopy "save-copy" Global ["<Space>S"] "Save a copy" "Write the model to another file.";
    Reload "reload" Global ["<Space>R"] "Reload" "Read the model from its file again.";
    Quit "quit" Global ["q", "<Space>q"] "Quit" "End the program; asks first where edits are not saved.";
    Messages "messages" Global ["<Space>n"] "Messages" "Show the messages of this session.";
    Problems "problems" Global ["<Space>p"] "Problems" "Show what is wrong in the model file, with its place.";
    Suspend "suspend" Global ["<C-z>"] "Suspend" "Go back to the shell; fg brings the workbench back.";
    ToggleMouse "toggle-mouse" Global ["<Space>m"] "Mouse" "Give the mouse to the program, or back to the terminal to select text.";
    ToggleTheme "toggle-theme" Global ["<Space>t"] "Light or dark" "Switch between the light and the dark palette.";
    Journey "journey" Global ["zj"] "Journey" "Show everywhere a dataset or one of its fields goes, who can read it there, and what is done to it.", |app| {
        let dataset = app.cursor().is_some_and(|id| id.section == crate::model::Section::Datasets);
        (!dataset && app.map.journey.is_none()).then_some("select a dataset first")
    };
    Legend "legend" Global ["<Space>l"] "Legend" "Say what the shapes, lines, labels and badges on the map mean.";
    Tutor "tutor" Global ["<Space>?"] "Tutor" "Walk through the ten most used keys on this model.";

    // Editing.
    AddActor "add-actor" Global ["aa"] "Add actor" "Add somebody or something outside that uses the system.";
    AddService "add-service" Global ["as"] "Add service" "Add a platform, gateway, job, connector or workflow.";
    AddEndpoint "add-endpoint" Global ["ae"] "Add endpoint" "Add a place at which data can be asked for or changed.";
    AddDataset "add-dataset" Global ["ad"] "Add dataset" "Add a table, view, collection, bucket or sheet.";
    AddBoundary "add-boundary" Global ["ab"] "Add boundary" "Add a trust boundary; what is marked moves into it.";
    AddRole "add-role" Global ["ar"] "Add role" "Add a role of callers.";
    AddGrant "add-grant" Global ["ag"] "Add grant" "Let a role do something with a dataset at an endpoint.", |app| {
        (app.model.roles.is_empty() || app.model.endpoints.is_empty())
            .then_some("a grant needs a role and an endpoint: add them first")
    };
    AddFields "add-fields" Global ["af"] "Add fields" "Add fields to the dataset; several at once, with commas between them.", |app| {
        let dataset = app.cursor().is_some_and(|id| id.section == Section::Datasets);
        (!dataset).then_some("select a dataset first")
    };
    AddScenario "add-scenario" Global ["aS"] "Add scenario" "Add an abuse scenario about the selected element, or the dataset to which paths are shown.", |app| {
        super::update::attackers::scenario_about(app).is_none().then_some("select an actor, service, endpoint or dataset first")
    };
    AddControl "add-control" Global ["al"] "Add control" "Add a control of the library: for the selected element, or against the threat under the cursor.";
    AddOther "add-other" Global ["ax"] "Add other" "Add a person, party, class, control, attacker ... : any element.";
    Edit "edit" Global ["e"] "Edit facts" "Go to the facts of the selected element to change them.", no_cursor;
    EditRon "edit-ron" Global ["E"] "Edit as RON" "Open the element's text in your editor ($VISUAL or $EDITOR).", no_cursor;
    Rename "rename" Global ["r"] "Rename" "Change the title; the slug stays, so nothing that refers to it breaks.", no_cursor;
    RenameModel "rename-model" Global ["<Space>r"] "Rename model" "Change the title of the model.";
    Connect "connect" Global ["c"] "Connect" "Draw a flow from the selected element to another.", |app| {
        let node = app.cursor().is_some_and(|id| id.section.is_node());
        (!node).then_some("select an actor, service, endpoint or dataset first")
    };
    MoveInto "move-into" Global ["m"] "Move into" "Put the selected or marked elements into a boundary.", no_cursor;
    Delete "delete" Global ["d", "<Delete>"] "Delete" "Take the selected or marked elements out; shows first what hangs on them.", no_cursor;
    Copy "copy" Global ["y"] "Copy" "Copy the selected or marked elements; their RON also goes to the clipboard.", no_cursor;
    Paste "paste" Global ["p"] "Paste" "Put copies of what was copied beside it.", |app| app.copied.is_empty().then_some("copy something first");
    Mark "mark" Global ["v"] "Mark" "Mark or unmark the selected element; edits then work on all marked ones.", no_cursor;
    MarkAll "mark-all" Global ["V"] "Mark all" "Mark everything that is shown, or nothing if all of it is marked.";

    // The map.
    GoLeft "left" Map ["h", "<Left>"] "Left" "Select the nearest element to the left.";
    GoDown "down" Map ["j", "<Down>"] "Down" "Select the nearest element below.";
    GoUp "up" Map ["k", "<Up>"] "Up" "Select the nearest element above.";
    GoRight "right" Map ["l", "<Right>"] "Right" "Select the nearest element to the right.";
    PanLeft "pan-left" Map ["H", "<S-Left>"] "Pan left" "Move the view to the left; the next step begins in it.";
    PanDown "pan-down" Map ["J", "<S-Down>"] "Pan down" "Move the view down; the next step begins in it.";
    PanUp "pan-up" Map ["K", "<S-Up>"] "Pan up" "Move the view up; the next step begins in it.";
    PanRight "pan-right" Map ["L", "<S-Right>"] "Pan right" "Move the view to the right; the next step begins in it.";
    PushLeft "push-left" Map ["<A-h>", "<A-Left>"] "Push left" "Move the selected box one step to the left and pin it there.", no_node;
    PushDown "push-down" Map ["<A-j>", "<A-Down>"] "Push down" "Move the selected box one step down and pin it there.", no_node;
    PushUp "push-up" Map ["<A-k>", "<A-Up>"] "Push up" "Move the selected box one step up and pin it there.", no_node;
    PushRight "push-right" Map ["<A-l>", "<A-Right>"] "Push right" "Move the selected box one step to the right and pin it there.", no_node;
    Unpin "unpin" Map ["="] "Unpin" "Let the layout place the marked boxes again, or all where none is marked.";
    ZoomIn "zoom-in" Map ["+"] "Zoom in" "Show more of each element; at the end the selected one alone, with all that is known of it and its flows.";
    ZoomOut "zoom-out" Map ["-"] "Zoom out" "Show less of each element, and more elements.";
    Center "center" Map ["0"] "Center" "Bring the selected element to the middle.";
    Fit "fit" Map ["f"] "Fit" "Show as much of each element as lets the whole map fit.";
    Fold "fold" Map ["<Enter>", "o"] "Open or close" "Open or close a boundary or a stack; on an element, go to its facts.";
    FoldAll "fold-all" Map ["zm"] "Fold all" "Close every boundary.";
    UnfoldAll "unfold-all" Map ["zr"] "Unfold all" "Open every boundary and every stack.";
    Turn "turn" Map ["t"] "Turn" "Let flows run down or to the right.";
    Around "around" Map ["zz"] "Around this" "Show only the selected element and what it is joined to.", no_cursor;
    MoreHops "more-hops" Map ["]"] "One hop more" "Show one hop more around the selected element.";
    FewerHops "fewer-hops" Map ["["] "One hop fewer" "Show one hop fewer around the selected element.";
    ToggleAccess "toggle-access" Map ["x"] "Access" "Show or hide roles, and the access that grants imply.";
    GoLabel "go-label" Map ["gw"] "Go by label" "Show two letters on every element; type them to go there.";
    GoOut "go-out" Map ["go"] "Follow out" "Go along a flow that starts here; on a flow, go to its end.", no_cursor;
    GoIn "go-in" Map ["gi"] "Follow in" "Go against a flow that ends here; on a flow, go to its beginning.", no_cursor;
    NextFlow "next-flow" Map ["n"] "Next flow" "Select the flows of the selected element one after the other; while a filter is set, the boxes that match.", no_start;
    PreviousFlow "previous-flow" Map ["N"] "Previous flow" "Select the flow before of the selected element; while a filter is set, the box before that matches.", no_start;
    GoParent "go-parent" Map ["gp"] "Go to boundary" "Select the boundary around the selected element.", no_cursor;
    ToggleMinimap "toggle-minimap" Map ["gm"] "Minimap" "Show or hide the minimap, which stands in a corner where not all boxes are in view.";
    MarkRegion "mark-region" Map ["gv"] "Mark region" "Mark all boxes between this one and the one to which you move; enter ends it, escape takes it back.", no_node;
    JumpBack "jump-back" Map ["<lt>"] "Jump back" "Go back to the element selected before.";
    JumpForward "jump-forward" Map [">"] "Jump forward" "Go forward again.";

    // The outline.
    OutlineDown "outline-down" Outline ["j", "<Down>"] "Down" "Go one line down.";
    OutlineUp "outline-up" Outline ["k", "<Up>"] "Up" "Go one line up.";
    OutlineOpen "outline-open" Outline ["l", "<Right>"] "Open" "Open the branch.";
    OutlineClose "outline-close" Outline ["h", "<Left>"] "Close" "Close the branch, or go to the branch around.";
    OutlineEnter "outline-enter" Outline ["<Enter>"] "Go" "Open or close the branch; on an element, show it on the map.";
    OutlineFirst "outline-first" Outline ["gg", "<Home>"] "First" "Go to the first line.";
    OutlineLast "outline-last" Outline ["G", "<End>"] "Last" "Go to the last line.";
    OutlinePageDown "outline-page-down" Outline ["<PageDown>"] "Page down" "Go one page down.";
    OutlinePageUp "outline-page-up" Outline ["<PageUp>"] "Page up" "Go one page up.";

    // The inspector.
    FieldDown "field-down" Inspector ["j", "<Down>"] "Down" "Go to the next fact.";
    FieldUp "field-up" Inspector ["k", "<Up>"] "Up" "Go to the fact before.";
    FieldChange "field-change" Inspector ["<Enter>"] "Change" "Change the fact, or open what is inside of it.";
    FieldUnknown "field-unknown" Inspector ["<Backspace>", "X"] "Unknown" "Say that the fact is unknown, or take the entry out.";
    FieldConfirm "field-confirm" Inspector ["!"] "Confirm" "Turn an assumption into a known fact, or back.";
    FieldGo "field-go" Inspector ["gd", "l", "<Right>"] "Go to" "Go to the element to which the fact refers.";
    FieldFirst "field-first" Inspector ["gg", "<Home>"] "First" "Go to the first fact.";
    FieldLast "field-last" Inspector ["G", "<End>"] "Last" "Go to the last fact.";
    FieldPageDown "field-page-down" Inspector ["<PageDown>"] "Page down" "Go one page down.";
    FieldPageUp "field-page-up" Inspector ["<PageUp>"] "Page up" "Go one page up.";

    // The exposure screen.
    CellLeft "cell-left" Exposure ["h", "<Left>"] "Left" "Go to the role to the left.";
    CellDown "cell-down" Exposure ["j", "<Down>"] "Down" "Go to the next dataset.";
    CellUp "cell-up" Exposure ["k", "<Up>"] "Up" "Go to the dataset before.";
    CellRight "cell-right" Exposure ["l", "<Right>"] "Right" "Go to the role to the right.";
    CellFirst "cell-first" Exposure ["gg", "<Home>"] "First" "Go to the first dataset.";
    CellLast "cell-last" Exposure ["G", "<End>"] "Last" "Go to the last dataset.";
    CellPageDown "cell-page-down" Exposure ["<PageDown>"] "Page down" "Go one page down.";
    CellPageUp "cell-page-up" Exposure ["<PageUp>"] "Page up" "Go one page up.";
    CellProof "cell-proof" Exposure ["<Enter>"] "Proof" "Show the facts of this cell with the path that proves them, down to file and line.";
    ToggleDirect "toggle-direct" Exposure ["x"] "Direct or effective" "Switch between declared grants alone and computed access.";
    NextOperation "next-operation" Exposure ["o"] "Operation" "Show reading, creating, updating, deleting, or all of them.";
    ShowOnMap "show-on-map" Exposure ["gm"] "On the map" "Show the dataset on the map.";

    // The threats screen.
    ThreatDown "threat-down" Threats ["j", "<Down>"] "Down" "Go to the next row.";
    ThreatUp "threat-up" Threats ["k", "<Up>"] "Up" "Go to the row before.";
    ThreatFirst "threat-first" Threats ["gg", "<Home>"] "First" "Go to the first row.";
    ThreatLast "threat-last" Threats ["G", "<End>"] "Last" "Go to the last row.";
    ThreatPageDown "threat-page-down" Threats ["<PageDown>"] "Page down" "Go one page down.";
    ThreatPageUp "threat-page-up" Threats ["<PageUp>"] "Page up" "Go one page up.";
    ThreatProof "threat-proof" Threats ["<Enter>"] "Why" "Show why: every part of the rule's conditions with its answer. On a question, ask it.";
    NextList "next-list" Threats ["o"] "Other list" "Switch between threats, questions, what is answered, decided, out of scope, and what does not apply.";
    GroupBy "group-by" Threats ["b"] "Group by" "Put threats under their rule, what they are about, or their kind by STRIDE and LINDDUN.";
    DecideAccept "decide-accept" Threats ["ta"] "Accept" "Bear the threat until a day.";
    DecideMitigate "decide-mitigate" Threats ["tm"] "Mitigate" "Say which controls stand against the threat.";
    DecideTransfer "decide-transfer" Threats ["tt"] "Transfer" "Say who else bears the threat.";
    DecideNot "decide-not" Threats ["tn"] "Not applicable" "Say why the threat can not happen here.";
    ThreatOnMap "threat-on-map" Threats ["gm"] "On the map" "Show on the map what it is about.";

    // The attackers screen.
    AttackerDown "attacker-down" Attackers ["j", "<Down>"] "Down" "Go to the next attacker.";
    AttackerUp "attacker-up" Attackers ["k", "<Up>"] "Up" "Go to the attacker before.";
    AttackerFirst "attacker-first" Attackers ["gg", "<Home>"] "First" "Go to the first attacker.";
    AttackerLast "attacker-last" Attackers ["G", "<End>"] "Last" "Go to the last attacker.";
    AttackerPageDown "attacker-page-down" Attackers ["<PageDown>"] "Page down" "Go one page down.";
    AttackerPageUp "attacker-page-up" Attackers ["<PageUp>"] "Page up" "Go one page up.";
    AttackerPaths "attacker-paths" Attackers ["<Enter>"] "Read all" "Show all of it: the profile, its reach, the paths with their proof, what guards them.", no_attacker;
    NextGoal "next-goal" Attackers ["l", "<Right>"] "Next dataset" "Show the paths to the next dataset.", no_goal;
    PreviousGoal "previous-goal" Attackers ["h", "<Left>"] "Dataset before" "Show the paths to the dataset before.", no_goal;
    NextPath "next-path" Attackers ["n"] "Next path" "Choose the next of the paths that are shown.", no_path;
    ToggleChange "toggle-change" Attackers ["x"] "Read or change" "Switch between paths that end with having data and those that end with changing it.", no_goal;
    AdoptProfile "adopt-profile" Attackers ["i"] "Take in" "Make the profile of the library an attacker of this model, to be changed and argued about.", |app| {
        let at = super::attackers::current(app).and_then(|at| app.attack().who.get(at));
        at.is_none_or(|who| who.own.is_some()).then_some("select a profile of the library first")
    };
    LoseControl "lose-control" Attackers ["w"] "Without" "Look at everything as if some controls were lost.", |app| {
        app.model.controls.is_empty().then_some("the model has no control: ax adds one")
    };
    PathOnMap "path-on-map" Attackers ["gm"] "Path on the map" "Show the chosen path on the map.", no_path;
    ReachOnMap "reach-on-map" Attackers ["gr"] "Reach on the map" "Show everything that the attacker reaches on the map.", no_attacker;
    MakeScenario "make-scenario" Attackers ["s"] "Make scenario" "Make the chosen path an abuse scenario of the model.", no_path;
    Scenarios "scenarios" Attackers ["o"] "Scenarios" "Show every abuse scenario, and whether the model still lets it happen.", |app| {
        app.model.scenarios.is_empty().then_some("the model has no scenario: s makes one of a path, aS one of a kind")
    };
    // The controls screen.
    ControlDown "control-down" Controls ["j", "<Down>"] "Down" "Go to the next control.";
    ControlUp "control-up" Controls ["k", "<Up>"] "Up" "Go to the control before.";
    ControlFirst "control-first" Controls ["gg", "<Home>"] "First" "Go to the first control.";
    ControlLast "control-last" Controls ["G", "<End>"] "Last" "Go to the last control.";
    ControlPageDown "control-page-down" Controls ["<PageDown>"] "Page down" "Go one page down.";
    ControlPageUp "control-page-up" Controls ["<PageUp>"] "Page up" "Go one page up.";
    ControlRead "control-read" Controls ["<Enter>"] "Read" "Show the whole control: its evidence, what it answers, what opens if it fails.", no_control;
    AddEvidence "add-evidence" Controls ["n"] "Add evidence" "Add a file, a test, a commit, a link, a review or a drill that speaks for or against the control.", no_control;
    LookAtEvidence "look-at-evidence" Controls ["o"] "Look at evidence" "Look whether the files, tests and commits are still what they were.";
    ControlStatus "control-status" Controls ["s"] "Status" "Say how far the control has come.", no_control;
    ControlRetire "control-retire" Controls ["x"] "Retire" "Retire the control; shows first what opens then.", no_control;
    ControlThreats "control-threats" Controls ["gt"] "Its threats" "Go to a threat that the control answers, or that is open again since its evidence does not hold.", no_control;
    ControlOnMap "control-on-map" Controls ["gm"] "On the map" "Show on the map what the control guards.", no_control;

    // The drills screen.
    DrillDown "drill-down" Drills ["j", "<Down>"] "Down" "Go to the next row.";
    DrillUp "drill-up" Drills ["k", "<Up>"] "Up" "Go to the row before.";
    DrillFirst "drill-first" Drills ["gg", "<Home>"] "First" "Go to the first row.";
    DrillLast "drill-last" Drills ["G", "<End>"] "Last" "Go to the last row.";
    DrillPageDown "drill-page-down" Drills ["<PageDown>"] "Page down" "Go one page down.";
    DrillPageUp "drill-page-up" Drills ["<PageUp>"] "Page up" "Go one page up.";
    DrillOpen "drill-open" Drills ["<Enter>"] "Begin or go on" "Begin a drill of this scenario, or go on with this one; a drill that is over is shown.", drills::no_row;
    DrillAlone "drill-alone" Drills ["s"] "Play alone" "Play this scenario or go on with this drill alone: the program is the facilitator.", drills::no_row;
    DrillStarter "drill-starter" Drills ["b"] "Short form" "Begin the short form of this scenario, of about twenty minutes.", drills::no_starter;
    DrillFollow "drill-follow" Drills ["w"] "Watch" "Look at this drill without writing, also while another program runs it.", drills::no_log;
    DrillRead "drill-read" Drills ["i"] "Read" "Read all about this row: what it is about, and what it is bound to on this model.", drills::no_row;
    DrillLook "drill-look" Drills ["o"] "Look again" "Read scenarios and logs of the workspace again.";

    // An open drill, whoever looks.
    BoardDown "board-down" Board ["j", "<Down>"] "Down" "Go to the next row.";
    BoardUp "board-up" Board ["k", "<Up>"] "Up" "Go to the row before.";
    BoardPageDown "board-page-down" Board ["<PageDown>"] "Page down" "Go ten rows down.";
    BoardPageUp "board-page-up" Board ["<PageUp>"] "Page up" "Go ten rows up.";
    BoardFirst "board-first" Board ["gg", "<Home>"] "First" "Go to the first row.";
    BoardLast "board-last" Board ["G", "<End>"] "Last" "Go to the last row.";
    BoardNext "board-next" Board ["<Tab>"] "Next pane" "Go to the next pane.", drills::no_pane;
    BoardPrevious "board-previous" Board ["<BackTab>"] "Previous pane" "Go to the pane before.", drills::no_pane;
    BoardRead "board-read" Board ["f"] "In full" "Read the whole pane.", drills::no_pane;
    BoardFilter "board-filter" Board ["/"] "Filter" "Show only rows that match a text.", drills::no_pane;
    BoardBack "board-back" Board ["<Esc>"] "Back" "Go one level out: end a filter, go back to the console, to the map. The drill stays open.";
    BoardClose "board-close" Board ["q"] "Close" "Close the drill; its log stays, and it can be gone on with.";
    BoardHelp "board-help" Board ["?", "<F1>"] "Help" "Show the keys that work here, and what they do.";
    BoardPalette "board-palette" Board ["<Space><Space>"] "Commands" "Search every command of the drill, and run it.";
    BoardMessages "board-messages" Board ["<Space>n"] "Messages" "Show the messages of this session.";
    BoardTheme "board-theme" Board ["<Space>t"] "Light or dark" "Switch between the light and the dark palette.";
    BoardSuspend "board-suspend" Board ["<C-z>"] "Suspend" "Go back to the shell; fg brings the drill back.";

    // The console of whoever runs a drill.
    ConsoleDo "console-do" Console ["<Enter>"] "Do" "Do what the row offers: send, tick, decide, take or end work, note a submission, seat somebody.", drills::no_writing;
    ConsoleSend "console-send" Console ["s"] "Send" "Send the inject under the cursor, or the next one that is due.", drills::no_writing;
    ConsoleReword "console-reword" Console ["r"] "Reword" "Change what an inject says: before it is sent, or in that it is sent once more.", drills::no_writing;
    ConsoleResend "console-resend" Console ["R"] "Send again" "Send the inject once more, as it was.", drills::no_writing;
    ConsoleSkip "console-skip" Console ["x"] "Skip" "Leave an inject out, with the reason.", drills::no_writing;
    ConsoleHold "console-hold" Console ["h"] "Hold" "Hold an inject back, or set it free again.", drills::no_writing;
    ConsoleAck "console-ack" Console ["a"] "Has it" "Note that a role says that it has the inject.", drills::no_writing;
    ConsoleTick "console-tick" Console ["t"] "Tick" "Note that an expected action was seen.", drills::no_writing;
    ConsoleDecide "console-decide" Console ["d"] "Decide" "Note what was decided, by whom, and why.", drills::no_writing;
    ConsoleWork "console-work" Console ["wn"] "New work" "Open a task for a role.", drills::no_writing;
    ConsoleTake "console-take" Console ["wt"] "Take" "Note that the owner begins with a piece of work.", drills::no_writing;
    ConsoleDone "console-done" Console ["wd"] "Done" "Note that a piece of work is done.", drills::no_writing;
    ConsoleAssign "console-assign" Console ["wa"] "Assign" "Give a piece of work to another role.", drills::no_writing;
    ConsoleReopen "console-reopen" Console ["wr"] "Reopen" "Note that a piece of work was not done after all, and why.", drills::no_writing;
    ConsoleMilestone "console-milestone" Console ["m"] "Milestone" "Note that something happened in the story: a milestone, or what starts a legal clock.", drills::no_writing;
    ConsoleSubmit "console-submit" Console ["o"] "Notified" "Note that a notification went out.", drills::no_writing;
    NoteGap "note-gap" Console ["ng"] "Gap" "Write down that something is missing.", drills::no_writing;
    NoteQuestion "note-question" Console ["nq"] "Question" "Write down what nobody could answer; players see it as unknown.", drills::no_writing;
    NoteAssumption "note-assumption" Console ["na"] "Assumption" "Write down what the team takes for granted; players see it as believed.", drills::no_writing;
    NoteRuling "note-ruling" Console ["nr"] "Ruling" "Rule what everybody takes as given; players see it as known.", drills::no_writing;
    NoteParking "note-parking" Console ["np"] "Parking lot" "Write down something for later.", drills::no_writing;
    NoteQuote "note-quote" Console ["nu"] "Quote" "Write down what somebody said.", drills::no_writing;
    NoteAction "note-action" Console ["nn"] "Action" "Write down what was done.", drills::no_writing;
    NoteFollowUp "note-follow-up" Console ["nf"] "Follow-up" "Write down a follow-up in real life: one owner, one day.", drills::no_writing;
    ConsoleSeat "console-seat" Console ["e"] "Seat" "Say who plays a role, and whether they only stand in.", drills::no_writing;
    ConsolePause "console-pause" Console ["p"] "Pause" "Stop the clock of play, or let it go on.", drills::no_writing;
    ConsoleJump "console-jump" Console ["J"] "Jump" "Let the story jump ahead.", drills::no_writing;
    ConsoleScale "console-scale" Console ["c"] "Scale" "Say how many seconds of the story pass in a second of play.", drills::no_writing;
    ConsoleWait "console-wait" Console ["W"] "Wait" "Let time pass, where it is made up.", |app| {
        drills::no_writing(app).or_else(|| drills::real_time(app))
    };
    ConsoleUndo "console-undo" Console ["u"] "Undo" "Take the last event back with a new one.", drills::no_writing;
    ConsoleUndoChosen "console-undo-chosen" Console ["U"] "Undo one" "Take back one of the events before.", drills::no_writing;
    ConsoleType "console-type" Console [":"] "Type" "Type a command of the console, as drill run takes it.";
    ConsoleEvaluation "console-evaluation" Console ["v"] "Rate" "Show objectives, targets and critical tasks, and rate them.";
    ConsoleProjector "console-projector" Console ["V"] "Projector" "Show what everybody in the room may see, in large letters.";
    ConsolePlayer "console-player" Console ["P"] "As a player" "Show what one role sees.";
    ConsoleNames "console-names" Console ["N"] "Names" "Show the names that typed commands need.";
    ConsoleHistory "console-history" Console ["H"] "History" "Show every event with its number.";
    ConsoleEnd "console-end" Console ["E"] "End" "End the drill; notes, ratings and follow-ups can still come.", drills::no_writing;

    // The board of an evaluator.
    RateP "rate-p" Evaluation ["P"] "Done" "Rate the task P: done, and nothing else suffered. Asks for the observation.", drills::no_task;
    RateS "rate-s" Evaluation ["S"] "Could be better" "Rate the task S: done, and it could have gone better.", drills::no_task;
    RateM "rate-m" Evaluation ["M"] "With harm" "Rate the task M: done, but other work suffered, or the plan was not followed.", drills::no_task;
    RateU "rate-u" Evaluation ["U"] "Not done" "Rate the task U: not done in a way that achieved the objective.", drills::no_task;
    ObserveStrength "observe-strength" Evaluation ["+"] "Strength" "Write down something that went well.", drills::no_writing;
    ObserveImprovement "observe-improvement" Evaluation ["-"] "To improve" "Write down an area for improvement.", drills::no_writing;
    ObserveNeutral "observe-neutral" Evaluation ["=", "n"] "Observation" "Write down what was done, without judging it.", drills::no_writing;
    EvaluationUndo "evaluation-undo" Evaluation ["u"] "Undo" "Take back what was rated or written last.", drills::no_writing;

    // The board of somebody who plays alone.
    SoloNote "solo-note" Solo ["a"] "What I do" "Write down what you do.", drills::no_writing;
    SoloCheck "solo-check" Solo ["t"] "Check" "Compare with what was expected, and tick what you did. It gives away what was expected.", drills::no_writing;
    SoloDecide "solo-decide" Solo ["d"] "Decide" "Decide what waits for a decision.", drills::no_writing;
    SoloHint "solo-hint" Solo ["h"] "Hint" "Get a question or a hint about what was sent last.", drills::no_writing;
    SoloOn "solo-on" Solo ["<Enter>", "n"] "Go on" "Let the story jump to what comes next.", drills::no_writing;
    SoloSubmit "solo-submit" Solo ["o"] "Notified" "Note that a notification went out.", drills::no_writing;
    SoloPause "solo-pause" Solo ["p"] "Pause" "Stop the clock of play, or let it go on.", drills::no_writing;
    SoloUndo "solo-undo" Solo ["u"] "Undo" "Take the last event back.", drills::no_writing;
    SoloEnd "solo-end" Solo ["E"] "End" "End the drill, and see the truth.", drills::no_writing;

    // Layers.
    PickDown "pick-down" Picker ["<Down>", "<C-j>"] "Down" "Go to the next line.";
    PickUp "pick-up" Picker ["<Up>", "<C-k>"] "Up" "Go to the line before.";
    PickPageDown "pick-page-down" Picker ["<PageDown>"] "Page down" "Go one page down.";
    PickPageUp "pick-page-up" Picker ["<PageUp>"] "Page up" "Go one page up.";
    PickAccept "pick-accept" Picker ["<Enter>"] "Choose" "Choose this.";
    PickMark "pick-mark" Picker ["<Tab>"] "Mark" "Mark this, where several may be chosen.";
    PickCancel "pick-cancel" Picker ["<Esc>"] "Cancel" "Choose nothing.";
    PromptAccept "prompt-accept" Prompt ["<Enter>"] "Accept" "Take the text.";
    PromptCancel "prompt-cancel" Prompt ["<Esc>"] "Cancel" "Leave everything as it was.";
    ConfirmYes "confirm-yes" Confirm ["y"] "Yes" "Do it.";
    ConfirmNo "confirm-no" Confirm ["n", "<Esc>"] "No" "Leave everything as it was.";
    ReaderDown "reader-down" Reader ["j", "<Down>"] "Down" "Go one line down.";
    ReaderUp "reader-up" Reader ["k", "<Up>"] "Up" "Go one line up.";
    ReaderPageDown "reader-page-down" Reader ["<PageDown>", "<Space>"] "Page down" "Go one page down.";
    ReaderPageUp "reader-page-up" Reader ["<PageUp>"] "Page up" "Go one page up.";
    ReaderFirst "reader-first" Reader ["gg", "<Home>"] "First" "Go to the first line.";
    ReaderLast "reader-last" Reader ["G", "<End>"] "Last" "Go to the last line.";
    QueueDown "queue-down" Queue ["j", "<Down>"] "Down" "Go to the next answer.";
    QueueUp "queue-up" Queue ["k", "<Up>"] "Up" "Go to the answer before.";
    QueueAnswer "queue-answer" Queue ["<Enter>"] "Answer" "Give the answer under the cursor; where there is none to choose, type it.";
    Answer1 "answer-one" Queue ["1"] "Answer 1" "Give answer 1.";
    Answer2 "answer-two" Queue ["2"] "Answer 2" "Give answer 2.";
    Answer3 "answer-three" Queue ["3"] "Answer 3" "Give answer 3.";
    Answer4 "answer-four" Queue ["4"] "Answer 4" "Give answer 4.";
    Answer5 "answer-five" Queue ["5"] "Answer 5" "Give answer 5.";
    Answer6 "answer-six" Queue ["6"] "Answer 6" "Give answer 6.";
    Answer7 "answer-seven" Queue ["7"] "Answer 7" "Give answer 7.";
    Answer8 "answer-eight" Queue ["8"] "Answer 8" "Give answer 8.";
    Answer9 "answer-nine" Queue ["9"] "Answer 9" "Give answer 9.";
    QueueType "queue-type" Queue ["t"] "Type" "Type the answer.";
    QueueAgain "queue-again" Queue ["."] "Same again" "Give the answer that was given last to the same question about something else.";
    QueueSkip "queue-skip" Queue ["s", "<Tab>"] "Skip" "Go to the next question; this one comes again at the end.";
    QueuePark "queue-park" Queue ["p"] "Park" "Put the question into the parking lot of the model, or take it out again.";
    QueueAssign "queue-assign" Queue ["a"] "Assign" "Give the question to somebody: a follow-up that is open until it is answered.";
    QueueWhose "queue-whose" Queue ["w"] "Whose" "Go through the questions of the whole model, about the selected element, of one person, or those put aside.";
    QueueWaits "queue-waits" Queue ["v"] "What waits" "Show every verdict that waits for the answer.";
    QueueFact "queue-fact" Queue ["e"] "Go to the fact" "Close the queue and go to the fact that is asked for.";
    QueueUndo "queue-undo" Queue ["u"] "Take back" "Take the last answer back, and ask again.";
    QueueClose "queue-close" Queue ["<Esc>", "q", "Q"] "Close" "Close the queue; it goes on where it was.";
    WalkAdd "walk-add" Walk ["a"] "Raise" "Raise a threat of this kind at this element.";
    WalkDismiss "walk-dismiss" Walk ["d", "x"] "Dismiss" "Say why it can not happen here, and go on.";
    WalkOn "walk-on" Walk ["<Enter>", "n"] "Move on" "Note that nothing came to mind, and go on.";
    WalkNext "walk-next" Walk ["l", "<Right>"] "Next" "Look at the next kind of threat without noting anything.";
    WalkBack "walk-back" Walk ["h", "<Left>"] "Back" "Look at the kind of threat before.";
    WalkNextElement "walk-next-element" Walk ["j", "<Down>", "<Tab>"] "Next element" "Go to the next element.";
    WalkElementBefore "walk-element-before" Walk ["k", "<Up>", "<BackTab>"] "Element before" "Go to the element before.";
    WalkKinds "walk-kinds" Walk ["w"] "STRIDE or LINDDUN" "Switch between threats to security, to privacy, and both.";
    WalkCoverage "walk-coverage" Walk ["v"] "Coverage" "Show which kinds of threats were looked at on which elements.";
    WalkUndo "walk-undo" Walk ["u"] "Take back" "Take the last step back.";
    WalkClose "walk-close" Walk ["<Esc>", "q", "W"] "Close" "Close the walk; it goes on where it was.";
    ReaderClose "reader-close" Reader ["<Esc>", "q", "<Enter>"] "Close" "Close this.";
}

/// The row of a command.
pub fn spec(id: CommandId) -> &'static Command {
    // The table and the enum are made from one list, in one order.
    &COMMANDS[id as usize]
}

/// The command with a name, as configuration writes it.
pub fn by_name(name: &str) -> Option<&'static Command> {
    COMMANDS.iter().find(|command| command.name == name)
}

/// The scopes whose keys work now, the nearest first.
pub fn scopes(app: &App) -> Vec<Scope> {
    if let Some(layer) = app.layers.last() {
        return vec![layer.scope()];
    }
    let near = match (app.focus(), app.screen) {
        (Pane::Outline, _) => Scope::Outline,
        (Pane::Inspector, _) => Scope::Inspector,
        (Pane::Main, Screen::Map) => Scope::Map,
        (Pane::Main, Screen::Exposure) => Scope::Exposure,
        (Pane::Main, Screen::Threats) => Scope::Threats,
        (Pane::Main, Screen::Attackers) => Scope::Attackers,
        (Pane::Main, Screen::Controls) => Scope::Controls,
        (Pane::Main, Screen::Drills) => match app.drills.board.as_ref().map(|board| &board.face) {
            None => Scope::Drills,
            Some(Face::Console) => Scope::Console,
            Some(Face::Evaluation) => Scope::Evaluation,
            Some(Face::Solo) => Scope::Solo,
            Some(Face::Player(_) | Face::Projector) => Scope::Board,
        },
    };
    std::iter::once(near).chain(near.behind()).collect()
}

fn no_cursor(app: &App) -> Option<&'static str> {
    app.cursor().is_none().then_some("select an element first")
}

fn no_start(app: &App) -> Option<&'static str> {
    no_cursor(app).filter(|_| app.map.filter.is_empty())
}

fn no_control(app: &App) -> Option<&'static str> {
    super::controls::current(app).is_none().then_some("there is no control here: al adds one of the library")
}

fn no_attacker(app: &App) -> Option<&'static str> {
    super::attackers::current(app).is_none().then_some("no attacker matches the filter")
}

fn no_goal(app: &App) -> Option<&'static str> {
    app.attack().goals.is_empty().then_some("the model has no dataset yet: ad adds one")
}

fn no_path(app: &App) -> Option<&'static str> {
    app.shown().paths.is_empty().then_some("no path of this attacker leads to the dataset")
}

fn no_elements(app: &App) -> Option<&'static str> {
    app.model.is_empty().then_some("the model has no element yet: press a to add one")
}

fn no_node(app: &App) -> Option<&'static str> {
    let drawn = app.cursor().is_some_and(|id| app.map.box_of(id).is_some());
    (!drawn).then_some("select a box on the map first")
}

/// The commands that the status line suggests here, the most useful first.
pub fn hints(app: &App) -> &'static [CommandId] {
    use CommandId as C;
    match scopes(app).first() {
        Some(Scope::Map) if app.model.is_empty() => {
            &[C::AddActor, C::AddEndpoint, C::AddDataset, C::AddBoundary, C::Palette, C::Help]
        }
        Some(Scope::Map) if app.cursor().is_none() && app.map.view.zoom == Zoom::Zones => {
            &[C::GoDown, C::GoLabel, C::ZoomIn, C::Fit, C::ScreenExposure, C::Palette, C::Help]
        }
        Some(Scope::Map) if app.cursor().is_none() && app.map.widened && app.frame().outline.is_none() => {
            &[C::GoDown, C::GoLabel, C::ZoomIn, C::ZoomOut, C::ToggleOutline, C::ScreenExposure, C::Palette, C::Help]
        }
        Some(Scope::Map) if app.cursor().is_none() => {
            &[C::GoDown, C::GoLabel, C::ZoomIn, C::ZoomOut, C::Fit, C::ScreenExposure, C::Palette, C::Help]
        }
        Some(Scope::Map) if !app.marked.is_empty() => {
            &[C::MoveInto, C::Delete, C::Copy, C::Mark, C::AddBoundary, C::Back, C::Palette, C::Help]
        }
        Some(Scope::Map) if !app.map.filter.is_empty() => {
            &[C::NextFlow, C::Back, C::Edit, C::MarkAll, C::Palette, C::Help]
        }
        Some(Scope::Map) if app.cursor().is_some_and(|id| id.section == Section::Flows) => {
            &[C::Edit, C::NextFlow, C::GoOut, C::GoIn, C::Rename, C::Delete, C::Palette, C::Help]
        }
        Some(Scope::Map) if app.cursor().is_some_and(|id| id.section == Section::Boundaries) => {
            &[C::Fold, C::Edit, C::AddEndpoint, C::AddDataset, C::Rename, C::Delete, C::Palette, C::Help]
        }
        Some(Scope::Map) => &[C::Edit, C::Connect, C::Rename, C::MoveInto, C::Delete, C::Around, C::Palette, C::Help],
        Some(Scope::Outline) => &[C::OutlineEnter, C::Filter, C::Edit, C::NextPane, C::Help],
        Some(Scope::Inspector) => &[C::FieldChange, C::FieldUnknown, C::FieldConfirm, C::FieldGo, C::Back, C::Help],
        Some(Scope::Exposure) => {
            &[C::CellProof, C::ToggleDirect, C::NextOperation, C::Filter, C::ShowOnMap, C::ScreenMap, C::Help]
        }
        Some(Scope::Threats) => &[
            C::ThreatProof,
            C::NextList,
            C::GroupBy,
            C::DecideAccept,
            C::DecideMitigate,
            C::Filter,
            C::ThreatOnMap,
            C::Help,
        ],
        Some(Scope::Controls) => {
            &[C::ControlRead, C::AddEvidence, C::LookAtEvidence, C::ControlStatus, C::AddControl, C::Filter, C::Help]
        }
        Some(Scope::Attackers) => &[
            C::NextGoal,
            C::AttackerPaths,
            C::PathOnMap,
            C::MakeScenario,
            C::AdoptProfile,
            C::LoseControl,
            C::Guardrails,
            C::Help,
        ],
        Some(Scope::Drills) => {
            &[C::DrillOpen, C::DrillAlone, C::DrillStarter, C::DrillFollow, C::DrillRead, C::Filter, C::Help]
        }
        Some(Scope::Board) => &[C::BoardNext, C::BoardRead, C::BoardFilter, C::BoardClose, C::BoardHelp],
        Some(Scope::Console) => &[
            C::ConsoleDo,
            C::ConsoleSend,
            C::ConsoleTick,
            C::ConsoleDecide,
            C::ConsoleAck,
            C::ConsolePause,
            C::BoardNext,
            C::BoardHelp,
            C::ConsoleJump,
            C::ConsoleUndo,
            C::ConsoleSkip,
            C::ConsoleReword,
            C::ConsoleHold,
            C::ConsoleMilestone,
            C::ConsoleSubmit,
            C::ConsoleScale,
            C::ConsoleSeat,
            C::ConsoleType,
            C::ConsoleEvaluation,
            C::ConsoleProjector,
            C::ConsolePlayer,
            C::ConsoleHistory,
            C::ConsoleEnd,
        ],
        Some(Scope::Evaluation) => &[
            C::RateP,
            C::RateS,
            C::RateM,
            C::RateU,
            C::ObserveStrength,
            C::ObserveImprovement,
            C::ObserveNeutral,
            C::EvaluationUndo,
            C::BoardNext,
            C::BoardFilter,
            C::BoardBack,
            C::BoardHelp,
        ],
        Some(Scope::Solo) => &[
            C::SoloOn,
            C::SoloNote,
            C::SoloDecide,
            C::SoloHint,
            C::SoloCheck,
            C::SoloSubmit,
            C::SoloPause,
            C::SoloUndo,
            C::SoloEnd,
            C::BoardNext,
            C::BoardHelp,
        ],
        Some(Scope::Picker) => &[C::PickAccept, C::PickDown, C::PickCancel],
        Some(Scope::Prompt) => &[C::PromptAccept, C::PromptCancel],
        Some(Scope::Confirm) => &[C::ConfirmYes, C::ConfirmNo],
        Some(Scope::Reader) => &[C::ReaderDown, C::ReaderPageDown, C::ReaderClose],
        Some(Scope::Queue) => &[
            C::QueueAnswer,
            C::QueueSkip,
            C::QueuePark,
            C::QueueAssign,
            C::QueueAgain,
            C::QueueWhose,
            C::QueueUndo,
            C::QueueClose,
        ],
        Some(Scope::Walk) => &[
            C::WalkAdd,
            C::WalkDismiss,
            C::WalkOn,
            C::WalkNextElement,
            C::WalkKinds,
            C::WalkCoverage,
            C::WalkUndo,
            C::WalkClose,
        ],
        Some(Scope::Global) | None => &[],
    }
}
