//! A table made with `PyYAML`, and a resolver that follows `PyYAML`'s regular expressions word by word.

use super::*;
use proptest::prelude::*;
use regex::Regex;
use std::sync::LazyLock;

/// `PyYAML`'s forms as facts of the format, in the order in which they are tried.
static FORMS: LazyLock<Vec<(CoreTag, Regex)>> = LazyLock::new(|| {
    let forms = [
        (
            CoreTag::Bool,
            r"^(?:yes|Yes|YES|no|No|NO|true|True|TRUE|false|False|FALSE|on|On|ON|off|Off|OFF)$",
        ),
        (
            CoreTag::Float,
            r"^(?:[-+]?[0-9][0-9_]*\.[0-9_]*(?:[eE][-+][0-9]+)?|\.[0-9][0-9_]*(?:[eE][-+][0-9]+)?|[-+]?[0-9][0-9_]*(?::[0-5]?[0-9])+\.[0-9_]*|[-+]?\.(?:inf|Inf|INF)|\.(?:nan|NaN|NAN))$",
        ),
        (
            CoreTag::Int,
            r"^(?:[-+]?0b[0-1_]+|[-+]?0[0-7_]+|[-+]?(?:0|[1-9][0-9_]*)|[-+]?0x[0-9a-fA-F_]+|[-+]?[1-9][0-9_]*(?::[0-5]?[0-9])+)$",
        ),
        (CoreTag::Merge, r"^<<$"),
        (CoreTag::Null, r"^(?:~|null|Null|NULL|)$"),
        (
            CoreTag::Timestamp,
            r"^(?:[0-9]{4}-[0-9]{2}-[0-9]{2}|[0-9]{4}-[0-9]{1,2}-[0-9]{1,2}(?:[Tt]|[ \t]+)[0-9]{1,2}:[0-9]{2}:[0-9]{2}(?:\.[0-9]*)?(?:[ \t]*(?:Z|[-+][0-9]{1,2}(?::[0-9]{2})?))?)$",
        ),
        (CoreTag::Value, r"^=$"),
    ];
    forms
        .map(|(tag, form)| (tag, Regex::new(form).unwrap()))
        .into()
});

fn by_form(text: &str) -> CoreTag {
    FORMS
        .iter()
        .find(|form| form.1.is_match(text))
        .map_or(CoreTag::Str, |form| form.0)
}

#[test]
fn well_known_scalars_have_their_types() {
    let table = [
        ("yes", CoreTag::Bool),
        ("y", CoreTag::Str),
        ("yEs", CoreTag::Str),
        ("1e3", CoreTag::Str),
        ("1.0e3", CoreTag::Str),
        ("1.5e+3", CoreTag::Float),
        ("010", CoreTag::Int),
        ("08", CoreTag::Str),
        ("0o17", CoreTag::Str),
        ("1:30", CoreTag::Int),
        ("1:60", CoreTag::Str),
        ("1_000", CoreTag::Int),
        ("-.inf", CoreTag::Float),
        ("-.nan", CoreTag::Str),
        ("+.5", CoreTag::Str),
        (".5", CoreTag::Float),
        (".", CoreTag::Str),
        ("-", CoreTag::Str),
        ("2001-12-14", CoreTag::Timestamp),
        ("2001-12-14 ", CoreTag::Str),
        ("~", CoreTag::Null),
        ("", CoreTag::Null),
        ("=", CoreTag::Value),
    ];
    for (text, tag) in table {
        assert_eq!(resolve(text), tag, "{text}");
        assert_eq!(by_form(text), tag, "{text} by form");
    }
}

#[test]
fn sexagesimal_floats_sum_up() {
    assert_eq!(float_value("190:20:30.15"), Some(685_230.15));
    assert_eq!(
        float_value("-0.0").map(f64::to_bits),
        Some((-0.0_f64).to_bits())
    );
    assert_eq!(float_value("infinity"), None);
}

proptest! {
    #[test]
    fn resolution_follows_the_forms(text in "[-+0-9a-fxobeEnN_.:~<=TZ yestrufal]{0,14}") {
        prop_assert_eq!(resolve(&text), by_form(&text), "{:?}", text);
    }

    #[test]
    fn what_is_resolved_as_a_number_has_a_value(text in "[-+]?[0-9._:]{1,12}(e[-+][0-9]{1,3})?") {
        match resolve(&text) {
            CoreTag::Int => prop_assert!(int_value(&text).is_some()),
            CoreTag::Float => prop_assert!(float_value(&text).is_some()),
            _ => {}
        }
    }
}
