use super::*;

fn get(name: &str) -> Cell {
    match name {
        "t" => Cell::Float(100.5),
        "n" => Cell::Int(3),
        "big" => Cell::Int(9_007_199_254_740_993),
        "detector" | "meta.detector" => Cell::Text("WFI01".to_owned()),
        "good" => Cell::Bool(true),
        "SCI:EXPTIME" => Cell::Float(5.0),
        "data[0, 1]" => Cell::Int(7),
        "nan" => Cell::Float(f64::NAN),
        "width" => Cell::Text("250 cm".to_owned()),
        _ => Cell::Empty,
    }
}

fn holds(text: &str) -> bool {
    let expr: Expr = text
        .parse()
        .unwrap_or_else(|error| panic!("{text}: {error}"));
    expr.holds(&|name| get(name).into())
}

#[test]
fn what_holds_and_what_does_not() {
    for text in [
        "t > 100",
        "t > 100 and detector == \"WFI01\"",
        "detector == 'WFI01'",
        "n == 3.0",
        "n in [1, 2, 3]",
        "n not in [1, 2]",
        "meta.detector ~ \"^WFI\\d+$\"",
        "detector !~ \"MIRI\"",
        "missing is null",
        "n is not null",
        "good",
        "not (n < 3)",
        "n < 3 or t >= 100.5",
        "n == 1 or n == 2 or n == 3 and t > 1",
        "`SCI:EXPTIME` <= 5",
        "data[0, 1] == 7",
        "-1e3 < n",
        "NOT n == 4 AND good == true",
        "nan != nan",
        "detector in ['WFI01']",
        "big != 9007199254740992",
        "detector > 'WFI00'",
        "width == '2.5 m'",
        "width < '3 m'",
        "width != 'x'",
    ] {
        assert!(holds(text), "{text}");
    }
    for text in [
        "detector > '1 K'",
        "detector < '1 K'",
        "detector == '1 K'",
        "width > '30 s'",
        "t < 100",
        "missing == 1",
        "missing != 1",
        "not missing == 1",
        "missing in [1]",
        "missing ~ \"x\"",
        "detector > 5",
        "detector == 5",
        "n",
        "nan > 0",
        "nan == nan",
        "n == 3 and missing == 1",
    ] {
        assert!(!holds(text), "{text}");
    }
}

#[test]
fn what_is_no_condition_says_where() {
    let error = |text: &str| text.parse::<Expr>().unwrap_err();
    assert_eq!(error("n = 3"), "at 3: `=`, equality is written ==");
    assert_eq!(
        error("n == "),
        "at the end: expected a column, a number or a text in quotes"
    );
    assert_eq!(error("n == 3 n"), "at 8: expected `and`, `or` or the end");
    assert_eq!(error("(n == 3"), "at the end: expected `)`");
    assert_eq!(error("n == 'x"), "at 6: the quote ' is not closed");
    assert_eq!(
        error("n ~ 3"),
        "at 5: expected a regular expression in quotes"
    );
    assert_eq!(error("n in 3"), "at 6: expected a list such as [1, 2]");
    assert!(error("n ~ '('").starts_with("at 5: expected a regular expression: "));
    assert!(error("n == null").contains("`is null`"));
    assert!(error("n & 3").contains("`&` has no meaning"));
    assert!(error(&"(".repeat(100_000)).contains("more than 100"));
}

#[test]
fn names_are_columns_and_paths() {
    let expr: Expr = "a.b > 1 and (c is null or not `x y` ~ 'z')"
        .parse()
        .unwrap();
    assert_eq!(expr.names(), ["a.b", "c", "x y"]);
}
