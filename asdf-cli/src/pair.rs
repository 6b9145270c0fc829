//! Two numbers of the command line, as positions have them.

/// Two numbers with a comma between them.
pub(crate) fn pair(text: &str) -> std::result::Result<[f64; 2], String> {
    let parts = text.split_once(',');
    let number = |text: &str| {
        text.trim()
            .parse::<f64>()
            .ok()
            .filter(|value| value.is_finite())
    };
    parts
        .and_then(|(x, y)| Some([number(x)?, number(y)?]))
        .ok_or_else(|| "expected two numbers with a comma between them".to_owned())
}
