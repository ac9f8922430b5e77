//! Box-drawing glyphs by arm mask: four sides, each absent, light, heavy or double.

/// How one arm of a cell is drawn.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Default, PartialOrd, Ord)]
pub(crate) enum Arm {
    /// Not at all.
    #[default]
    None,
    /// `─`
    Light,
    /// `━`
    Heavy,
    /// `═`
    Double,
}

/// The arms of a cell by [`super::Side::index`]: up, right, down, left.
pub(crate) type Arms = [Arm; 4];

/// Light and heavy arms in the order of code points U+2500..U+254B, written up, right, down, left as digits
/// (0 none, 1 light, 2 heavy).
const LIGHT_HEAVY: [(&str, &str); 80] = [
    ("─", "0101"),
    ("━", "0202"),
    ("│", "1010"),
    ("┃", "2020"),
    ("┌", "0110"),
    ("┍", "0210"),
    ("┎", "0120"),
    ("┏", "0220"),
    ("┐", "0011"),
    ("┑", "0012"),
    ("┒", "0021"),
    ("┓", "0022"),
    ("└", "1100"),
    ("┕", "1200"),
    ("┖", "2100"),
    ("┗", "2200"),
    ("┘", "1001"),
    ("┙", "1002"),
    ("┚", "2001"),
    ("┛", "2002"),
    ("├", "1110"),
    ("┝", "1210"),
    ("┞", "2110"),
    ("┟", "1120"),
    ("┠", "2120"),
    ("┡", "2210"),
    ("┢", "1220"),
    ("┣", "2220"),
    ("┤", "1011"),
    ("┥", "1012"),
    ("┦", "2011"),
    ("┧", "1021"),
    ("┨", "2021"),
    ("┩", "2012"),
    ("┪", "1022"),
    ("┫", "2022"),
    ("┬", "0111"),
    ("┭", "0112"),
    ("┮", "0211"),
    ("┯", "0212"),
    ("┰", "0121"),
    ("┱", "0122"),
    ("┲", "0221"),
    ("┳", "0222"),
    ("┴", "1101"),
    ("┵", "1102"),
    ("┶", "1201"),
    ("┷", "1202"),
    ("┸", "2101"),
    ("┹", "2102"),
    ("┺", "2201"),
    ("┻", "2202"),
    ("┼", "1111"),
    ("┽", "1112"),
    ("┾", "1211"),
    ("┿", "1212"),
    ("╀", "2111"),
    ("╁", "1121"),
    ("╂", "2121"),
    ("╃", "2112"),
    ("╄", "2211"),
    ("╅", "1122"),
    ("╆", "1221"),
    ("╇", "2212"),
    ("╈", "1222"),
    ("╉", "2122"),
    ("╊", "2221"),
    ("╋", "2222"),
    ("╴", "0001"),
    ("╵", "1000"),
    ("╶", "0100"),
    ("╷", "0010"),
    ("╸", "0002"),
    ("╹", "2000"),
    ("╺", "0200"),
    ("╻", "0020"),
    ("╼", "0201"),
    ("╽", "1020"),
    ("╾", "0102"),
    ("╿", "2010"),
];

/// Glyphs with double arms (3), the other arms being light.
const DOUBLES: [(&str, &str); 29] = [
    ("═", "0303"),
    ("║", "3030"),
    ("╒", "0310"),
    ("╓", "0130"),
    ("╔", "0330"),
    ("╕", "0013"),
    ("╖", "0031"),
    ("╗", "0033"),
    ("╘", "1300"),
    ("╙", "3100"),
    ("╚", "3300"),
    ("╛", "1003"),
    ("╜", "3001"),
    ("╝", "3003"),
    ("╞", "1310"),
    ("╟", "3130"),
    ("╠", "3330"),
    ("╡", "1013"),
    ("╢", "3031"),
    ("╣", "3033"),
    ("╤", "0313"),
    ("╥", "0131"),
    ("╦", "0333"),
    ("╧", "1303"),
    ("╨", "3101"),
    ("╩", "3303"),
    ("╪", "1313"),
    ("╫", "3131"),
    ("╬", "3333"),
];

fn matches(code: &str, arms: &Arms) -> bool {
    code.bytes().zip(arms).all(|(digit, arm)| digit - b'0' == *arm as u8)
}

fn lookup(arms: &Arms) -> Option<&'static str> {
    LIGHT_HEAVY.iter().chain(&DOUBLES).find(|(_, code)| matches(code, arms)).map(|(glyph, _)| *glyph)
}

/// The glyph of a cell; where there is none for the exact arms, the nearest one is taken (heavy gives way to light).
pub(crate) fn unicode(arms: &Arms, rounded: bool) -> &'static str {
    if rounded {
        match arms {
            [Arm::None, Arm::Light, Arm::Light, Arm::None] => return "╭",
            [Arm::None, Arm::None, Arm::Light, Arm::Light] => return "╮",
            [Arm::Light, Arm::Light, Arm::None, Arm::None] => return "╰",
            [Arm::Light, Arm::None, Arm::None, Arm::Light] => return "╯",
            _ => {}
        }
    }
    let lighter = arms.map(|arm| if arm == Arm::Heavy { Arm::Light } else { arm });
    let lightest = lighter.map(|arm| if arm == Arm::Double { Arm::Light } else { arm });
    lookup(arms).or_else(|| lookup(&lighter)).or_else(|| lookup(&lightest)).unwrap_or(" ")
}

/// The fallback for terminals without box drawing.
pub(crate) fn ascii(arms: &Arms) -> &'static str {
    let [up, right, down, left] = *arms;
    let level = left != Arm::None || right != Arm::None;
    let upright = up != Arm::None || down != Arm::None;
    match (level, upright) {
        (false, false) => " ",
        (true, true) => "+",
        (true, false) if left == Arm::Double || right == Arm::Double => "=",
        (true, false) if left == Arm::Heavy || right == Arm::Heavy => "~",
        (true, false) => "-",
        (false, true) if up == Arm::Double || down == Arm::Double => "#",
        (false, true) if up == Arm::Heavy || down == Arm::Heavy => "\"",
        (false, true) => "|",
    }
}
