use crate::stage::listed;
use crate::stage::stage;
use asdf_tui::key::Code;
use asdf_tui::key::Key;
use asdf_tui::mouse::Mouse;
use asdf_tui::msg::Msg;
use asdf_tui::theme::ColorDepth;
use proptest::prelude::*;

const FILES: [&str; 11] = [
    "image/sky.asdf",
    "image/cube.asdf",
    "image/odd.asdf",
    "image/matched.asdf",
    "measure/errors.asdf",
    "made/roman_exposure.asdf",
    "made/record_nested_subarray.asdf",
    "made/yaml_recursive.asdf",
    "made/header_no_tree.asdf",
    "made/datatype_zero_dimensions.asdf",
    "bad/nd_datatype_unknown.asdf",
];

#[test]
fn a_screen_too_small_says_what_it_needs() {
    stage(FILES[5], 19, 24).has("at least 20×6");
    stage(FILES[5], 20, 6).has("tree");
}

fn key() -> impl Strategy<Value = Msg> {
    let chars: Vec<char> =
        "jkhlgGzaMRsJK/:nN123456890DoyY?q[]{}tT&cCadH L$.exp37,fOrvwxbBmi+-=<>()aAu*EMCX^_.peF\"'!i-+4"
            .chars()
            .collect();
    let char = prop::sample::select(chars).prop_map(|char| Key::plain(Code::Char(char)));
    let codes = [
        Code::ShiftLeft,
        Code::ShiftUp,
        Code::Enter,
        Code::Esc,
        Code::Tab,
        Code::Backspace,
        Code::PageDown,
        Code::Left,
    ];
    let named = prop::sample::select(codes.to_vec()).prop_map(Key::plain);
    let ctrl = prop::sample::select(vec!['d', 'u', 'n', 'l', 'p']).prop_map(|char| Key {
        code: Code::Char(char),
        ctrl: true,
        alt: false,
    });
    let mice = [
        Mouse::Press,
        Mouse::WheelDown,
        Mouse::WheelUp,
        Mouse::Drag,
        Mouse::RightPress,
        Mouse::RightDrag,
        Mouse::Release,
        Mouse::Hover,
    ];
    prop_oneof![
        8 => char.prop_map(Msg::Key),
        3 => named.prop_map(Msg::Key),
        1 => ctrl.prop_map(Msg::Key),
        1 => (1_u16..130, 1_u16..45).prop_map(|(width, height)| Msg::Resize(width, height)),
        1 => (prop::sample::select(mice.to_vec()), 0_u16..130, 0_u16..45).prop_map(|(mouse, x, y)| Msg::Mouse(mouse, x, y)),
        1 => Just(()).prop_map(|()| Msg::Paste("roman\u{1b}[31m".to_owned())),
    ]
}

/// Lines that are typed after `:`.
fn line() -> impl Strategy<Value = String> {
    let number = prop_oneof![
        (0..70_i32).prop_map(|number| number.to_string()),
        (-1e3..1e3).prop_map(|number: f64| number.to_string()),
        Just("1e308".to_owned()),
        Just("nan".to_owned()),
    ];
    let words = [
        "",
        "limits",
        "plane",
        "wave",
        "aper",
        "zoom",
        "sky",
        "mark",
        "stretch",
        "freq",
        "cmap",
        "regions",
        "catalog",
        "peak",
        "clear",
        "origin upper",
        "zoom 1/",
        "limits pct:",
        "second roman.err",
        "second",
        "match linear",
        "match none",
        "collapse moment2",
        "collapse max 1..",
        "plot",
        "plot spectra.pixel against spectra.wavelength",
        "hist line.data",
        "files ../test-data/image",
        "where a >",
        "columns roman.meta.exposure.type",
        "sort -file",
        "bookmark",
        "contours auto",
        "contours ",
        "format .2f",
        "format hex",
        "export /",
        "session open",
    ];
    let word = prop::sample::select(words.to_vec());
    (word, prop::collection::vec(number, 0..4))
        .prop_map(|(word, numbers)| format!("{word} {}", numbers.join(" ")))
}

/// Scripts of keys that are tried, of thirty on the average; `ASDF_TUI_KEYS` says how many keys.
fn cases() -> u32 {
    let keys = std::env::var("ASDF_TUI_KEYS").ok();
    let keys = keys.and_then(|keys| keys.parse::<u32>().ok());
    keys.map_or(48, |keys| keys.div_ceil(30))
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(cases()))]

    #[test]
    fn no_size_and_no_keys_make_it_panic(
        name in prop::sample::select(FILES.to_vec()),
        size in (1_u16..130, 1_u16..45),
        is_listed in any::<bool>(),
        events in prop::collection::vec((key(), prop::option::weighted(0.1, line()), any::<bool>()), 0..60),
    ) {
        // Half of the time as one of a list of files.
        let mut stage = if is_listed {
            listed(&[name, FILES[0], FILES[6]], size.0, size.1, ColorDepth::None)
        } else {
            stage(name, size.0, size.1)
        };
        for (event, line, waits) in events {
            stage.0.send(event);
            if let Some(line) = line {
                // Whatever is open is left first, so that it is typed as a line.
                stage.0.press(&format!("<esc><esc>:{line}<enter>").parse().unwrap());
            }
            if waits {
                stage.0.wait();
            }
            let frame = stage.0.frame();
            prop_assert_eq!((frame.area.width, frame.area.height), stage.0.app.size);
        }
    }
}
