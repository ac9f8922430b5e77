//! What the screens look like, as text at the sizes that matter, and in style for each kind of terminal.

use super::headless::{clinic, freight, open, press, screen, send, styles, text_of};
use insta::assert_snapshot;
use sandtable::app::config::Theme;
use sandtable::app::msg::Msg;
use sandtable::tui::palette::Depth;

const EMPTY: &str = "#![enable(implicit_some)]\nModel(\n  format: 1,\n  title: \"Nothing yet\",\n)\n";

#[test]
fn map_of_the_clinic() {
    for (columns, rows) in [(80, 24), (120, 40), (200, 60)] {
        assert_snapshot!(format!("map_clinic_{columns}x{rows}"), screen(&clinic(columns, rows)));
    }
    let mut app = clinic(200, 60);
    press(&mut app, "+");
    assert_snapshot!("map_clinic_boxes_200x60", screen(&app));
}

#[test]
fn map_of_the_clinic_with_a_selection() {
    let mut app = clinic(120, 40);
    press(&mut app, "jj");
    assert_snapshot!("map_clinic_selected_120x40", screen(&app));
    press(&mut app, "zz");
    assert_snapshot!("map_clinic_around_120x40", screen(&app));
}

#[test]
fn map_of_freight() {
    assert_snapshot!("map_freight_120x40", screen(&freight(120, 40)));
}

#[test]
fn exposure_of_freight() {
    for (columns, rows) in [(80, 24), (120, 40)] {
        let mut app = freight(columns, rows);
        press(&mut app, "2jjll");
        assert_snapshot!(format!("exposure_freight_{columns}x{rows}"), screen(&app));
    }
    let mut app = freight(120, 40);
    press(&mut app, "2<Enter>");
    assert_snapshot!("exposure_proof_120x40", screen(&app));
}

#[test]
fn threats_and_questions() {
    for (columns, rows) in [(80, 24), (120, 40), (200, 60)] {
        let mut app = clinic(columns, rows);
        press(&mut app, "3jj");
        assert_snapshot!(format!("threats_clinic_{columns}x{rows}"), screen(&app));
    }
    let mut app = clinic(80, 24);
    press(&mut app, "3<Enter>");
    assert_snapshot!("threat_why_80x24", screen(&app));
    for (columns, rows) in [(80, 24), (120, 40)] {
        let mut app = clinic(columns, rows);
        press(&mut app, "Q");
        assert_snapshot!(format!("queue_clinic_{columns}x{rows}"), screen(&app));
    }
    let mut app = clinic(120, 40);
    press(&mut app, "3o");
    assert_snapshot!("questions_clinic_120x40", screen(&app));
}

#[test]
fn attackers_of_the_clinic() {
    for (columns, rows) in [(80, 24), (120, 40), (200, 60)] {
        let mut app = clinic(columns, rows);
        press(&mut app, "4j");
        assert_snapshot!(format!("attackers_clinic_{columns}x{rows}"), screen(&app));
    }
    let mut app = clinic(120, 40);
    press(&mut app, "4jgm");
    assert_snapshot!("attack_path_on_map_120x40", screen(&app));
}

/// The workbench with a dataset selected and its facts in focus.
fn on_dataset(columns: u16, rows: u16) -> sandtable::app::App {
    let mut app = clinic(columns, rows);
    let title = app.model.datasets.values().next().unwrap().title.to_string();
    press(&mut app, "<Space>f");
    send(&mut app, Msg::Paste(format!("dataset {title}")));
    press(&mut app, "<Enter>");
    assert!(app.cursor().is_some_and(|id| id.section == sandtable::model::Section::Datasets), "{:?}", app.cursor());
    press(&mut app, "ejj");
    app
}

#[test]
fn inspector_on_a_dataset() {
    assert_snapshot!("inspector_dataset_120x40", screen(&on_dataset(120, 40)));
    assert_snapshot!("inspector_dataset_80x24", screen(&on_dataset(80, 24)));
}

#[test]
fn layers() {
    let mut app = clinic(80, 24);
    press(&mut app, ":");
    assert_snapshot!("palette_80x24", screen(&app));
    press(&mut app, "flow");
    assert_snapshot!("palette_narrowed_80x24", screen(&app));

    let mut app = clinic(80, 24);
    press(&mut app, "?");
    assert_snapshot!("help_80x24", screen(&app));

    let mut app = clinic(80, 24);
    press(&mut app, "a");
    assert_snapshot!("which_key_80x24", screen(&app));
    press(&mut app, "<Esc><Space>");
    assert_snapshot!("which_key_leader_80x24", screen(&app));

    let mut app = clinic(120, 40);
    press(&mut app, "jd");
    assert_snapshot!("delete_confirm_120x40", screen(&app));
}

#[test]
fn a_prompt_says_what_is_wrong() {
    let mut app = clinic(80, 24);
    press(&mut app, "aa<Enter>");
    assert_snapshot!("prompt_with_error_80x24", screen(&app));
}

#[test]
fn an_empty_model() {
    assert_snapshot!("empty_80x24", screen(&open(EMPTY, 80, 24)));
    let mut app = open(EMPTY, 120, 40);
    press(&mut app, "2");
    assert_snapshot!("empty_exposure_120x40", screen(&app));
}

#[test]
fn the_tutor() {
    let mut app = clinic(80, 24);
    app.tutor = Some(Default::default());
    send(&mut app, Msg::Resize(80, 24));
    assert_snapshot!("tutor_80x24", screen(&app));
}

#[test]
fn letters_to_go_by() {
    let mut app = clinic(120, 40);
    press(&mut app, "gw");
    assert_snapshot!("labels_120x40", screen(&app));
}

#[test]
fn styles_of_each_kind_of_terminal() {
    let mut app = clinic(80, 24);
    press(&mut app, "j");
    // The wires of the selection light up when it rests.
    send(&mut app, Msg::Rested);
    for (name, depth, theme) in [
        ("dark", Depth::True, Theme::Dark),
        ("light", Depth::True, Theme::Light),
        ("sixteen", Depth::Sixteen, Theme::Dark),
        ("mono", Depth::Mono, Theme::Dark),
    ] {
        assert_snapshot!(format!("styles_{name}_80x24"), styles(&app, depth, theme));
    }
}

/// Nothing is said by colour alone: what is selected, marked, unknown or chosen is seen without colours, too.
#[test]
fn without_colours_the_selection_is_seen() {
    let seen = |app: &sandtable::app::App| {
        let buffer = super::headless::paint(app, Depth::Mono);
        (text_of(&buffer), buffer.content.iter().map(|cell| cell.modifier).collect::<Vec<_>>())
    };
    for (name, mut app, keys) in [
        ("a box on the map", clinic(120, 40), "j"),
        ("a line of the outline", clinic(120, 40), "<BackTab>j"),
        ("a fact", on_dataset(120, 40), "j"),
        (
            "a cell of the matrix",
            {
                let mut app = freight(120, 40);
                press(&mut app, "2");
                app
            },
            "j",
        ),
        (
            "a line of a list",
            {
                let mut app = clinic(80, 24);
                press(&mut app, ":");
                app
            },
            "<Down>",
        ),
        (
            "a marked box",
            {
                let mut app = clinic(80, 24);
                press(&mut app, "j");
                app
            },
            "v",
        ),
    ] {
        let before = seen(&app);
        press(&mut app, keys);
        let after = seen(&app);
        assert!(before != after, "{name} is not seen without colours");
    }
}
