//! Scrolling and stale answers.

use super::*;

fn lines(count: usize) -> Vec<WcsLine> {
    let line = |number: usize| WcsLine {
        depth: 0,
        kind: WcsLineKind::Fact,
        text: number.to_string(),
        detail: String::new(),
    };
    (0..count).map(line).collect()
}

#[test]
fn lines_scroll_within_what_there_is() {
    let mut pane = WcsPane::default();
    let ask = WcsAsk {
        wcs: None,
        pixel: Vec::new(),
    };
    let job = pane.update(WcsMsg::Ask(ask)).pop().unwrap();
    pane.update(WcsMsg::Found(job.ticket + 1, lines(2)));
    assert!(pane.lines().is_empty() && pane.is_busy());
    pane.update(WcsMsg::Found(job.ticket, lines(5)));
    pane.update(WcsMsg::Scroll(3));
    assert_eq!(pane.lines().first().unwrap().text, "3");
    pane.update(WcsMsg::Scroll(9));
    assert_eq!(pane.lines().len(), 1);
    pane.update(WcsMsg::Scroll(-20));
    assert_eq!(pane.lines().len(), 5);
}
